/** Bindings that neither the stack nor a platform's chart made: whoever holds a platform's role by them, or power over its namespace. */
import { bindingDrift } from "../../../cli/drift/bindings";
import { deployed, digest } from "../engine-output";
import { gatehouse, type Outcome } from "../harness";
import type { EnvironmentDocument } from "../../../model";

const rbac = "/apis/rbac.authorization.k8s.io/v1";

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
interface Binding {
  readonly metadata: Record<string, unknown>;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

const account = (name: string, namespace = "shop"): Subject => ({ kind: "ServiceAccount", name, namespace });
const user = (name: string): Subject => ({ kind: "User", name });
const group = (name: string): Subject => ({ kind: "Group", name });
const binding = (name: string, role: string, subjects: readonly Subject[], metadata: Record<string, unknown> = {}): Binding => {
  const [kind = "", roleName = ""] = role.split("/");
  return { metadata: { name, ...metadata }, roleRef: { kind, name: roleName }, subjects };
};

/** What Helm writes, and the API server about who wrote it (managedFields, as of 1.31). */
const ofRelease = (name = "k10", namespace = "kasten-io", by = "helm", subjectsBy = by) => ({
  labels: { "app.kubernetes.io/managed-by": "Helm" },
  annotations: { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace },
  managedFields: [
    {
      manager: by,
      operation: "Update",
      apiVersion: "rbac.authorization.k8s.io/v1",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:metadata": { "f:annotations": { ".": {}, "f:meta.helm.sh/release-name": {}, "f:meta.helm.sh/release-namespace": {} } },
        "f:roleRef": {},
        ...(subjectsBy === by && { "f:subjects": {} }),
      },
    },
    ...(subjectsBy === by
      ? []
      : [{ manager: subjectsBy, operation: "Update", apiVersion: "rbac.authorization.k8s.io/v1", fieldsV1: { "f:subjects": {} } }]),
  ],
});

interface Cluster {
  readonly everywhere?: readonly Binding[];
  readonly within?: readonly Binding[];
  readonly roles?: Readonly<Record<string, { status: number; body: unknown }>>;
  readonly change?: (document: EnvironmentDocument) => EnvironmentDocument;
}

async function drift({ everywhere = [], within = [], roles = {}, change = (document) => document }: Cluster): Promise<Outcome> {
  const declared = deployed();
  const list = (kind: string, more: readonly Binding[]) => {
    const items = declared.access.flatMap(({ bindings, subject }) =>
      bindings
        .filter((one) => one.kind === kind)
        .map(({ name, namespace, roleRef }) => ({ metadata: { name, namespace }, roleRef, subjects: [subject] })),
    );
    return { status: 200, body: { metadata: {}, items: [...items, ...more] } };
  };
  return gatehouse(["drift", "--env", "d.json", "--format", "json"], {
    files: { "d.json": JSON.stringify(change(declared)) },
    run: { status: 0, stdout: digest({ before: declared }), stderr: "" },
    cluster: {
      [`${rbac}/clusterrolebindings`]: list("ClusterRoleBinding", everywhere),
      [`${rbac}/rolebindings`]: list("RoleBinding", within),
      ...roles,
    },
  });
}

const found = ({ stdout, stderr }: Outcome): string[] => {
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { findings: { kind: string; what: string; detail: string }[] }).findings.map(
    ({ kind, what, detail }) => `${kind}: ${what} ${detail}`,
  );
};
const said = (what: string, role: string, whom: string): string =>
  `shadow-access: ${what} gives ${role} to ${whom}; the stack does not declare it`;

