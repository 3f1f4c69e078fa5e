import { sampleDocument } from "../fixtures/sample";
import { claims, failure, issuer, judge, makeIssuer, userInfoAddress, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

const thin = () => claims({ groups: undefined });
const said = { sub: "00u1ana", groups: ["Kasten Users"] };

test("the sample's platform has its groups from the userinfo endpoint", () => {
  expect(sampleDocument().platforms["k10"]?.groupsFrom).toBe("userinfo");
});

test("a thin token opens nothing by itself, and the remedy says what is needed", async () => {
  const verdict = await judge(okta, thin());
  expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "groups_missing" });
  expect(verdict.causes).toEqual([
    {
      code: "thin_token",
      message:
        "The ID token has no claim 'groups': this identity provider serves it at the userinfo endpoint, where the platform reads it.",
      remedy: "Give the userinfo answer of the same sign-in (--userinfo) or its access token (--access-token-file) as well.",
    },
  ]);
  expect(okta.requests).not.toContain(userInfoAddress);
});

test("with the userinfo answer it opens what the groups there hold", async () => {
  const verdict = await judge(okta, thin(), { userInfo: said });
  expect(verdict).toMatchObject({ outcome: "accepted", identity: { username: "okta:00u1ana", groups: ["okta:Kasten Users"] } });
  expect(verdict.checks.find(({ name }) => name === "userinfo subject")).toEqual({
    name: "userinfo subject",
    ok: true,
    expected: 'the token\'s subject "00u1ana"',
    got: '"00u1ana"',
  });
});

test.each([
  ["about somebody else", { ...said, sub: "00u2bob" }, '"00u2bob"'],
  ["about nobody", { groups: ["Kasten Admins"] }, "no such claim"],
])("an answer %s is not used", async (_, userInfo, got) => {
  const verdict = await judge(okta, thin(), { userInfo });
  expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "userinfo_subject_mismatch", grants: [] });
  expect(failure(verdict)).toBe(`userinfo subject: expected the token's subject "00u1ana", got ${got}`);
});

test("an answer without groups: the claim itself is the likely cause", async () => {
  const verdict = await judge(okta, thin(), { userInfo: { sub: "00u1ana" } });
  expect(verdict.causes.map(({ code, message }) => [code, message.slice(0, 40)])).toEqual([
    ["groups_claim_absent", "The userinfo answer has no claim 'groups"],
  ]);
});

test("the token's own groups win, and nothing else is taken from the answer", async () => {
  const own = await judge(okta, claims(), { userInfo: said });
  expect(own.identity?.groups).toEqual(["okta:Kasten Admins"]);
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) => (platform.username.claim = "email"));
  expect(await judge(okta, thin(), { document, userInfo: { ...said, email: "ana@example.com" } })).toMatchObject({
    code: "username_missing",
  });
  expect(await judge(okta, thin(), { userInfo: { ...said, amr: ["mfa"] }, requireMultiFactor: true })).toMatchObject({
    code: "multi_factor_missing",
  });
});

test("a platform that reads the ID token alone is judged by it alone", async () => {
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) => (platform.groupsFrom = "id-token"));
  expect(await judge(okta, thin(), { document, userInfo: said, accessToken: "access-1" })).toMatchObject({ code: "groups_missing" });
});

describe("by access token", () => {
  test("the issuer's endpoint is asked", async () => {
    expect((await judge(okta, thin(), { accessToken: "access-1\n" })).grants.map(({ role }) => role)).toEqual(["basic"]);
    expect(okta.requests.slice(-2)).toEqual([`${issuer}/.well-known/openid-configuration`, userInfoAddress]);
  });

  test("an unproven ID token asks nothing", async () => {
    const forger = await makeIssuer();
    const before = okta.requests.length;
    await judge(okta, {}, { token: await forger.sign(thin()), accessToken: "access-1" });
    expect(okta.requests.slice(before)).not.toContain(userInfoAddress);
  });

  test("a refusal is no decision, and repeats no token", async () => {
    await expect(judge(okta, thin(), { accessToken: "access-2" })).rejects.toMatchObject({
      name: "DiscoveryError",
      code: "userinfo_refused",
      message: `Expected the userinfo answer at ${userInfoAddress}, got status 401.`,
    });
  });

  test("an issuer without the endpoint is no decision", async () => {
    const bare = await makeIssuer(["RS256"], { userinfo_endpoint: undefined });
    await expect(judge(bare, thin(), { accessToken: "access-1" })).rejects.toMatchObject({
      code: "userinfo_refused",
      message: `Expected userinfo_endpoint in the discovery document at ${issuer}/.well-known/openid-configuration, got none.`,
    });
  });
});
