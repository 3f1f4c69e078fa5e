import fc from "fast-check";
import { parseEnvironment, rotationRuleOf, rotationSchedule, type IdentityProviderSpec, type RotationRule } from "../../../model";
import { sampleRaw } from "../../fixtures/sample";

const rule: RotationRule = { lifetime: "180d", rotateEvery: "90d", overlap: "14d", rotatedOn: [] };
const dayLength = 86_400_000;
const dayOf = (number: number): string => new Date(number * dayLength).toISOString().slice(0, 10);
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayLength;

/** Periods of 90 days counted from 1970-01-01 begin on 2026-09-04 and 2026-12-03. */
const september = { start: "2026-09-04", expiresAt: "2027-03-03T00:00:00Z" };
const december = { start: "2026-12-03", expiresAt: "2027-06-01T00:00:00Z" };
const byHand = { start: "2026-10-10", expiresAt: "2027-04-08T00:00:00Z" };

/** A secret that was there before the stack belongs to no period of the calendar. */
const taken: RotationRule = { ...rule, lifetime: undefined, adopted: { k10: "clients:k10" } };
const without = { expiresAt: null };
const adoptedCases: [string, RotationRule, string, unknown[], string | null][] = [
  ["a secret that was there stays until it is rotated by hand", taken, "2026-12-03", [{ start: "initial", ...without }], null],
  [
    "its first rotation: the old one beside the new one, and the calendar goes on from there",
    { ...taken, rotatedOn: ["2026-10-10"] },
    "2026-10-23",
    [
      { start: "2026-10-10", ...without },
      { start: "initial", ...without },
    ],
    "2026-12-03",
  ],
  ["after that overlap", { ...taken, rotatedOn: ["2026-10-10"] }, "2026-10-24", [{ start: "2026-10-10", ...without }], "2026-12-03"],
  [
    "the first boundary after it",
    { ...taken, rotatedOn: ["2026-10-10"] },
    "2026-12-03",
    [
      { start: "2026-12-03", ...without },
      { start: "2026-10-10", ...without },
    ],
    "2027-03-03",
  ],
  ["with one to come", { ...taken, rotatedOn: ["2027-04-10"] }, "2026-12-03", [{ start: "initial", ...without }], "2027-04-10"],
  ["by hand alone", { rotatedOn: [], adopted: { k10: "clients:k10" } }, "2026-12-03", [{ start: "initial", ...without }], null],
];

test.each<[string, RotationRule, string, unknown[], string | null]>([
  ["the last day of a period", rule, "2026-12-02", [september], "2026-12-03"],
  ["the first day of the next one", rule, "2026-12-03", [december, september], "2027-03-03"],
  ["the last day of the overlap", rule, "2026-12-16", [december, september], "2027-03-03"],
  ["the day after it", rule, "2026-12-17", [december], "2027-03-03"],
  ["the day of a rotation by hand", { ...rule, rotatedOn: ["2026-10-10"] }, "2026-10-10", [byHand, september], "2026-12-03"],
  ["after its overlap", { ...rule, rotatedOn: ["2026-10-10"] }, "2026-10-24", [byHand], "2026-12-03"],
  ["a rotation by hand that is still to come", { ...rule, rotatedOn: ["2026-10-10"] }, "2026-10-09", [september], "2026-10-10"],
  ["the calendar after a rotation by hand", { ...rule, rotatedOn: ["2026-10-10"] }, "2026-12-03", [december, byHand], "2027-03-03"],
  [
    "two rotations by hand within one overlap: the oldest secret goes",
    { ...rule, rotatedOn: ["2026-10-10", "2026-10-12"] },
    "2026-10-12",
    [{ start: "2026-10-12", expiresAt: "2027-04-10T00:00:00Z" }, byHand],
    "2026-12-03",
  ],
  ["a day by hand that is a boundary anyway", { ...rule, rotatedOn: ["2026-12-03"] }, "2026-12-04", [december, september], "2027-03-03"],
  ["no overlap", { rotateEvery: "90d", rotatedOn: [] }, "2026-12-03", [{ start: "2026-12-03", expiresAt: null }], "2027-03-03"],
  ["by hand alone, before any", { rotatedOn: [] }, "2026-12-03", [{ start: "initial", expiresAt: null }], null],
  ["by hand alone, after one", { rotatedOn: ["2026-10-10"] }, "2026-12-03", [{ start: "2026-10-10", expiresAt: null }], null],
  ["by hand alone, with one to come", { rotatedOn: ["2026-12-24"] }, "2026-12-03", [{ start: "initial", expiresAt: null }], "2026-12-24"],
  ...adoptedCases,
])("%s", (_what, given, today, secrets, next) => {
  expect(rotationSchedule(given, today)).toEqual({ secrets, next });
});