describe("a platform's role", () => {
  test.each<[string, readonly Subject[], string]>([
    ["a service account", [account("robot")], "ServiceAccount shop/robot"],
    ["the platform's own", [account("default", "kasten-io")], "ServiceAccount kasten-io/default"],
    ["a person without the prefix", [user("mallory")], "User mallory"],
    ["a group without the prefix", [group("Kasten Admins")], "Group Kasten Admins"],
    ["a service account written as a user", [user("system:serviceaccount:shop:robot")], "User system:serviceaccount:shop:robot"],
    ["all accounts of a namespace", [group("system:serviceaccounts:shop")], "Group system:serviceaccounts:shop"],
    ["the nodes", [group("system:nodes")], "Group system:nodes"],
    ["several", [account("robot"), group("okta:Others"), user("mallory")], "ServiceAccount shop/robot, Group okta:Others, User mallory"],
  ])("to %s", async (_, subjects, whom) => {
    for (const role of ["k10-admin", "k10-basic", "k10-mc-admin", "k10-virtualmachines-admin"]) {
      const outcome = await drift({ everywhere: [binding("by-hand", `ClusterRole/${role}`, subjects)] });
      expect(outcome.status).toBe(5);
      expect(found(outcome)).toEqual([said("ClusterRoleBinding by-hand", `ClusterRole ${role}`, whom)]);
    }
  });

  test("in another namespace, and the Role in K10's own", async () => {
    const outcome = await drift({
      within: [
        binding("by-hand", "ClusterRole/k10-basic", [account("robot")], { namespace: "web" }),
        binding("by-hand", "Role/k10-ns-admin", [account("robot")], { namespace: "kasten-io" }),
        binding("of-others", "Role/k10-ns-admin", [account("robot")], { namespace: "web" }),
      ],
      roles: { [`${rbac}/namespaces/kasten-io/roles/k10-ns-admin`]: { status: 404, body: {} } },
    });
    expect(found(outcome)).toEqual([
      said("RoleBinding kasten-io/by-hand", "Role k10-ns-admin", "ServiceAccount shop/robot"),
      said("RoleBinding web/by-hand", "ClusterRole k10-basic", "ServiceAccount shop/robot"),
    ]);
  });

  test.each<[string, Binding]>([
    ["the cluster's owners", binding("x", "ClusterRole/k10-admin", [group("system:masters")])],
    ["K10's default group", binding("x", "ClusterRole/k10-admin", [group("k10:admins")])],
    ["nobody", binding("x", "ClusterRole/k10-admin", [])],
    ["a role of the cluster", binding("x", "ClusterRole/view", [account("robot")])],
    ["a role of another release", binding("x", "ClusterRole/k11-admin", [account("robot")])],
  ])("is no finding: %s", async (_, one) => {
    expect(found(await drift({ everywhere: [one] }))).toEqual([]);
  });
});

