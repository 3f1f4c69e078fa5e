import {
  accessOf,
  aggregated,
  decideAccess,
  indexRbac,
  InvalidRbacObjectError,
  pathText,
  readRbacObjects,
  selects,
  whoCan,
  withImplicitGroups,
} from "../../../verifier/rbac";
import { account, binding, clusterBinding, clusterRole, group, request, role, state, user } from "./objects";

const readPods = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] };

const index = indexRbac(
  state(
    clusterRole("reader", [readPods]),
    clusterRole("metrics", [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }]),
    role("shop", "reader", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }]),
    clusterBinding("b", "reader", [group("okta:readers"), account("ops", "robot")]),
    clusterBinding("gone", "not-there", [group("okta:ghosts")]),
    binding("shop", "s", { kind: "Role", name: "reader" }, [user("okta:ana"), account("", "local")]),
    binding("shop", "c", { kind: "ClusterRole", name: "reader" }, [group("okta:shop")]),
    binding("shop", "m", { kind: "ClusterRole", name: "metrics" }, [group("okta:shop")]),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "passed-over" } },
  ),
);
const decide = (username: string, groups: string[], ask: Parameters<typeof decideAccess>[2]) =>
  decideAccess(index, withImplicitGroups({ username, groups }), ask);

test("a group's binding in the whole cluster counts in every namespace and outside of any", () => {
  expect(decide("okta:bob", ["okta:readers"], request("list", "pods")).allowed).toBe(true);
  expect(decide("okta:bob", ["okta:readers"], request("get", "pods", { namespace: "shop", name: "x" })).allowed).toBe(true);
  expect(decide("okta:bob", ["okta:other"], request("list", "pods")).allowed).toBe(false);
});

test("a RoleBinding counts in its namespace alone, whichever kind of role it names", () => {
  expect(decide("okta:bob", ["okta:shop"], request("list", "pods", { namespace: "shop" })).allowed).toBe(true);
  expect(decide("okta:bob", ["okta:shop"], request("list", "pods", { namespace: "billing" })).allowed).toBe(false);
  expect(decide("okta:bob", ["okta:shop"], request("list", "pods")).allowed).toBe(false);
});

test("a path belongs to no namespace: a RoleBinding gives none", () => {
  expect(decide("okta:bob", ["okta:shop"], { verb: "get", path: "/metrics" }).allowed).toBe(false);
});

test("service accounts by their user name; a RoleBinding's own namespace stands in for a missing one", () => {
  expect(decide("system:serviceaccount:ops:robot", [], request("list", "pods")).allowed).toBe(true);
  const secrets = request("get", "secrets", { namespace: "shop", name: "x" });
  expect(decide("system:serviceaccount:shop:local", [], secrets).allowed).toBe(true);
  expect(decide("system:serviceaccount:billing:local", [], secrets).allowed).toBe(false);
});

test("the way is told, and a role that is not there", () => {
  const { by } = decide("okta:ana", [], request("get", "secrets", { namespace: "shop" }));
  expect(by === null || by === "superuser" ? by : pathText(by)).toBe("User okta:ana, by RoleBinding shop/s, Role shop/reader");
  expect(decide("x", ["okta:ghosts"], request("get", "pods"))).toEqual({
    allowed: false,
    by: null,
    dangling: ["ClusterRoleBinding gone: ClusterRole not-there is not there"],
  });
});

test("system:masters is not asked about", () => {
  expect(decide("x", ["system:masters"], request("anything", "at-all"))).toEqual({ allowed: true, by: "superuser", dangling: [] });
});

test("the groups that the API server adds", () => {
  const groupsOf = (username: string, groups: string[] = []) => withImplicitGroups({ username, groups }).groups;
  expect(groupsOf("okta:ana", ["okta:a"])).toEqual(["okta:a", "system:authenticated"]);
  expect(groupsOf("system:serviceaccount:ops:robot")).toEqual([
    "system:serviceaccounts",
    "system:serviceaccounts:ops",
    "system:authenticated",
  ]);
  expect(groupsOf("system:anonymous")).toEqual(["system:unauthenticated"]);
});

