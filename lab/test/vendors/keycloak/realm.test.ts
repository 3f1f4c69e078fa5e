import { clientByHand, groupTree } from "../../../vendors/keycloak/realm";

test("groups of one name under different parents are different groups", () => {
  expect(groupTree(["/security/Auditors", "/sales/Auditors", "/security"])).toEqual([
    { name: "security", subGroups: [{ name: "Auditors", subGroups: [] }] },
    { name: "sales", subGroups: [{ name: "Auditors", subGroups: [] }] },
  ]);
});

test.each([
  ["confidential", "given"],
  ["public", undefined],
] as const)("a %s client made by hand has what the checklist says", (type, secret) => {
  const client = clientByHand(
    "k10",
    {
      platform: "k10",
      title: "Kasten K10",
      type,
      grantTypes: ["authorization_code"],
      redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      postLogoutRedirectUris: ["https://k10.example.com/a", "https://k10.example.com/b"],
      scopes: ["openid"],
      codeChallenge: type === "public",
      groups: [],
      usernameClaim: "sub",
    },
    "given",
  );
  expect(client).toMatchObject({
    publicClient: type === "public",
    redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
    attributes: { "post.logout.redirect.uris": "https://k10.example.com/a##https://k10.example.com/b" },
    protocolMappers: [],
  });
  expect((client as { secret?: string }).secret).toBe(secret);
});
