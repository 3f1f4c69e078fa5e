import { carriedOut, reviewSchema, type Evidence, type Review } from "../../../model";
import { admin, basic, decided, today, view } from "../../cli/review/sample";

const moment = "2026-11-24T08:00:00Z";

function review(): Review {
  const leaves = { "backup-admins": [{ person: "bob@example.com", reason: "left", by: "owner@example.com" }] };
  return reviewSchema.parse({
    ...decided({ [basic]: { decision: "remove" }, [view]: { decision: { end: "2026-11-23" }, by: "chief@example.com" } }, leaves),
    applied: today,
  });
}

type Ended = Evidence["ended"][number];
const ended = (grant: string, gone: boolean | null, person?: string): Ended => ({
  what: person === undefined ? "grant removed" : "person removed",
  grant,
  gone,
  tests: [],
  ...(person === undefined ? {} : { person }),
});

const moments = (found: readonly Ended[], earlier?: Parameters<typeof carriedOut>[1]["earlier"]): (string | null)[] =>
  carriedOut(review(), { ended: found, moment, earlier }).map(({ carriedOutAt }) => carriedOutAt);

test("each decision has the moment at which all that was asked about it was refused", () => {
  const all = [ended(basic, true), ended(view, true), ended(admin, true, "bob@example.com")];
  expect(
    carriedOut(review(), { ended: all, moment }).map(({ grant, person, decision, carriedOutAt }) => [
      grant,
      person,
      decision,
      carriedOutAt,
    ]),
  ).toEqual([
    [admin, undefined, "keep", null],
    [basic, undefined, "remove", moment],
    [view, undefined, "end: 2026-11-23", moment],
    [admin, "bob@example.com", "remove", moment],
  ]);
});

test.each<[string, readonly Ended[]]>([
  ["what was not asked", []],
  ["what could not be asked", [ended(basic, null)]],
  ["what is still allowed", [ended(basic, false)]],
  ["another person's", [ended(admin, true, "zoe@example.com")]],
  ["a longer key", [ended(`${basic},more`, true)]],
])("%s is not said to be gone", (_what, found) => {
  expect(moments(found)).toEqual([null, null, null, null]);
});

test("where people are bound one by one, every one of them must be gone", () => {
  const people = ["ola@example.com", "omar@example.com"];
  expect(moments(people.map((login) => ended(`${basic}/${login}`, true)))[1]).toBe(moment);
  expect(moments(people.map((login) => ended(`${basic}/${login}`, login.startsWith("ola"))))[1]).toBeNull();
  expect(moments([ended(`${admin}/bob@example.com`, true)])[3]).toBe(moment);
});

test("the evidence that saw it first keeps its moment", () => {
  const earlier = carriedOut(review(), { ended: [ended(basic, true)], moment: "2026-11-23T20:00:00Z" });
  expect(moments([], earlier)).toEqual([null, "2026-11-23T20:00:00Z", null, null]);
});