describe("the chart's own bindings", () => {
  const bound = [group("k10:admins"), account("k10-k10", "kasten-io"), user("admin@corp")];

  test.each<[string, Record<string, unknown>]>([
    ["by helm", ofRelease()],
    ["by Pulumi", ofRelease("k10", "kasten-io", "pulumi-resource-kubernetes")],
    ["by helm, and its subjects by a later upgrade through Pulumi", ofRelease("k10", "kasten-io", "helm", "pulumi-resource-kubernetes")],
    ["by helm of long ago", ofRelease("k10", "kasten-io", "Go-http-client", "helm")],
    ["without managed fields", { ...ofRelease(), managedFields: undefined }],
  ])("are nobody's work: %s", async (_, metadata) => {
    expect(found(await drift({ everywhere: [binding("kasten-io-k10-k10-admin", "ClusterRole/k10-admin", bound, metadata)] }))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["another release", ofRelease("other")],
    ["a release of that name elsewhere", ofRelease("k10", "shop")],
    ["labels alone", { labels: { "app.kubernetes.io/managed-by": "Helm", heritage: "Helm" } }],
    ["half of the annotations", { annotations: { "meta.helm.sh/release-name": "k10" } }],
  ])("are told from those of %s", async (_, metadata) => {
    const outcome = await drift({ everywhere: [binding("x", "ClusterRole/k10-admin", [account("robot")], metadata)] });
    expect(found(outcome)).toEqual([said("ClusterRoleBinding x", "ClusterRole k10-admin", "ServiceAccount shop/robot")]);
  });

  test.each(["kubectl-edit", "kubectl-patch", "kubectl", "argocd-controller", "Mozilla"])(
    "a subject that %s added counts, the chart's others do not",
    async (hand) => {
      const edited = [...bound.slice(0, 2), account("robot"), group("Intruders")];
      const outcome = await drift({
        everywhere: [binding("kasten-io-k10-k10-admin", "ClusterRole/k10-admin", edited, ofRelease("k10", "kasten-io", "helm", hand))],
      });
      expect(found(outcome)).toEqual([
        said("ClusterRoleBinding kasten-io-k10-k10-admin", "ClusterRole k10-admin", "ServiceAccount shop/robot, Group Intruders"),
      ]);
      expect(outcome.stdout).toContain("take them out of the binding, or out of the chart's values");
    },
  );

  test("another account of the platform's namespace, added by hand: all of them are named", async () => {
    const edited = [account("k10-k10", "kasten-io"), account("default", "kasten-io")];
    const metadata = ofRelease("k10", "kasten-io", "helm", "kubectl-edit");
    expect(found(await drift({ everywhere: [binding("x", "ClusterRole/k10-admin", edited, metadata)] }))).toEqual([
      said("ClusterRoleBinding x", "ClusterRole k10-admin", "ServiceAccount kasten-io/k10-k10, ServiceAccount kasten-io/default"),
    ]);
  });
});

describe("power over a platform's namespace", () => {
  const here = { namespace: "kasten-io" };
  const answer = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "r", namespace: "kasten-io" } };
  const role = (...rules: object[]) => ({ status: 200, body: { ...answer, rules } });
  const rule = (verbs: string[], resources: string[], apiGroups = [""]) => ({ apiGroups, resources, verbs });
  const within = [binding("by-hand", "Role/r", [account("robot")], here)];
  const path = `${rbac}/namespaces/kasten-io/roles/r`;

  test.each(["edit", "admin", "cluster-admin"])("by Kubernetes' own role %s", async (name) => {
    const outcome = await drift({ within: [binding("by-hand", `ClusterRole/${name}`, [account("robot")], here)] });
    expect(found(outcome)).toEqual([said("RoleBinding kasten-io/by-hand", `ClusterRole ${name}`, "ServiceAccount shop/robot")]);
  });

  test.each<[string, object]>([
    ["reads Secrets", rule(["get"], ["secrets"])],
    ["lists Secrets", rule(["list"], ["secrets"])],
    ["reads one Secret", { ...rule(["get"], ["secrets"]), resourceNames: ["k10-oidc-1"] }],
    ["does everything", rule(["*"], ["*"], ["*"])],
    ["makes tokens", rule(["create"], ["serviceaccounts/token"])],
    ["runs pods", rule(["create"], ["pods"])],
    ["changes workloads", rule(["patch"], ["deployments"], ["apps"])],
    ["enters pods", rule(["create"], ["pods/exec"])],
  ])("by a role that %s", async (_, one) => {
    const outcome = await drift({ within, roles: { [path]: role(one) } });
    expect(found(outcome)).toEqual([said("RoleBinding kasten-io/by-hand", "Role r", "ServiceAccount shop/robot")]);
  });

  test.each<[string, { status: number; body: unknown }]>([
    [
      "elects a leader",
      role(rule(["get", "create", "update"], ["leases"], ["coordination.k8s.io"]), rule(["get", "update"], ["configmaps"])),
    ],
    ["reads pods", role(rule(["get", "list", "watch"], ["pods", "pods/log", "services"]))],
    ["has no rules", { status: 200, body: { ...answer, rules: null } }],
    ["is not there", { status: 404, body: {} }],
  ])("not by a role that %s", async (_, read) => {
    expect(found(await drift({ within, roles: { [path]: read } }))).toEqual([]);
  });

  test("a role that cannot be read is no silence", async () => {
    const outcome = await drift({ within, roles: { [path]: { status: 403, body: {} } } });
    expect(outcome).toMatchObject({ status: 3, stdout: "" });
    expect(outcome.stderr).toContain("Fix: use an identity that may get roles and clusterroles.");
  });

  test("elsewhere it is the namespace's own business, and so is what the chart and OpenShift bring", async () => {
    const outcome = await drift({
      within: [
        binding("x", "ClusterRole/edit", [account("robot")], { namespace: "shop" }),
        binding("kasten-admin", "Role/kasten-admin", [account("auth-svc", "kasten-io")], { ...here, ...ofRelease() }),
        binding("system:deployers", "ClusterRole/system:deployer", [account("deployer", "kasten-io")], here),
        binding("hook", "ClusterRole/edit", [account("installer", "kasten-io")], {
          ...here,
          annotations: { "helm.sh/hook": "pre-install" },
        }),
      ],
    });
    expect(found(outcome)).toEqual([]);
  });

  test("a hook binds the chart's own accounts, and no others", async () => {
    const metadata = { ...here, annotations: { "helm.sh/hook": "pre-install" } };
    const outcome = await drift({ within: [binding("hook", "ClusterRole/edit", [account("robot")], metadata)] });
    expect(found(outcome)).toEqual([said("RoleBinding kasten-io/hook", "ClusterRole edit", "ServiceAccount shop/robot")]);
  });

  test("an owner's K10 that was rendered and applied: its own accounts, not others", async () => {
    const owners = (document: EnvironmentDocument): EnvironmentDocument => ({
      ...document,
      platforms: Object.fromEntries(
        Object.entries(document.platforms).map(([name, platform]) => [name, { ...platform, installed: true as const, charts: [] }]),
      ),
    });
    const metadata = { ...here, labels: { heritage: "Helm" } };
    const rendered = [
      binding("own", "ClusterRole/edit", [account("auth-svc", "kasten-io")], metadata),
      binding("others", "ClusterRole/edit", [account("robot")], metadata),
    ];
    expect(found(await drift({ within: rendered, change: owners }))).toEqual([
      said("RoleBinding kasten-io/others", "ClusterRole edit", "ServiceAccount shop/robot"),
    ]);
    expect(found(await drift({ within: rendered.slice(0, 1) }))).toHaveLength(1);
  });
});

