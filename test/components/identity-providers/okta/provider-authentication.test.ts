import {
  oktaProviderAuthentication,
  requireEffectiveGroupsClaim,
  type OktaProviderAuthentication,
} from "../../../../components/identity-providers/okta/provider-authentication";
import { identityProviders, type OktaSpec } from "../../../../model";

type Settings = Readonly<Record<string, string>>;

function authentication(config: Settings, environment: Settings): OktaProviderAuthentication {
  return oktaProviderAuthentication({ get: (key) => config[key] }, environment);
}

test.each<[string, Settings, Settings, OktaProviderAuthentication]>([
  ["nothing is set", {}, {}, "unknown"],
  ["an API token in the stack", { apiToken: "t" }, {}, "api-token"],
  ["an API token in the environment", {}, { OKTA_API_TOKEN: "t" }, "api-token"],
  ["a private key in the stack", { privateKey: "k" }, {}, "oauth"],
  ["a private key in the environment", {}, { OKTA_API_PRIVATE_KEY: "k" }, "oauth"],
  ["an access token in the stack", { accessToken: "t" }, {}, "oauth"],
  ["an access token in the environment", {}, { OKTA_ACCESS_TOKEN: "t" }, "oauth"],
  ["OAuth beside an API token: the provider prefers OAuth", { apiToken: "t", privateKey: "k" }, {}, "oauth"],
  ["an empty setting is none", { privateKey: "" }, { OKTA_API_TOKEN: "t" }, "api-token"],
])("%s", (_what, config, environment, expected) => {
  expect(authentication(config, environment)).toBe(expected);
});

function spec(authorizationServer: OktaSpec["authorizationServer"]): OktaSpec {
  return identityProviders.okta.schema.parse({ kind: "okta", orgUrl: "https://acme.okta.com", authorizationServer });
}

test("the organisation's server with OAuth credentials is refused: the groups claim would silently be left out", () => {
  expect(() => requireEffectiveGroupsClaim(spec("org"), "oauth")).toThrow(
    /^gatehouse:idp\.authorizationServer: expected a custom authorization server, or an API token for Okta's provider; got the organisation's own server with OAuth 2\.0 credentials\..*Fix: set okta:apiToken \(or OKTA_API_TOKEN\).*or write authorizationServer: \{ existing: default \}\.$/,
  );
});

test.each<[OktaSpec["authorizationServer"], OktaProviderAuthentication]>([
  ["org", "api-token"],
  ["org", "unknown"],
  [{ existing: "default" }, "oauth"],
  [{ existing: "default" }, "api-token"],
])("server %j with credentials %s is accepted", (authorizationServer, credentials) => {
  expect(() => {
    requireEffectiveGroupsClaim(spec(authorizationServer), credentials);
  }).not.toThrow();
});
