import {
  chainConfiguration,
  generationOf,
  proxyConfiguration,
  type Chain,
  type OpenUnisonResource,
} from "../../../../story/relying-parties/openunison/configuration";
import { impersonatedIdentity, mapClaims } from "../../../../story/relying-parties/openunison/identity";
import { SignInRefusal } from "../../../../story/relying-parties/page-server";
import { Sessions } from "../../../../story/relying-parties/sessions";

const loadUser = "com.tremolosecurity.unison.proxy.auth.openidconnect.loadUser";

function chain(params: Record<string, string> = {}, map = ["uid|composite|${sub}", "memberOf|user|groups"]): Chain {
  return {
    spec: {
      authMechs: [
        {
          name: "oidc",
          params: {
            clientid: "0oa1",
            issuer: "https://acme.okta.com",
            scope: "openid  groups",
            userLookupClassName: `${loadUser}.LoadAttributesFromWS`,
            forceAuthentication: "true",
            ...params,
          },
          secretParams: [{ name: "secretid", secretName: "orchestra-secrets-source", secretKey: "OIDC_CLIENT_SECRET" }],
        },
        { name: "map", params: { map }, secretParams: [] },
      ],
    },
  };
}

const secrets = { OIDC_CLIENT_SECRET: "s3cret" };

test("the chain as OpenUnison reads it", () => {
  expect(chainConfiguration(chain(), secrets, "orchestra-secrets-source")).toEqual({
    issuer: "https://acme.okta.com",
    clientId: "0oa1",
    clientSecret: "s3cret",
    scopes: ["openid", "groups"],
    forceAuthentication: true,
    claimsFrom: "userinfo",
    mappings: [
      { target: "uid", kind: "composite", source: "${sub}" },
      { target: "memberOf", kind: "user", source: "groups" },
    ],
  });
  const inToken = chain({ userLookupClassName: `${loadUser}.LoadJWTFromAccessToken` });
  expect(chainConfiguration(inToken, secrets, "s").claimsFrom).toBe("id-token");
});

test.each([
  ["no secret", chain(), {}, "expected OIDC_CLIENT_SECRET without a line feed"],
  ["a secret with a line feed, which fails at every sign-in", chain(), { OIDC_CLIENT_SECRET: "s3cret\n" }, "without a line feed"],
  ["no issuer", chain({ issuer: "" }), secrets, "expected oidc.params.issuer as a text"],
  ["a mapping that is none", chain({}, ["uid"]), secrets, "got 'uid'"],
])("refuses %s", (_what, given, held, message) => {
  expect(() => chainConfiguration(given, held, "s")).toThrow(message);
});

const mappings = chainConfiguration(chain(), secrets, "s").mappings;
const proxy = proxyConfiguration([
  "--oidc-issuer-url=https://ou/auth/idp/k8sIdp",
  "--oidc-username-claim=sub",
  "--oidc-groups-claim=groups",
]);

test("claims become the person whom the proxy acts as: user with the issuer before it, groups bare", () => {
  const attributes = mapClaims({ sub: "00u1", groups: ["k8s-admins", 7] }, mappings);
  expect(attributes).toEqual({ uid: ["00u1"], memberOf: ["k8s-admins"] });
  expect(impersonatedIdentity(attributes, proxy)).toEqual({ username: "https://ou/auth/idp/k8sIdp#00u1", groups: ["k8s-admins"] });
});

test("flags of another chart would be read as kube-apiserver reads them", () => {
  const args = ["--oidc-issuer-url=https://ou", "--oidc-groups-claim=groups"];
  expect(proxyConfiguration([...args, "--oidc-username-claim=email"]).usernamePrefix).toBe("");
  expect(proxyConfiguration([...args, "--oidc-username-prefix=x:", "--oidc-groups-prefix=y:"])).toMatchObject({
    usernamePrefix: "x:",
    groupsPrefix: "y:",
  });
  expect(() => proxyConfiguration(["--oidc-issuer-url=https://ou"])).toThrow("--oidc-groups-claim");
});

test("OpenUnison is started anew by either annotation of the vendor's chart", () => {
  const generation = (annotations: Record<string, string>) => generationOf({ metadata: { annotations } } as OpenUnisonResource);
  const before = generation({ "argocd.argoproj.io/sync-wave": "20", "tremolo.io/force-update-from-chart": "a" });
  expect(generation({ "tremolo.io/force-update-from-chart": "a" })).toBe(before);
  expect(generation({ "tremolo.io/force-update-from-chart": "b" })).not.toBe(before);
  expect(generation({ "helm-update": "Nov 23 10:00:00 2026 UTC", "tremolo.io/force-update-from-chart": "a" })).not.toBe(before);
});

test("without a name nobody signs in; a person without groups has none", () => {
  expect(() => impersonatedIdentity(mapClaims({ groups: [] }, mappings), proxy)).toThrow(SignInRefusal);
  expect(impersonatedIdentity(mapClaims({ sub: "00u1" }, mappings), proxy).groups).toEqual([]);
});

test("a session ends when its time is over", () => {
  const sessions = new Sessions();
  const cookie = sessions.add({ username: "u", groups: [], idToken: "t", claims: {}, tokenExpiresAt: "", endsAt: 1_000 });
  expect(sessions.get(cookie, 999)?.username).toBe("u");
  expect(sessions.get(cookie, 1_000)).toBeUndefined();
  expect(sessions.get(cookie, 999)).toBeUndefined();
});