describe("whatever the rule and the day", () => {
  /** Rules that the schema accepts: overlap below rotateEvery, lifetime at least both together. */
  const rules = fc
    .record({
      every: fc.integer({ min: 2, max: 400 }),
      overlapPart: fc.double({ min: 0, max: 1, noNaN: true }),
      spare: fc.integer({ min: 0, max: 200 }),
    })
    .chain(({ every, overlapPart, spare }) => {
      const overlap = Math.max(1, Math.min(every - 1, Math.floor(overlapPart * every)));
      const day = fc.integer({ min: 19_000, max: 22_000 });
      return fc.record({
        every: fc.constant(every),
        overlap: fc.constant(overlap),
        lifetime: fc.constant(every + overlap + spare),
        byHand: fc.array(day, { maxLength: 4 }),
        today: day,
      });
    });
  const given = ({
    every,
    overlap,
    lifetime,
    byHand,
  }: {
    every: number;
    overlap: number;
    lifetime: number;
    byHand: number[];
  }): RotationRule => ({
    rotateEvery: `${every}d`,
    overlap: `${overlap}d`,
    lifetime: `${lifetime}d`,
    rotatedOn: byHand.map(dayOf),
  });

  test("there are one or two secrets, the active one first and the later", () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const { secrets } = rotationSchedule(given(drawn), dayOf(drawn.today));
        expect([1, 2]).toContain(secrets.length);
        expect(secrets[0].start <= dayOf(drawn.today)).toBe(true);
        expect(secrets[1] === undefined || secrets[1].start < secrets[0].start).toBe(true);
      }),
    );
  });

  test("no secret of the schedule has ended, and the active one holds until the next boundary and its overlap", () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const { secrets, next } = rotationSchedule(given(drawn), dayOf(drawn.today));
        for (const { expiresAt } of secrets) {
          expect(numberOf((expiresAt ?? "").slice(0, 10))).toBeGreaterThan(drawn.today);
        }
        const end = numberOf((secrets[0].expiresAt ?? "").slice(0, 10));
        expect(end).toBeGreaterThanOrEqual(numberOf(next ?? "") + drawn.overlap);
      }),
    );
  });

  test("the active secret changes at the boundary that was announced, and on no other day", () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const rule = given(drawn);
        const today = rotationSchedule(rule, dayOf(drawn.today));
        const tomorrow = rotationSchedule(rule, dayOf(drawn.today + 1));
        const announced = today.next === dayOf(drawn.today + 1);
        expect(tomorrow.secrets[0].start !== today.secrets[0].start).toBe(announced);
      }),
    );
  });

  test("across a boundary the former secret stays beside the new one, the very same", () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const rule = given(drawn);
        const { secrets, next } = rotationSchedule(rule, dayOf(drawn.today));
        expect(rotationSchedule(rule, next ?? "").secrets[1]).toEqual(secrets[0]);
      }),
    );
  });

  test("the same day gives the same schedule, in whatever order the days by hand stand", () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const rule = given(drawn);
        const reversed = { ...rule, rotatedOn: [...rule.rotatedOn].reverse() };
        expect(rotationSchedule(reversed, dayOf(drawn.today))).toEqual(rotationSchedule(rule, dayOf(drawn.today)));
      }),
    );
  });
});

test("the rule is the one that the stack's identity provider has", () => {
  expect(rotationRuleOf(accepted({ kind: "entra", tenantId: "7a0c1d2e-3f40-4516-8718-293a4b5c6d7e" }))).toEqual({
    ...rule,
    insecureLongLifetime: false,
  });
  expect(rotationRuleOf(accepted({ kind: "okta", orgUrl: "https://example.okta.com" }))).toEqual({ overlap: "14d", rotatedOn: [] });
});

function accepted(idp: Record<string, unknown>): IdentityProviderSpec {
  return parseEnvironment({ ...sampleRaw(), idp }, "2026-11-28").environment.idp;
}
