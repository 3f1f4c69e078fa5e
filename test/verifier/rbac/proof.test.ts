import fc from "fast-check";
import type { AccessRequest, PolicyRule } from "../../../model";
import { decideAccess, identityKeys, indexRbac, proveNoNewAccess, withImplicitGroups, type RbacState } from "../../../verifier/rbac";
import { account, binding, clusterBinding, clusterRole, group, request, role, state, user } from "./objects";

const prove = (before: RbacState, after: RbacState) => proveNoNewAccess({ rbac: before, people: {} }, { rbac: after, people: {} });
const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [""],
  resources,
  ...more,
});

/** What is gained, in one line each. */
function gained(before: RbacState, after: RbacState): string[] {
  return prove(before, after).gains.map(
    ({ who, request: asked, path }) => `${who.name}: ${Object.values(asked).filter(Boolean).join(" ")} by ${path.binding.name}`,
  );
}

const bound = (rules: PolicyRule[], ...names: string[]): RbacState =>
  state(
    clusterRole("r", rules),
    clusterBinding(
      "b",
      "r",
      names.map((name) => group(name)),
    ),
  );

test("nothing changed, nothing gained", () => {
  const same = bound([rule(["*"], ["*"])], "a");
  expect(prove(same, same)).toEqual({ holds: true, gains: [], undecided: [] });
});

test.each<[string, PolicyRule[], PolicyRule[], string[]]>([
  ["a verb", [rule(["get"], ["pods"])], [rule(["get", "list"], ["pods"])], ["Group a: list pods by b"]],
  ["fewer verbs", [rule(["get", "list"], ["pods"])], [rule(["get"], ["pods"])], []],
  ["one rule split into two", [rule(["get", "list"], ["pods"])], [rule(["get"], ["pods"]), rule(["list"], ["pods"])], []],
  [
    "a wildcard in place of many names",
    [rule(["get", "list", "create"], ["pods"])],
    [rule(["*"], ["pods"])],
    ["Group a: update pods by b"],
  ],
  ["within a wildcard", [rule(["*"], ["*"])], [rule(["bind"], ["pods/log"])], []],
  ["a subresource", [rule(["get"], ["pods"])], [rule(["get"], ["pods", "pods/exec"])], ["Group a: get pods exec by b"]],
  ["within every subresource of a name", [rule(["get"], ["*/log"])], [rule(["get"], ["pods/log"])], []],
  ["every subresource of a name", [rule(["get"], ["pods/log"])], [rule(["get"], ["*/log"])], ["Group a: get deployments log by b"]],
  [
    "a name is dropped",
    [rule(["get"], ["secrets"], { resourceNames: ["a"] })],
    [rule(["get"], ["secrets"])],
    ["Group a: get secrets by b"],
  ],
  [
    "one name more",
    [rule(["get"], ["x"], { resourceNames: ["a"] })],
    [rule(["get"], ["x"], { resourceNames: ["a", "b"] })],
    ["Group a: get x b by b"],
  ],
  ["names within all", [rule(["get"], ["x"])], [rule(["get"], ["x"], { resourceNames: ["a"] })], []],
  ["another API", [rule(["get"], ["x"])], [rule(["get"], ["x"], { apiGroups: ["apps"] })], ["Group a: get apps x by b"]],
  [
    "a path",
    [{ verbs: ["get"], nonResourceURLs: ["/a"] }],
    [{ verbs: ["get"], nonResourceURLs: ["/a*"] }],
    ["Group a: get /aunnamed by b"],
  ],
  ["within a prefix", [{ verbs: ["get"], nonResourceURLs: ["/a*"] }], [{ verbs: ["get"], nonResourceURLs: ["/ab*", "/a", "/a/b"] }], []],
])("%s", (_, before, after, wanted) => {
  expect(gained(bound(before, "a"), bound(after, "a"))).toEqual(wanted);
});

test("a subject more, and the smallest witness first", () => {
  const before = bound([rule(["get"], ["pods"])], "a");
  const after = state(
    clusterRole("r", [rule(["get"], ["pods"])]),
    clusterBinding("b", "r", [group("a"), group("b")]),
    binding("shop", "s", { kind: "ClusterRole", name: "r" }, [user("c")]),
  );
  expect(gained(before, after)).toEqual(["Group b: get pods by b", "User c: get pods shop by s"]);
});

test("a RoleBinding within a ClusterRoleBinding is no gain, the reverse is one, in every other namespace", () => {
  const namespaced = state(
    clusterRole("r", [rule(["get"], ["pods"])]),
    binding("shop", "s", { kind: "ClusterRole", name: "r" }, [group("a")]),
  );
  const whole = bound([rule(["get"], ["pods"])], "a");
  expect(prove(whole, namespaced).holds).toBe(true);
  expect(gained(namespaced, whole)).toEqual(["Group a: get pods by b"]);
});