test("who can, each subject once, by place and name", () => {
  expect(whoCan(index, request("get", "pods", { namespace: "shop", name: "x" })).map(pathText)).toEqual([
    "Group okta:readers, by ClusterRoleBinding b, ClusterRole reader",
    "Group okta:shop, by RoleBinding shop/c, ClusterRole reader",
    "ServiceAccount ops/robot, by ClusterRoleBinding b, ClusterRole reader",
  ]);
  expect(whoCan(index, request("delete", "pods"))).toEqual([]);
});

test("everything that somebody holds", () => {
  expect(accessOf(index, { username: "okta:ana", groups: ["okta:readers"] }).map(pathText)).toEqual([
    "Group okta:readers, by ClusterRoleBinding b, ClusterRole reader",
    "User okta:ana, by RoleBinding shop/s, Role shop/reader",
  ]);
});

describe("aggregation", () => {
  const edit = { verbs: ["update"], apiGroups: [""], resources: ["pods"] };
  const gathers = (name: string, label: string, labels: Record<string, string> = {}) => ({
    ...clusterRole(name, [{ verbs: ["own"], apiGroups: [""], resources: ["overwritten"] }], labels),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: "true" } }] },
  });

  test("roles of roles, by name, each rule once, its own rules overwritten", () => {
    const whole = aggregated(
      state(
        gathers("top", "to-top"),
        gathers("middle", "to-middle", { "to-top": "true" }),
        clusterRole("z", [readPods], { "to-middle": "true" }),
        clusterRole("a", [edit, readPods], { "to-middle": "true" }),
      ),
    );
    expect(whole.roles.find(({ name }) => name === "top")?.rules).toEqual([edit, readPods]);
  });

  test("an aggregation without selectors empties the role", () => {
    const [only] = aggregated(state({ ...clusterRole("a", [readPods]), aggregationRule: {} })).roles;
    expect(only?.rules).toEqual([readPods]);
    const [none] = aggregated(state({ ...clusterRole("a", [readPods]), aggregationRule: { clusterRoleSelectors: [] } })).roles;
    expect(none?.rules).toEqual([]);
  });

  test.each([
    [{}, {}, true],
    [{ matchLabels: { a: "1" } }, { a: "1" }, true],
    [{ matchLabels: { a: "1" } }, { a: "2" }, false],
    [{ matchExpressions: [{ key: "a", operator: "In", values: ["1", "2"] }] }, { a: "2" }, true],
    [{ matchExpressions: [{ key: "a", operator: "In", values: ["1"] }] }, {}, false],
    [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, {}, true],
    [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, { a: "1" }, false],
    [{ matchExpressions: [{ key: "a", operator: "Exists" }] }, { a: "" }, true],
    [{ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, { a: "" }, false],
    [{ matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] }, { a: "2" }, false],
  ])("selector %j on %j: %s", (selector, labels, wanted) => {
    expect(selects(selector, labels)).toBe(wanted);
  });
});

describe("objects", () => {
  test("lists whose items do not say their kind, and namespaces that are left out", () => {
    const { roles, bindings } = readRbacObjects(
      [
        { kind: "RoleList", apiVersion: "rbac.authorization.k8s.io/v1", items: [{ metadata: { name: "a", namespace: "x" }, rules: null }] },
        { kind: "List", items: [role("y", "b", []), { kind: "Secret", apiVersion: "v1", metadata: {} }] },
        { ...binding("", "c", { kind: "Role", name: "a" }, []), metadata: { name: "c" }, subjects: null },
      ],
      "kasten-io",
    );
    expect(roles.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(["x/a", "y/b"]);
    expect(bindings.map(({ namespace, subjects }) => [namespace, subjects])).toEqual([["kasten-io", []]]);
  });

  test("what the API server would refuse is refused, with where", () => {
    expect(() => state({ ...clusterBinding("x", "y", []), subjects: [{ kind: "Group", name: 123 }] })).toThrow(
      new InvalidRbacObjectError(
        "ClusterRoleBinding x: subjects.0.name: expected what the API of Kubernetes takes, got 123. Fix: quote names that YAML reads as numbers or as true and false.",
      ),
    );
  });
});
