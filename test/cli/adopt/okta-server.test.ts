import { adopt, clientId, environmentOf, oidc } from "./world";

const issuer = "https://example.okta.com/oauth2/aus1a2b3";
const claim = {
  ...{ id: "ocl1", name: "groups", status: "ACTIVE", claimType: "IDENTITY", valueType: "GROUPS" },
  ...{ group_filter_type: "REGEX", value: ".*" },
};
const policy = (...include: string[]): unknown => ({ name: "K10", status: "ACTIVE", conditions: { clients: { include } } });
const onServer = (changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  "values.yaml": oidc({ providerURL: issuer, scopes: "openid profile email" }),
  "okta-server-claims.json": [claim, { ...claim, id: "ocl2", claimType: "RESOURCE" }],
  "okta-server-policies.json": [policy(clientId)],
  ...changes,
});

test("a custom authorization server that serves this client alone is taken over with its claim", async () => {
  const outcome = await adopt(onServer());
  expect(outcome.stdout).toContain("3 before, 3 after: equal.");
  expect(environmentOf(outcome)["idp"]).toMatchObject({
    orgUrl: "https://example.okta.com",
    authorizationServer: { existing: "aus1a2b3" },
  });
  const { resources } = JSON.parse(outcome.written?.["adopted/import.json"] ?? "{}") as { resources: object[] };
  expect(resources).toContainEqual({
    ...{ type: "okta:auth/serverClaim:ServerClaim", name: "groups-groups-claim/ServerClaim", logicalName: "groups-groups-claim" },
    ...{ id: "aus1a2b3/ocl1", parent: "groups" },
  });
});

test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
  [
    "another client's claim would be narrowed",
    { "okta-server-policies.json": [policy(clientId, "0oaOther")] },
    /serves 0oa64t6tmtpMTOkZH5d7 alone.*got 0oaOther \(policy 'K10'\)/,
  ],
  ["every client's", { "okta-server-policies.json": [policy("ALL_CLIENTS")] }, /got ALL_CLIENTS \(policy 'K10'\)/],
  ["an expression", { "okta-server-claims.json": [{ ...claim, valueType: "EXPRESSION" }] }, /filters by name.*got EXPRESSION/],
  ["no claim", { "okta-server-claims.json": [] }, /tokens to carry 'Backup Admins'/],
  [
    "an issuer that is none",
    { "values.yaml": oidc({ providerURL: "https://example.okta.com/oauth2/aus1/more" }) },
    /the organisation's own authorization server, or a custom one/,
  ],
])("refused in words: %s", async (_what, changes, words) => {
  const outcome = await adopt(onServer(changes));
  expect(outcome.stdout + outcome.stderr).toMatch(words);
  expect(outcome.written).toBeUndefined();
});

test("a policy that is switched off serves nobody", async () => {
  const outcome = await adopt(onServer({ "okta-server-policies.json": [policy(clientId), { name: "old", status: "INACTIVE" }] }));
  expect(outcome.status).toBe(0);
});