test("KubeSphere: a role for the whole platform by hand, not its first account's and not a workspace's", () => {
  const { platforms, ...rest } = deployed();
  const kubesphere = Object.fromEntries(
    Object.entries(platforms).map(([name, { release: _release, ...platform }]) => [name, { ...platform, kind: "kubesphere4" }]),
  );
  const give = (name: string, kind: "GlobalRole" | "WorkspaceRole", role: string, who: string) => ({
    kind: kind === "GlobalRole" ? ("GlobalRoleBinding" as const) : ("WorkspaceRoleBinding" as const),
    name,
    roleRef: { kind, name: role },
    subjects: [{ kind: "User", name: who }],
  });
  const live = [
    give("admin", "GlobalRole", "platform-admin", "admin"),
    give("mallory-admin", "GlobalRole", "platform-admin", "mallory"),
    give("mallory-regular", "GlobalRole", "platform-regular", "mallory"),
    give("mallory-demo", "WorkspaceRole", "demo-admin", "mallory"),
  ];
  expect(
    bindingDrift({ ...rest, platforms: kubesphere }, live, new Set(), "2026-11-28").filter(({ kind }) => kind === "shadow-access"),
  ).toEqual([
    {
      kind: "shadow-access",
      what: "GlobalRoleBinding mallory-admin",
      detail: "gives GlobalRole platform-admin to User mallory; the stack does not declare it",
      fix: "delete the binding, or write the access into the stack file as a grant.",
    },
  ]);
});
