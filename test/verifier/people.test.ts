import type { EnvironmentDocument } from "../../model";
import { sampleDocument } from "../fixtures/sample";
import { claims, judge, makeIssuer, type Issuer } from "./issuer";

let okta: Issuer;
beforeAll(async () => {
  okta = await makeIssuer();
});

/** The sample with the grant of K10's administrators given to one person; `alone` without any grant to a group. */
function granted(claimValue: string, alone = false): EnvironmentDocument {
  const document = sampleDocument();
  const [admin] = document.access.filter(({ platform, role }) => platform === "k10" && role === "admin");
  if (admin === undefined) {
    throw new Error("The sample has no administrator.");
  }
  Object.assign(admin, {
    group: "user:ana@example.com",
    subject: { kind: "User", name: `okta:${claimValue}` },
    person: { login: "ana@example.com", claimValue },
  });
  document.access = alone ? [admin] : document.access;
  return document;
}

const stranger = { groups: [] };

test("a person with a grant of their own is accepted, in no group at all", async () => {
  const verdict = await judge(okta, claims(stranger), { document: granted("00u1ana") });
  expect(verdict).toMatchObject({ outcome: "accepted", identity: { username: "okta:00u1ana" } });
  expect(verdict.grants.map(({ role, group }) => [role, group])).toEqual([["admin", "user:ana@example.com"]]);
});

test("also where the claim of groups is left out", async () => {
  const { groups, ...without } = claims();
  expect(groups).toBeDefined();
  expect((await judge(okta, without, { document: granted("00u1ana") })).outcome).toBe("accepted");
});

test.each(["00u2omar", "okta:00u1ana"])("another value than the person's, %s, opens nothing", async (value) => {
  const verdict = await judge(okta, claims(stranger), { document: granted(value) });
  expect(verdict).toMatchObject({ outcome: "not-for-platform", grants: [] });
  expect(verdict.causes.map(({ code }) => code)).toEqual(["not_a_member"]);
});

test("where single people alone are granted to, that is the cause, with both values", async () => {
  const verdict = await judge(okta, claims(stranger), { document: granted("00u2omar", true) });
  expect(verdict.causes).toEqual([
    {
      code: "not_named",
      message:
        'Grants on this platform name single people, and none of them this one: ana@example.com (sub 00u2omar); the token has "00u1ana".',
      remedy: "Grant to the person by user:, or correct what the stack file says of them (idp.people); somebody made anew has another id.",
    },
  ]);
});
