import type { EnvironmentDocument } from "../../model";
import { sampleDocument } from "../fixtures/sample";
import { claims, failure, judge, makeIssuer, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

function requiring(requiredAcr: string): EnvironmentDocument {
  const document = sampleDocument();
  return { ...document, identityProvider: { ...document.identityProvider, requiredAcr } };
}

describe("the level of authentication that a stack requires", () => {
  test.each([
    ["2", "2"],
    ["2", "3"],
    ["gold", "gold"],
  ])("%s is met by acr %s", async (required, acr) => {
    expect((await judge(okta, claims({ acr }), { document: requiring(required) })).outcome).toBe("accepted");
  });

  test.each<[string, unknown]>([
    ["2", "1"],
    ["2", "gold"],
    ["2", undefined],
    ["2", ["2"]],
    ["10", "9"],
    ["gold", "2"],
    ["gold", "Gold"],
  ])("%s is not met by acr %j: a code of its own, although the platform lets the person in", async (required, acr) => {
    const verdict = await judge(okta, claims({ acr }), { document: requiring(required) });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "authentication_level", decision: { accepted: true, code: null } });
    expect(verdict.causes.map(({ code }) => code)).toContain("sign_in_level");
  });

  test("says what was expected and what came", async () => {
    expect(failure(await judge(okta, claims({ acr: "1" }), { document: requiring("2") }))).toBe(
      'authentication level: expected acr "2" or a higher level, got acr "1"',
    );
  });

  test("is not asked for where the stack asks for none", async () => {
    const verdict = await judge(okta, claims());
    expect(verdict.checks.map(({ name }) => name)).not.toContain("authentication level");
  });
});

describe("claims that the API server itself requires (typ: ID at Keycloak)", () => {
  function cluster(): EnvironmentDocument {
    const document = sampleDocument();
    const k10 = document.platforms["k10"];
    if (k10 === undefined) {
      throw new Error("The sample has no k10.");
    }
    const platform = { ...k10, tokenRules: "authentication-configuration" as const, requiredClaims: { typ: "ID" } };
    return { ...document, platforms: { ...document.platforms, k10: platform } };
  }

  test("an ID token passes", async () => {
    expect((await judge(okta, claims({ typ: "ID" }), { document: cluster() })).decision.accepted).toBe(true);
  });

  test("an access token of another client that names ours in aud does not: the rule, not advice alone", async () => {
    const access = claims({ typ: "Bearer", aud: ["0oa1k10", "account"], azp: "another-app" });
    const verdict = await judge(okta, access, { document: cluster() });
    expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "required_claim_missing", decision: { accepted: false } });
    // Without the rule it is let in, and advice is all there is.
    const lax = await judge(okta, access);
    expect(lax.decision.accepted).toBe(true);
    expect(lax.advice.map(({ code }) => code)).toEqual(expect.arrayContaining(["not_an_id_token", "authorized_party"]));
  });
});
