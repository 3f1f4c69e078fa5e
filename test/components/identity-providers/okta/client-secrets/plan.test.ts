import { heldNow, stepsTowards, type ListedSecret, type Step } from "../../../../../components/identity-providers/okta/client-secrets/plan";

const [A, B, C] = ["a-secret-of-the-first-day", "b-secret-of-the-second-day", "c-secret-of-the-third-day"];
const wanted = (...pairs: [string, string][]) => pairs.map(([start, value]) => ({ start, value }));
const listed = (id: string, value: string, status = "ACTIVE"): ListedSecret => ({ id, status, client_secret: value });
const short = (step: Step): string => `${step.what} ${step.what === "create" ? step.secret.start : step.id}`;
const steps = (...args: Parameters<typeof stepsTowards>): string[] => stepsTowards(...args).map(short);

test.each<[string, Parameters<typeof stepsTowards>, string[]]>([
  ["as it should be", [wanted(["1", A]), [listed("x", A)], { "1": "x" }], []],
  ["a fresh app, and a stack from before: the one secret is known by its value", [wanted(["1", A]), [listed("x", A)], {}], []],
  ["a rotation: the new one comes beside the old one", [wanted(["2", B], ["1", A]), [listed("x", A)], { "1": "x" }], ["create 2"]],
  ["the end of the overlap", [wanted(["2", B]), [listed("x", A), listed("y", B)], { "1": "x", "2": "y" }], ["remove x"]],
  [
    "a second rotation inside the overlap: the oldest, which nobody uses any more, makes room first",
    [wanted(["3", C], ["2", B]), [listed("x", A), listed("y", B)], { "1": "x", "2": "y" }],
    ["remove x", "create 3"],
  ],
  ["without an overlap the new one comes first all the same", [wanted(["2", B]), [listed("x", A)], { "1": "x" }], ["create 2", "remove x"]],
  [
    "killed after the new one was made: it is taken up by its value",
    [wanted(["2", B], ["1", A]), [listed("x", A), listed("y", B)], { "1": "x" }],
    [],
  ],
  [
    "killed between deactivation and deletion",
    [wanted(["2", B]), [listed("x", A, "INACTIVE"), listed("y", B)], { "2": "y" }],
    ["remove x"],
  ],
  ["a leaked one whose value was replaced", [wanted(["1", C]), [listed("x", A)], { "1": "x" }], ["create 1", "remove x"]],
  ["one that somebody deactivated", [wanted(["1", A]), [listed("x", A, "INACTIVE"), listed("z", C)], { "1": "x" }], ["activate x"]],
  ["one that somebody removed", [wanted(["1", A]), [], { "1": "x" }], ["create 1"]],
  ["a second one of somebody else's stays", [wanted(["1", A]), [listed("x", A), listed("z", C)], { "1": "x" }], []],
])("%s", (_what, args, expected) => {
  expect(steps(...args)).toEqual(expected);
});

test("two active secrets of others leave no room, and are not removed", () => {
  expect(() => stepsTowards(wanted(["1", A]), [listed("y", B), listed("z", C)], {})).toThrow(
    "client secrets: expected room for 1 more (Okta holds 2), got 2 that this stack did not make and that are active.",
  );
});

test("an answer that shows beginning and end alone is enough to know a secret by", () => {
  const cut = (value: string): string => `${value.slice(0, 6)}......${value.slice(-6)}`;
  expect(heldNow(wanted(["1", A], ["2", B]), [listed("y", cut(B)), listed("x", cut(A))], {})).toEqual({ "1": "x", "2": "y" });
  expect(heldNow(wanted(["1", A]), [listed("x", "......"), { id: "y", status: "ACTIVE" }], {})).toEqual({});
});
