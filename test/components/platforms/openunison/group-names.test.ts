import * as pulumi from "@pulumi/pulumi";
import type { OpenUnisonArgs } from "../../../../components";
import { simulate } from "../../harness";

const release = "kubernetes:helm.sh/v3:Release";
const tenant = "6d2374b4-aceb-42ac-966a-716a93f07db0";

const charts = {
  operator: { version: "3.0.23" },
  orchestra: { version: "3.1.31" },
  loginPortal: { version: "2.3.82" },
  loginAzuread: { version: "1.0.10" },
};

function openUnison(changes: Partial<OpenUnisonArgs> = {}) {
  return simulate(
    ({ OpenUnison }) =>
      new OpenUnison("portal", {
        charts,
        hosts: { portal: "k8sou.example.com", dashboard: "k8sdb.example.com" },
        direct: {
          apiServerUrl: "https://api.example.com:6443",
          username: { claim: "upn", prefix: "entra:" },
          groups: { claim: "groups", prefix: "entra:" },
        },
        issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
        clientId: "client-1",
        clientSecret: pulumi.secret("s3cret"),
        scopes: ["openid", "profile", "email"],
        userInIdToken: true,
        claims: {
          sub: "upn",
          email: "email",
          given_name: "given_name",
          family_name: "family_name",
          display_name: "name",
          groups: "groups",
        },
        groupNamesTenant: tenant,
        ...changes,
      }),
  );
}

test("the chain is installed after the operator, whose resources it is made of, and before orchestra and the portal that includes it", async () => {
  const { resources } = await openUnison();
  const order = resources
    .filter(({ type }) => type === release)
    .map(({ name, inputs, dependsOn }) => [
      name,
      inputs["name"],
      inputs["version"],
      dependsOn.filter((other) => /operator|group-names|orchestra/.test(other)),
    ]);
  expect(order).toEqual([
    ["portal-group-names", "orchestra-login-azuread", "1.0.10", ["portal-operator"]],
    ["portal-operator", "openunison", "3.0.23", []],
    ["portal-orchestra", "orchestra", "3.1.31", ["portal-group-names", "portal-operator"]],
    ["portal-portal", "orchestra-login-portal", "2.3.82", ["portal-orchestra"]],
  ]);
});

test("one values document for chain, orchestra and portal, in the charts' own spelling", async () => {
  const { resources } = await openUnison();
  const values = ["portal-group-names", "portal-orchestra", "portal-portal"].map(
    (name) => resources.find((resource) => resource.type === release && resource.name === name)?.inputs["values"],
  );
  for (const value of values) {
    expect(value).toMatchObject({
      azure: { tennant_id: tenant, uid_attribute_name: "oid", debug: false },
      openunison: { include_auth_chain: "azuread-load-groups" },
      oidc: { user_in_idtoken: true, claims: { sub: "upn", groups: "groups" } },
    });
    expect(value).toEqual(values[0]);
  }
});

test("without the chain there is no trace of it", async () => {
  const { loginAzuread: _chain, ...others } = charts;
  const { resources } = await openUnison({ charts: others, groupNamesTenant: undefined });
  expect(resources.map(({ name }) => name)).not.toContain("portal-group-names");
  expect(JSON.stringify(resources)).not.toMatch(/tennant_id|include_auth_chain/);
});

test.each<[string, Partial<OpenUnisonArgs>, string]>([
  ["the chart alone", { groupNamesTenant: undefined }, "expected it exactly with groupNamesTenant, got it alone"],
  ["the tenant alone", { charts: { ...charts, loginAzuread: undefined } }, "got groupNamesTenant alone"],
])("refuses %s", async (_what, changes, message) => {
  await expect(openUnison(changes)).rejects.toThrow(message);
});
