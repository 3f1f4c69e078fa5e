import type { PolicyRule } from "../../../model";
import { decideImpersonation, indexRbac, type Requester, type WantedIdentity } from "../../../verifier/rbac";
import { clusterBinding, clusterRole, request, state, user } from "./objects";

const robot: Requester = { username: "okta:robot", groups: [] };
const list = request("list", "pods");
const authentication = ["authentication.k8s.io"];

function decide(rules: PolicyRule[], wanted: WantedIdentity, requester = robot, constrained = true) {
  const index = indexRbac(state(clusterRole("r", rules), clusterBinding("b", "r", [user(requester.username)])));
  return decideImpersonation(index, requester, wanted, list, constrained);
}

const legacy: PolicyRule = { verbs: ["impersonate"], apiGroups: [""], resources: ["users", "groups", "serviceaccounts"] };
const onList = (mode: string): PolicyRule => ({ verbs: [`impersonate-on:${mode}:list`], apiGroups: [""], resources: ["pods"] });
const be = (mode: string, resources: string[]): PolicyRule => ({ verbs: [`impersonate:${mode}`], apiGroups: authentication, resources });

test("the old verb gives any user and group, and the API server adds system:authenticated", () => {
  expect(decide([legacy], { username: "bob", groups: ["g"] })).toEqual({
    mode: "legacy",
    identity: { username: "bob", groups: ["g", "system:authenticated"] },
    lacks: null,
  });
  expect(decide([legacy], { username: "bob", groups: ["system:masters"] }).mode).toBe("legacy");
  expect(decide([{ ...legacy, resources: ["users"] }], { username: "bob", groups: ["g"] })).toEqual({
    mode: null,
    identity: null,
    lacks: "impersonate groups g",
  });
});

test("constrained: the right to be somebody and the right to do this very thing so, and neither alone", () => {
  const bob: WantedIdentity = { username: "bob", groups: [] };
  expect(decide([onList("user-info"), be("user-info", ["users"])], bob).mode).toBe("user-info");
  expect(decide([be("user-info", ["users"])], bob).mode).toBeNull();
  expect(decide([onList("user-info")], bob).mode).toBeNull();
  expect(decide([onList("user-info"), be("user-info", ["users"])], bob, robot, false).mode).toBeNull();
});

test("constrained impersonation never gives system:masters", () => {
  const rules = [onList("user-info"), be("user-info", ["*"])];
  expect(decide(rules, { username: "bob", groups: ["g"] }).mode).toBe("user-info");
  expect(decide(rules, { username: "bob", groups: ["system:masters"] }).mode).toBeNull();
});

test("service accounts and nodes have modes of their own, with the groups that they always have", () => {
  const account: WantedIdentity = { username: "system:serviceaccount:shop:cart", groups: [] };
  expect(decide([onList("user-info"), be("user-info", ["*"])], account).mode).toBeNull();
  expect(decide([onList("serviceaccount"), be("serviceaccount", ["serviceaccounts"])], account).identity?.groups).toEqual([
    "system:serviceaccounts",
    "system:serviceaccounts:shop",
    "system:authenticated",
  ]);
  const node: WantedIdentity = { username: "system:node:n1", groups: [] };
  expect(decide([onList("arbitrary-node"), be("arbitrary-node", ["nodes"])], node)).toMatchObject({
    mode: "arbitrary-node",
    identity: { groups: ["system:nodes", "system:authenticated"] },
  });
});

test("a node's agent may be its own node alone, and the right is asked for all nodes", () => {
  const agent: Requester = { username: "system:serviceaccount:kube-system:agent", groups: [], node: "n1" };
  const rules = [onList("associated-node"), { ...be("associated-node", ["nodes"]), resourceNames: ["*"] }];
  expect(decide(rules, { username: "system:node:n1", groups: [] }, agent).mode).toBe("associated-node");
  expect(decide(rules, { username: "system:node:n2", groups: [] }, agent).mode).toBeNull();
});

test("four groups at once by the name star, three one by one", () => {
  const rules = [onList("user-info"), be("user-info", ["users"]), { ...be("user-info", ["groups"]), resourceNames: ["*"] }];
  expect(decide(rules, { username: "bob", groups: ["a", "b", "c", "d"] }).mode).toBe("user-info");
  expect(decide(rules, { username: "bob", groups: ["a", "b", "c"] }).lacks).toBe("impersonate users bob");
});

test("extra is a subresource by its key, with the value as the name", () => {
  const rules = [
    onList("user-info"),
    be("user-info", ["users"]),
    { ...be("user-info", ["userextras/example.com/team"]), resourceNames: ["red"] },
  ];
  const extra = (key: string, value: string): WantedIdentity => ({ username: "bob", groups: [], extra: { [key]: [value] } });
  expect(decide(rules, extra("example.com/team", "red")).mode).toBe("user-info");
  expect(decide(rules, extra("example.com/team", "blue")).mode).toBeNull();
  expect(decide([onList("user-info"), be("user-info", ["*"])], extra("team", "red")).mode).toBeNull();
});
