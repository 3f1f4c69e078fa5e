/** Bindings to programs: those that the stack knows of are no drift; a platform's own account with the cluster's roles is. */
import { bindingDrift } from "../../../cli/drift/bindings";
import type { LiveBinding } from "../../../cli/drift/types";
import type { EnvironmentDocument } from "../../../model";
import { deployed } from "../engine-output";

const roleOf = (namespace: string) => ({
  kind: "RoleBinding" as const,
  namespace,
  roleRef: { kind: "ClusterRole" as const, name: "k10-basic" },
});
const known = (until: string | null = null): EnvironmentDocument => ({
  ...deployed(),
  serviceAccounts: [
    {
      platform: "k10",
      account: { namespace: "ci", name: "backup" },
      role: "basic",
      permits: "backs up",
      namespaces: ["shop"],
      owner: "Platform Team",
      until,
      roles: [roleOf("shop")],
    },
  ],
});
const account = (name: string, namespace: string) => ({ kind: "ServiceAccount", name, namespace });
const give = (subjects: LiveBinding["subjects"], more: Partial<LiveBinding> = {}): LiveBinding => ({
  kind: "RoleBinding",
  name: "ci",
  namespace: "shop",
  roleRef: { kind: "ClusterRole", name: "k10-basic" },
  subjects,
  ...more,
});
const shadows = (document: EnvironmentDocument, binding: LiveBinding, today = "2026-11-23"): string[] =>
  bindingDrift(document, [binding], new Set(), today)
    .filter(({ kind }) => kind === "shadow-access")
    .map(({ what, detail }) => `${what} ${detail}`);

describe("a program that the stack knows", () => {
  test.each([
    ["as a service account", account("backup", "ci")],
    ["as a user", { kind: "User", name: "system:serviceaccount:ci:backup" }],
  ])("%s is no drift, until its last day", (_, subject) => {
    expect(shadows(known(), give([subject]))).toEqual([]);
    expect(shadows(known("2026-11-23"), give([subject]))).toEqual([]);
    expect(shadows(known("2026-11-22"), give([subject]))).toHaveLength(1);
    expect(shadows(deployed(), give([subject]))).toHaveLength(1);
  });

  test.each<[string, LiveBinding]>([
    ["another account", give([account("other", "ci")])],
    ["its name in another namespace", give([account("backup", "web")])],
    ["another role", give([account("backup", "ci")], { roleRef: { kind: "ClusterRole", name: "k10-admin" } })],
    ["another namespace", give([account("backup", "ci")], { namespace: "billing" })],
    ["the whole cluster", give([account("backup", "ci")], { kind: "ClusterRoleBinding", namespace: undefined })],
  ])("%s is", (_, binding) => {
    expect(shadows(known(), binding)).toHaveLength(1);
  });

  test("who else is in its binding is named alone", () => {
    expect(shadows(known(), give([account("backup", "ci"), account("other", "ci")]))).toEqual([
      "RoleBinding shop/ci gives ClusterRole k10-basic to ServiceAccount ci/other; the stack does not declare it",
    ]);
  });
});

describe("an account of a platform's namespace with a role of the cluster's", () => {
  const everywhere = (role: string, subject: LiveBinding["subjects"][number], kind = "ClusterRole"): LiveBinding =>
    give([subject], {
      kind: "ClusterRoleBinding",
      name: "by-hand",
      namespace: undefined,
      roleRef: { kind: kind, name: role },
    });

  test.each(["cluster-admin", "admin", "edit"])("%s", (role) => {
    expect(shadows(deployed(), everywhere(role, account("helper", "kasten-io")))).toEqual([
      `ClusterRoleBinding by-hand gives ClusterRole ${role} to ServiceAccount kasten-io/helper; the stack does not declare it`,
    ]);
  });

  test.each<[string, LiveBinding]>([
    [
      "of the chart",
      {
        ...everywhere("cluster-admin", account("k10-k10", "kasten-io")),
        helm: { release: { name: "k10", namespace: "kasten-io" }, hook: false, edited: false },
      },
    ],
    ["that reads", everywhere("view", account("helper", "kasten-io"))],
    ["elsewhere", everywhere("cluster-admin", account("helper", "argocd"))],
  ])("%s is no finding", (_, binding) => {
    expect(shadows(deployed(), binding)).toEqual([]);
  });
});
