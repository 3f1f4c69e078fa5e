import { parse } from "yaml";
import { authenticationConfiguration } from "../../../machine/cluster";
import type { TrustedIssuer } from "../../../machine/cluster";

const okta: TrustedIssuer = {
  issuer: "https://example.okta.test",
  audiences: ["0oa1"],
  ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  usernameClaim: "email",
  usernamePrefix: "okta:",
  groupsClaim: "groups",
  groupsPrefix: "okta:",
};

it("renders the vendor's API version with sorted keys, the authority as a block", () => {
  expect(authenticationConfiguration([okta])).toBe(`apiVersion: apiserver.config.k8s.io/v1
jwt:
  - claimMappings:
      groups:
        claim: groups
        prefix: "okta:"
      username:
        claim: email
        prefix: "okta:"
    issuer:
      audienceMatchPolicy: MatchAny
      audiences:
        - 0oa1
      certificateAuthority: |
        -----BEGIN CERTIFICATE-----
        AAAA
        -----END CERTIFICATE-----
      url: https://example.okta.test
kind: AuthenticationConfiguration
`);
});

it("renders no issuer at all, which the API server allows", () => {
  expect(parse(authenticationConfiguration([]))).toEqual({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [],
  });
});

const jwtOf = (issuers: TrustedIssuer[]) =>
  (parse(authenticationConfiguration(issuers)) as { jwt: { issuer: Record<string, unknown>; claimMappings: Record<string, unknown> }[] })
    .jwt;

it("leaves out what is not set, and writes an empty prefix, which the API server requires", () => {
  const [entry] = jwtOf([{ issuer: "https://a.test", audiences: ["x"], usernameClaim: "sub", usernamePrefix: "" }]);
  expect(entry?.issuer).not.toHaveProperty("certificateAuthority");
  expect(entry?.claimMappings).toEqual({ username: { claim: "sub", prefix: "" } });
  const [groups] = jwtOf([{ issuer: "https://a.test", audiences: ["x"], usernameClaim: "sub", usernamePrefix: "-", groupsClaim: "roles" }]);
  expect(groups?.claimMappings).toEqual({ username: { claim: "sub", prefix: "-" }, groups: { claim: "roles", prefix: "" } });
});

it("joins the audiences of one issuer, sorted and once each, and orders issuers by URL", () => {
  const entries = jwtOf([okta, { ...okta, issuer: "https://a.test" }, { ...okta, audiences: ["0oa2", "0oa0", "0oa1"] }]);
  expect(entries.map((entry) => [entry.issuer.url, entry.issuer.audiences])).toEqual([
    ["https://a.test", ["0oa1"]],
    ["https://example.okta.test", ["0oa0", "0oa1", "0oa2"]],
  ]);
});

it.each<[string, Partial<TrustedIssuer>]>([
  ["authority", { ca: undefined }],
  ["user name claim", { usernameClaim: "sub" }],
  ["user name prefix", { usernamePrefix: "" }],
  ["groups claim", { groupsClaim: undefined }],
  ["groups prefix", { groupsPrefix: "" }],
])("refuses two entries for one issuer that differ in %s", (_what, change) => {
  expect(() => authenticationConfiguration([okta, { ...okta, audiences: ["other"], ...change }])).toThrow(
    "issuers[1]: expected the same ca, claims and prefixes as the earlier entry for https://example.okta.test",
  );
});

it.each<[string, Partial<TrustedIssuer>, string]>([
  ["a plain http issuer", { issuer: "http://a.test" }, "issuers[0].issuer: expected an https URL, got 'http://a.test'"],
  ["no audience", { audiences: [] }, "issuers[0].audiences: expected at least one client id and none empty, got []"],
  ["an empty audience", { audiences: ["a", ""] }, 'got ["a",""]'],
  ["no user name claim", { usernameClaim: "" }, "issuers[0].usernameClaim: expected the name of a claim"],
])("refuses %s", (_what, change, message) => {
  expect(() => authenticationConfiguration([{ ...okta, ...change }])).toThrow(message);
});