test("what everybody signed in holds already is no gain", () => {
  const before = bound([rule(["get"], ["pods"])], "system:authenticated");
  const after = state(clusterRole("r", [rule(["get"], ["pods"])]), clusterBinding("b", "r", [group("system:authenticated"), group("b")]));
  expect(prove(before, after).holds).toBe(true);
  const robots = state(clusterRole("r", [rule(["get"], ["pods"])]), clusterBinding("b", "r", [account("ops", "robot")]));
  expect(prove(bound([rule(["get"], ["pods"])], "system:serviceaccounts:ops"), robots).holds).toBe(true);
  expect(gained(bound([rule(["get"], ["pods"])], "system:serviceaccounts:dev"), robots)).toEqual([
    "User system:serviceaccount:ops:robot: get pods by b",
  ]);
});

test("a person who joins a group is compared as a person, with what they held", () => {
  const rbac = state(
    clusterRole("r", [rule(["get"], ["pods"])]),
    clusterRole("w", [rule(["get"], ["pods"]), rule(["delete"], ["pods"])]),
    clusterBinding("b", "r", [group("readers"), group("others")]),
    clusterBinding("c", "w", [group("writers")]),
  );
  const joins = (groups: string[]) =>
    proveNoNewAccess({ rbac, people: { ana: ["Group readers"] } }, { rbac, people: { ana: ["Group readers", ...groups] } });
  expect(joins(["Group others"]).holds).toBe(true);
  const { gains } = joins(["Group writers"]);
  expect(gains.map(({ who, request: asked }) => [who, asked])).toEqual([[{ kind: "person", name: "ana" }, request("delete", "pods")]]);
});

test("a role without known rules decides nothing where its binding is new, and gives nothing new where it is not", () => {
  const old = state(clusterBinding("b", "elsewhere", [group("a")]));
  const more = state(clusterBinding("b", "elsewhere", [group("a"), group("b")]));
  expect(prove(old, old).holds).toBe(true);
  expect(prove(old, more)).toEqual({
    holds: false,
    gains: [],
    undecided: ["ClusterRoleBinding b names ClusterRole elsewhere, whose rules are not known"],
  });
});

// The proof decides by sets; here every request over a small alphabet is asked one by one, with values that no rule names.
const verbs = ["get", "list", "*"];
const resources = ["pods", "pods/log", "*/log", "*", "nodes"];
const arbitraryRule = fc.oneof(
  fc.record({
    verbs: fc.subarray(verbs, { minLength: 1 }),
    apiGroups: fc.subarray(["", "apps", "*"], { minLength: 1 }),
    resources: fc.subarray(resources, { minLength: 1 }),
    resourceNames: fc.subarray(["x", "y", "", "unnamed"]),
  }),
  fc.record({
    verbs: fc.subarray(verbs, { minLength: 1 }),
    nonResourceURLs: fc.subarray(["/a", "/a*", "/ab", "*", "/*", "/unnamed", "/unn*"], { minLength: 1 }),
  }),
);
const subjects = ["a", "b", "system:authenticated"];
const arbitraryState = fc
  .record({
    first: fc.array(arbitraryRule, { maxLength: 3 }),
    second: fc.array(arbitraryRule, { maxLength: 3 }),
    wide: fc.subarray(subjects),
    narrow: fc.subarray(subjects),
    own: fc.subarray(subjects),
  })
  .map(({ first, second, wide, narrow, own }) =>
    state(
      clusterRole("first", first),
      clusterRole("second", second),
      role("shop", "own", second),
      clusterBinding("wide", "first", wide.map(group)),
      binding("shop", "narrow", { kind: "ClusterRole", name: "first" }, narrow.map(group)),
      binding("shop", "own", { kind: "Role", name: "own" }, own.map(group)),
    ),
  );

const everyRequest: AccessRequest[] = [
  ...["get", "list", "other"].flatMap((verb) =>
    ["", "apps", "other"].flatMap((apiGroup) =>
      ["pods", "nodes", "other"].flatMap((resource) =>
        ["", "log", "other"].flatMap((subresource) =>
          ["", "x", "y", "unnamed", "other"].flatMap((name) =>
            ["", "shop", "other"].map((namespace) => ({ verb, apiGroup, resource, subresource, name, namespace })),
          ),
        ),
      ),
    ),
  ),
  ...["get", "list", "other"].flatMap((verb) => ["/a", "/ab", "/abc", "/unnamed", "/unnx", "/other"].map((path) => ({ verb, path }))),
];

