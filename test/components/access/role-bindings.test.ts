import type { RoleBindingsArgs } from "../../../components";
import * as kubernetes from "@pulumi/kubernetes";
import { only, secret, settled, simulate, unknown, type Registered, type World } from "../harness";

const clusterRoleBinding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const apiGroup = "rbac.authorization.k8s.io";

const operators = { subject: "okta:Kasten Users", displayName: "Kasten Users" };
const admins = { subject: "okta:Kasten Admins", displayName: "Kasten Admins" };

const bindings: RoleBindingsArgs["bindings"] = {
  "k10-basic-in-shop": {
    name: "gatehouse-k10-k10-basic",
    namespace: "shop",
    roleKind: "ClusterRole",
    roleName: "k10-basic",
    groups: [operators, admins],
  },
  "k10-admin": { name: "gatehouse-k10-k10-admin", roleKind: "ClusterRole", roleName: "k10-admin", groups: [admins] },
};

function bind(args: Partial<RoleBindingsArgs> = {}, world: World = {}) {
  return simulate(({ RoleBindings }) => new RoleBindings("k10-access", { platform: "k10", bindings, ...args }), world);
}

/** The bindings themselves are what is watched. */
const declared = (resources: readonly Registered[]): unknown[] =>
  resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);

test("one object per role and scope with all its groups, subjects sorted", async () => {
  const simulation = await bind();
  expect(simulation.resources).toEqual([
    { type: "gatehouse:index:RoleBindings", name: "k10-access", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
    {
      type: clusterRoleBinding,
      name: "k10-access-k10-admin",
      parent: "k10-access",
      inputs: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: {
          name: "gatehouse-k10-k10-admin",
          labels: { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": "k10" },
          annotations: { "pulumi.com/patchForce": "true", "gatehouse.dev/groups": "okta:Kasten Admins = Kasten Admins" },
        },
        roleRef: { apiGroup, kind: "ClusterRole", name: "k10-admin" },
        subjects: [{ apiGroup, kind: "Group", name: "okta:Kasten Admins" }],
      },
      secretOutputs: [],
      dependsOn: [],
      deleteBeforeReplace: true,
    },
    {
      type: roleBinding,
      name: "k10-access-k10-basic-in-shop",
      parent: "k10-access",
      inputs: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: {
          name: "gatehouse-k10-k10-basic",
          namespace: "shop",
          labels: { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": "k10" },
          annotations: {
            "pulumi.com/patchForce": "true",
            "gatehouse.dev/groups": "okta:Kasten Admins = Kasten Admins; okta:Kasten Users = Kasten Users",
          },
        },
        roleRef: { apiGroup, kind: "ClusterRole", name: "k10-basic" },
        subjects: [
          { apiGroup, kind: "Group", name: "okta:Kasten Admins" },
          { apiGroup, kind: "Group", name: "okta:Kasten Users" },
        ],
      },
      secretOutputs: [],
      dependsOn: [],
      deleteBeforeReplace: true,
    },
    {
      type: "pulumi-nodejs:dynamic/access:RestoredObjects",
      name: "k10-access-restored",
      parent: "k10-access",
      inputs: { __provider: expect.stringContaining("fieldManager=pulumi-kubernetes") as string, objects: declared(simulation.resources) },
      secretOutputs: [],
      dependsOn: ["k10-access-k10-admin", "k10-access-k10-basic-in-shop"],
    },
  ]);
  expect(await settled(simulation.result.names)).toEqual({
    value: ["gatehouse-k10-k10-admin", "gatehouse-k10-k10-basic"],
    known: true,
    secret: false,
  });
});

test("another group is another subject of the same resource; the order in the stack does not matter", async () => {
  const shop = bindings["k10-basic-in-shop"];
  if (shop === undefined) {
    throw new Error("The fixture lost its binding.");
  }
  const one = await bind({ bindings: { shop: { ...shop, groups: [operators] } } });
  const both = await bind({ bindings: { shop: { ...shop, groups: [admins, operators] } } });
  const turned = await bind({ bindings: { shop: { ...shop, groups: [operators, admins] } } });
  expect(only(one, roleBinding).name).toBe(only(both, roleBinding).name);
  expect(only(one, roleBinding).inputs.subjects).toEqual([{ apiGroup, kind: "Group", name: "okta:Kasten Users" }]);
  expect(turned.resources).toEqual(both.resources);
});

test("a binding keeps its name, so a replacement deletes the old one first", async () => {
  const simulation = await bind();
  expect(simulation.resources.filter(({ deleteBeforeReplace }) => deleteBeforeReplace === true).map(({ name }) => name)).toEqual([
    "k10-access-k10-admin",
    "k10-access-k10-basic-in-shop",
  ]);
});

test("bindings of another cluster than the stack's are watched there, by the settings of the program's provider", async () => {
  const simulation = await simulate(({ RoleBindings }) => {
    const providers = [new kubernetes.Provider("elsewhere", { context: "elsewhere" })];
    return new RoleBindings("k10-access", { platform: "k10", bindings }, { providers });
  });
  expect(only(simulation, "pulumi-nodejs:dynamic/access:RestoredObjects").inputs["cluster"]).toEqual(secret({ context: "elsewhere" }));
});

test("a namespaced Role is bound as such", async () => {
  const simulation = await bind({
    bindings: { ns: { name: "b", namespace: "kasten-io", roleKind: "Role", roleName: "k10-ns-admin", groups: [admins] } },
  });
  expect(only(simulation, roleBinding).inputs.roleRef).toEqual({ apiGroup, kind: "Role", name: "k10-ns-admin" });
});

test("without bindings nothing but the component is registered", async () => {
  const simulation = await bind({ bindings: {} });
  expect(simulation.resources.map(({ type }) => type)).toEqual(["gatehouse:index:RoleBindings"]);
  expect((await settled(simulation.result.names)).value).toEqual([]);
});

test("in a plan, a subject that is not known yet leaves role and name known", async () => {
  const simulation = await simulate(
    ({ RoleBindings, OktaDirectory }) => {
      const directory = new OktaDirectory("groups", { groups: { admins: { displayName: "Admins" } }, grantedGroups: [] });
      const subject = directory.groupIds.apply((ids) => `entra:${ids.admins ?? ""}`);
      return new RoleBindings("k10-access", {
        platform: "k10",
        bindings: { admin: { name: "b", roleKind: "ClusterRole", roleName: "k10-admin", groups: [{ subject, displayName: "Admins" }] } },
      });
    },
    { preview: true },
  );
  expect(only(simulation, clusterRoleBinding).inputs).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: {
      name: "b",
      labels: { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": "k10" },
      annotations: { "pulumi.com/patchForce": "true", "gatehouse.dev/groups": unknown },
    },
    roleRef: { apiGroup, kind: "ClusterRole", name: "k10-admin" },
    subjects: unknown,
  });
});
