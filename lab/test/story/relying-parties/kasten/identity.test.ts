import { kastenIdentity } from "../../../../story/relying-parties/kasten/identity";
import { SignInRefusal } from "../../../../story/relying-parties/page-server";
import type { IdentityRule } from "../../../../story/relying-parties/kasten/identity";

const rule: IdentityRule = {
  providerUrl: "https://idp.example.test",
  usernameClaim: "sub",
  usernamePrefix: "okta:",
  groupClaim: "groups",
  groupPrefix: "okta:",
  groupAllowList: [],
};
const claims = { sub: "00u1", email: "ana@example.test", groups: ["Kasten Admins", "Everyone"] };

test.each<[string, Partial<IdentityRule>, string]>([
  ["a prefix is literal, nothing is put between", { usernamePrefix: "kasten_azure_" }, "kasten_azure_00u1"],
  ["a dash means none", { usernamePrefix: "-" }, "00u1"],
  ["empty and not email: issuer and #", { usernamePrefix: "" }, "https://idp.example.test#00u1"],
  ["empty and email: none", { usernamePrefix: "", usernameClaim: "email" }, "ana@example.test"],
  ["a prefix and email", { usernameClaim: "email" }, "okta:ana@example.test"],
])("username: %s", (_title, change, expected) => {
  expect(kastenIdentity(claims, { ...rule, ...change }).username).toBe(expected);
});

test.each<[string, Partial<IdentityRule>, Record<string, unknown>, string[]]>([
  ["prefixed, in the token's order", {}, claims, ["okta:Kasten Admins", "okta:Everyone"]],
  ["a dash is a literal dash", { groupPrefix: "-" }, claims, ["-Kasten Admins", "-Everyone"]],
  ["no prefix", { groupPrefix: "" }, claims, ["Kasten Admins", "Everyone"]],
  ["no group claim configured: none", { groupClaim: "" }, claims, []],
  ["claim missing in the token: none", { groupClaim: "roles" }, claims, []],
  ["one text is one group", {}, { sub: "1", groups: "only" }, ["okta:only"]],
  ["the allow list trims", { groupAllowList: ["okta:Kasten Admins"] }, claims, ["okta:Kasten Admins"]],
])("groups: %s", (_title, change, given, expected) => {
  expect(kastenIdentity(given, { ...rule, ...change }).groups).toEqual(expected);
});

test.each<[string, Partial<IdentityRule>, Record<string, unknown>, RegExp]>([
  [
    "username claim missing",
    { usernameClaim: "upn" },
    claims,
    /expected claim upn \(usernameClaim\) as a text, got claims email, groups, sub/,
  ],
  ["username claim empty", {}, { sub: "" }, /expected claim sub/],
  ["group claim with something else in it", {}, { sub: "1", groups: ["a", 1] }, /expected claim groups \(groupClaim\) as a list of texts/],
  [
    "no group on the allow list",
    { groupAllowList: ["Kasten Admins"] },
    claims,
    /groupAllowList \(Kasten Admins\), got okta:Kasten Admins, okta:Everyone/,
  ],
])("refused: %s", (_title, change, given, message) => {
  const attempt = (): unknown => kastenIdentity(given, { ...rule, ...change });
  expect(attempt).toThrow(SignInRefusal);
  expect(attempt).toThrow(message);
});
