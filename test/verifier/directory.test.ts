import type { EnvironmentDocument } from "../../model";
import { sampleDocument } from "../fixtures/sample";
import { claims, judge, makeIssuer, type Issuer } from "./issuer";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await makeIssuer();
});

/** The sample as if K10 looked group names up: tokens carry ids, bindings name display names. */
function lookedUp(): EnvironmentDocument {
  const document = sampleDocument();
  Object.values(document.platforms).forEach((platform) =>
    Object.assign(platform, { groupsFrom: "directory", tokenRules: "token-endpoint" }),
  );
  Object.values(document.groups).forEach((group) => (group.claimValue = group.id));
  return document;
}

const verdictOf = (groups: unknown) => judge(issuer, claims({ groups }), { document: lookedUp() });

test("ids become the names that the environment knows; others stay unseen, and the verdict says so", async () => {
  const verdict = await verdictOf(["00g1admins", "00g9stranger"]);
  expect(verdict).toMatchObject({ outcome: "accepted", identity: { groups: ["okta:Kasten Admins"] } });
  expect(verdict.grants.map(({ role }) => role)).toEqual(["admin"]);
  expect(verdict.checks.find(({ name }) => name === "group names")).toEqual({
    name: "group names",
    ok: null,
    expected: "the names that the platform looks up in the directory",
    got: "not checked: the token carries ids; 1 of 2 are groups of this environment, taken by their names there",
  });
});

test("a display name in the token is no id, and opens nothing", async () => {
  const verdict = await verdictOf(["Kasten Admins"]);
  expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "no_grant", identity: { groups: [] } });
});

test.each<[string, Record<string, unknown>]>([
  ["without groups", { groups: undefined }],
  ["above the limit", { groups: undefined, _claim_names: { groups: "src1" } }],
])("a token %s cannot be judged, since the platform does not need it", async (_what, change) => {
  const verdict = await judge(issuer, claims(change), { document: lookedUp() });
  expect(verdict).toMatchObject({ outcome: "not-for-platform", code: "no_grant" });
  expect(verdict.checks.find(({ name }) => name === "group names")).toMatchObject({ ok: null });
  expect(verdict.causes.map(({ code }) => code)).toEqual(["groups_from_directory"]);
});
