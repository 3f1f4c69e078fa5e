import type { EnvironmentDocument } from "../../model";
import type { TokenVerdict } from "../../verifier";
import { sampleDocument } from "../fixtures/sample";
import { claims, issuer, judge, makeIssuer, type Issuer } from "./issuer";

let signer: Issuer;
beforeAll(async () => {
  signer = await makeIssuer();
});

/** The sample behind another kind of identity provider; the username claim of K10 may be another. */
function behind(kind: string, claim = "sub"): EnvironmentDocument {
  const document = sampleDocument();
  const k10 = document.platforms["k10"];
  if (k10 === undefined) {
    throw new Error("The sample has no k10.");
  }
  Object.assign(k10, { username: { ...k10.username, claim }, groupsFrom: "id-token" });
  return { ...document, identityProvider: { ...document.identityProvider, kind } };
}

const causes = ({ causes: all }: TokenVerdict) => all.map(({ code, message }) => `${code}: ${message}`);
const judged = (kind: string, changes: Record<string, unknown>, claim?: string) =>
  judge(signer, claims({ ver: undefined, ...changes }), { document: behind(kind, claim), platform: "k10" }).then(causes);

/** Tokens as a real Keycloak 26.4.7 makes them; what each provider does instead of what was hoped for. */
describe("Keycloak", () => {
  test("aud account: an access token, of the platform's own client by azp", async () => {
    const found = await judged("keycloak", { aud: "account", azp: "0oa1k10", typ: "Bearer" });
    expect(found).toContain(
      "unknown_client: aud names account, the realm's own client: this is an access token of 0oa1k10. Keycloak's ID tokens name their client alone.",
    );
    expect(found.join()).not.toContain("other_platform");
  });

  test("no aud at all: an access token without a mapper", async () => {
    expect(await judged("keycloak", { aud: undefined, azp: "0oa1k10", typ: "Bearer" })).toContain(
      "unknown_client: The token has no aud: this is an access token of 0oa1k10. Keycloak's ID tokens name their client alone.",
    );
  });

  test("another client's ID token is another client's", async () => {
    expect(await judged("keycloak", { aud: "grafana", azp: "grafana" })).toEqual([
      "unknown_client: The token was issued for a client that this environment does not know.",
    ]);
  });

  test("groups by their path: the mapper of another setting", async () => {
    expect((await judged("keycloak", { groups: ["/Kasten Admins"] })).map((text) => text.split(":")[0])).toContain("group_spelling");
    expect(await judged("keycloak", { groups: ["/platform/others"] })).toContainEqual(
      expect.stringContaining("The token names groups by their path"),
    );
  });

  test("where the stack's groups are paths, a path is no fault", async () => {
    const document = behind("keycloak");
    for (const group of Object.values(document.groups)) {
      group.claimValue = `/${group.claimValue}`;
    }
    const verdict = await judge(signer, claims({ groups: ["/platform/others"] }), { document, platform: "k10" });
    expect(verdict.causes.map(({ code }) => code)).toEqual(["not_a_member"]);
  });

  test("a lightweight access token, or one without the scope basic, has no sub", async () => {
    expect(await judged("keycloak", { sub: undefined })).toContain(
      "username_claim_absent: Access tokens of Keycloak 25 and later carry sub by the client scope basic alone, and lightweight ones not at all.",
    );
  });

  test("email_verified false", async () => {
    expect(await judged("keycloak", { email: "ana@example.com", email_verified: false }, "email")).toEqual([
      "email_unverified: Keycloak says email_verified false until the person has followed the link in a mail, or an administrator has said so.",
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      "nothing else",
      {},
      "Keycloak leaves the claim out for somebody in none of the granted groups, and where the client's mapper is missing.",
    ],
    [
      "roles of the realm",
      { realm_access: { roles: ["offline_access"] } },
      "The token carries realm roles and no groups: the client has no mapper for groups, or the person is in no granted group.",
    ],
    [
      "roles of clients",
      { resource_access: { account: { roles: ["view-profile"] } } },
      "The token carries roles of clients and no groups: this is a token of another client, or the mapper is missing.",
    ],
  ])("a missing mapper, with %s in the token", async (_, more, message) => {
    expect(await judged("keycloak", { groups: undefined, ...more })).toEqual([`groups_claim_absent: ${message}`]);
  });

  test.each([
    [`${issuer}/`, "issuer_trailing_slash"],
    [`${issuer}/realms/Main`, undefined],
  ])("the issuer %s", async (iss, code) => {
    const [first] = await judged("keycloak", { iss });
    expect(first?.split(":")[0]).toBe(code);
  });
});

describe("an external issuer", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["PingOne's text for more than 25 groups", { groups: "[SIZE_LIMIT_EXCEEDED]" }, "PingOne put a text in place of more than 25 groups"],
    ["a list as one text", { groups: "[admin, user]" }, "The claim is a list written as one text"],
    [
      "JumpCloud's memberOf",
      { groups: undefined, memberOf: "Kasten Admins" },
      "Groups are in memberOf, as JumpCloud and PingFederate name it.",
    ],
    [
      "GitLab's groups_direct",
      { groups: undefined, groups_direct: ["a/b"] },
      "Groups are in groups_direct, as GitLab's ID tokens name them.",
    ],
    ["Zitadel's object", { groups: undefined, "urn:zitadel:iam:org:project:roles": { admin: {} } }, "Roles are in an object of Zitadel's."],
    ["Cognito", { groups: undefined, "cognito:groups": ["a"] }, "Groups are in cognito:groups."],
  ])("%s", async (_, changes, message) => {
    expect(await judged("external", changes)).toContainEqual(expect.stringContaining(message));
  });

  test("one group as a text is read: JumpCloud, PingFederate", async () => {
    const verdict = await judge(signer, claims({ groups: "Kasten Admins" }), { document: behind("external"), platform: "k10" });
    expect(verdict.outcome).toBe("accepted");
  });

  test("an object where a list is expected, Zitadel's, is refused as the API server does", async () => {
    const verdict = await judge(signer, claims({ groups: { admin: {} } }), { document: behind("external"), platform: "k10" });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "groups_malformed" });
  });

  test("authentik's email_verified false", async () => {
    expect(await judged("external", { email: "ana@example.com", email_verified: false }, "email")).toEqual([
      "email_unverified: The issuer does not say that the address is verified; authentik says so of nobody by itself since 2025.10.",
    ]);
  });

  test("authentik without a signing key signs with the client's secret (HS256), with an encryption key it encrypts", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg: "HS256" })}.${part(claims())}.c2ln`;
    const symmetric = await judge(signer, {}, { token, document: behind("external") });
    expect(symmetric).toMatchObject({ outcome: "rejected", code: "algorithm_not_allowed" });
    const encrypted = await judge(signer, {}, { token: "e30.a.b.c.d", document: behind("external") });
    expect(encrypted.causes.map(({ code }) => code)).toEqual(["encrypted_token"]);
  });

  test("the slash at the end of Auth0's issuer counts", async () => {
    expect(await judged("external", { iss: `${issuer}/` })).toEqual([expect.stringContaining("issuer_trailing_slash")]);
  });
});
