import type { EnvironmentDocument, TokenRules } from "../../model";
import { sampleDocument } from "../fixtures/sample";
import { claims, judge, makeIssuer, type Issuer } from "./issuer";

// Platforms that sign people in by themselves do not have all rules of the API server (verifier/relying-parties.ts cites their sources).

let issuer: Issuer;
beforeAll(async () => {
  issuer = await makeIssuer();
});

/** The sample with this way of reading tokens, its people named by a claim of one's choice. */
function readBy(tokenRules: TokenRules, claim: string): EnvironmentDocument {
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) =>
    Object.assign(platform, { tokenRules, username: { ...platform.username, claim, prefix: "-" } }),
  );
  return document;
}

const decided = async (tokenRules: TokenRules, claim: string, change: Record<string, unknown>) =>
  (await judge(issuer, claims(change), { document: readBy(tokenRules, claim) })).decision;

test.each<[TokenRules, boolean]>([
  ["flags", false],
  ["authentication-configuration", false],
  ["go-oidc", false],
  ["go-oidc-login", true],
  ["token-endpoint", true],
])("%s: an address that is not verified names somebody: %s", async (rules, accepted) => {
  expect(await decided(rules, "email", { email: "ana@example.com", email_verified: false })).toMatchObject({
    accepted,
    code: accepted ? null : "email_not_verified",
  });
});

test.each<[TokenRules, boolean]>([
  ["go-oidc-login", false],
  ["token-endpoint", true],
])("%s: sub that is no text while another claim names the person is accepted: %s", async (rules, accepted) => {
  expect(await decided(rules, "preferred_username", { preferred_username: "ana", sub: 7 })).toMatchObject({ accepted });
});

test.each<[string, unknown]>([
  ["missing", undefined],
  ["empty", ""],
  ["a number", 7],
])("KubeSphere takes name where the claim is %s; OpenUnison does not", async (_what, value) => {
  const change = { preferred_username: value, name: "Ana Silva" };
  const verdict = await judge(issuer, claims(change), { document: readBy("go-oidc-login", "preferred_username") });
  expect(verdict).toMatchObject({ decision: { accepted: true }, identity: { username: "Ana Silva" } });
  const other = await judge(issuer, claims(change), { document: readBy("token-endpoint", "preferred_username") });
  expect(other.identity?.username).not.toBe("Ana Silva");
});

test("a claim with a text is the name, whatever name says", async () => {
  const verdict = await judge(issuer, claims({ preferred_username: "ana", name: "Ana Silva" }), {
    document: readBy("go-oidc-login", "preferred_username"),
  });
  expect(verdict.identity?.username).toBe("ana");
});