test("agrees with asking every request of everybody", () => {
  fc.assert(
    fc.property(arbitraryState, arbitraryState, (before, after) => {
      const [was, is] = [indexRbac(before), indexRbac(after)];
      const somebody = subjects.map((name) => withImplicitGroups({ username: "nobody", groups: [name] }));
      const gains = somebody.some((identity) =>
        everyRequest.some((asked) => !decideAccess(was, identity, asked).allowed && decideAccess(is, identity, asked).allowed),
      );
      const proof = prove(before, after);
      expect(proof.holds).toBe(!gains);
      for (const { who, request: asked } of proof.gains) {
        const identity = withImplicitGroups({ username: "nobody", groups: [who.name.slice("Group ".length)] });
        expect(identityKeys(identity)).toContain(who.name);
        expect([decideAccess(was, identity, asked).allowed, decideAccess(is, identity, asked).allowed]).toEqual([false, true]);
      }
    }),
    { numRuns: 300, seed: 13 },
  );
});

test("`/*` and `*` give the same paths", () => {
  const paths = (url: string) => bound([{ verbs: ["get"], nonResourceURLs: [url] }], "a");
  expect(prove(paths("/*"), paths("*")).holds).toBe(true);
  expect(prove(paths("*"), paths("/*")).holds).toBe(true);
  expect(gained(paths("/a*"), paths("/*"))).toEqual(["Group a: get / by b"]);
});

test("a witness is new even where a rule names the word that stands for all others", () => {
  const before = bound([rule(["get"], ["x"], { resourceNames: ["", "unnamed"] })], "a");
  const { gains } = prove(before, bound([rule(["get"], ["x"])], "a"));
  expect(gains.map(({ request: asked }) => asked)).toEqual([request("get", "x", { name: expect.stringMatching(/.unnamed$/) as string })]);
});

test("system:masters: nothing is new to its members, and who joins it is not proven", () => {
  const none = state(clusterRole("r", [rule(["get"], ["pods"])]));
  const people = (keys: string[]) => ({ rbac: none, people: { ana: keys } });
  expect(proveNoNewAccess(people([]), people(["Group system:masters"]))).toMatchObject({
    holds: false,
    undecided: ["Group system:masters is allowed everything without a rule"],
  });
  const given = { rbac: bound([rule(["get"], ["pods"])], "a"), people: { ana: ["Group system:masters", "Group a"] } };
  const before = { rbac: given.rbac, people: { ana: ["Group system:masters"] } };
  expect(proveNoNewAccess(before, given).holds).toBe(true);
});

const many = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

// Each is within its bound by counting; without one the first would look at 10^12 rights.
test.each<[string, RbacState, RbacState]>([
  [
    "one rule of many combinations",
    bound([{ verbs: many(1_000, "v"), apiGroups: many(1_000, "g"), resources: many(1_000, "r"), resourceNames: many(1_000, "n") }], "a"),
    bound([{ verbs: many(1_000, "v"), apiGroups: many(1_000, "g"), resources: many(1_000, "r"), resourceNames: many(999, "n") }], "a"),
  ],
  [
    "many rules that overlap, in another order",
    bound(
      many(30_000, "r").map((name) => rule(["get", "list"], [name])),
      "a",
    ),
    bound(
      [...many(30_000, "r")].reverse().map((name) => rule(["get", "list"], [name])),
      "a",
    ),
  ],
  [
    "many subjects that hold much through system:authenticated",
    bound(
      many(2_000, "r").map((name) => rule(["get"], [name])),
      "system:authenticated",
    ),
    bound(
      many(2_000, "r")
        .reverse()
        .map((name) => rule(["get"], [name])),
      "system:authenticated",
      ...many(2_000, "team-"),
    ),
  ],
])("%s ends at the bound, undecided, with the reason", (_, before, after) => {
  const { holds, gains, undecided } = proveNoNewAccess({ rbac: before, people: {} }, { rbac: after, people: {} }, 100_000);
  expect({ holds, gains }).toEqual({ holds: false, gains: [] });
  expect(undecided).toEqual([
    expect.stringMatching(/^the comparison is larger than its bound: expected at most 100000 values of rules to look at, got more/),
  ]);
});

test("a gain that was found before the bound stays a gain, and the rest is undecided", () => {
  const rules = many(3_000, "r").map((name) => rule(["get"], [name]));
  const { holds, gains, undecided } = proveNoNewAccess(
    { rbac: bound(rules, "b", "c"), people: {} },
    { rbac: bound([rule(["delete"], ["pods"]), ...rules], "a", "b", "c"), people: {} },
    1_000,
  );
  expect(holds).toBe(false);
  expect(gains.map(({ who, request: asked }) => [who.name, asked])).toEqual([
    ["Group a", request("delete", "pods")],
    ["Group b", request("delete", "pods")],
  ]);
  expect(undecided).toHaveLength(1);
});
