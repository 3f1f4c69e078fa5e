import type { SceneAccount } from "../../access/reach";
import { builtInRules, type PolicyRule } from "../../access/rules";
import { compare } from "semver";
import { chartValue } from "../chart-values";

const everyVerb = ["*"];
const everything = ["*"];

/**
 * The rules of K10's roles for people, by the end of their names (docs.kasten.io/latest/access/rbac; templates/rbac.yaml of chart
 * 8.0.15). Later charts add rights within K10's own APIs, from which nothing follows.
 */
const roleRules: Readonly<Record<string, readonly PolicyRule[]>> = {
  "ClusterRole admin": [
    {
      verbs: everyVerb,
      apiGroups: [
        "actions.kio.kasten.io",
        "apps.kio.kasten.io",
        "config.kio.kasten.io",
        "datamover.kio.kasten.io",
        "dr.kio.kasten.io",
        "reporting.kio.kasten.io",
        "repositories.kio.kasten.io",
        "vault.kio.kasten.io",
      ],
      resources: everything,
    },
    { verbs: everyVerb, apiGroups: ["cr.kanister.io"], resources: everything },
    { verbs: ["create", "get", "list"], apiGroups: [""], resources: ["namespaces"] },
  ],
  "Role ns-admin": [
    { verbs: ["get", "update", "watch", "list"], apiGroups: ["apps"], resources: ["deployments"] },
    { verbs: ["get", "create", "delete", "list"], apiGroups: [""], resources: ["pods"] },
    { verbs: ["list", "patch"], apiGroups: ["apik10.kasten.io"], resources: ["k10s"] },
    { verbs: ["create", "delete", "get", "list", "update"], apiGroups: [""], resources: ["secrets", "configmaps"] },
    { verbs: ["create", "get", "delete"], apiGroups: [""], resources: ["services"] },
    { verbs: ["get", "create", "list", "delete"], apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"] },
  ],
};

interface Named {
  readonly kind: string;
  readonly name: string;
}

/** The rules of a role that a grant binds; undefined for one from which nothing follows. */
export function kastenRoleRules({ release }: { readonly release: string }, { kind, name }: Named): readonly PolicyRule[] | undefined {
  return name.startsWith(`${release}-`) ? roleRules[`${kind} ${name.slice(release.length + 1)}`] : undefined;
}

/** K10's roles for people, which nothing of its own but the default group `k10:admins` is bound to (templates/rbac.yaml, charts 5.0 to 9.0.7). */
export function kastenRoles(release: string): { kind: "ClusterRole" | "Role"; name: string }[] {
  const everywhere = ["admin", "basic", "config-view", "mc-admin", "virtualmachines-admin"];
  return [
    ...everywhere.map((name) => ({ kind: "ClusterRole" as const, name: `${release}-${name}` })),
    { kind: "Role", name: `${release}-ns-admin` },
  ];
}

interface Installed {
  readonly namespace: string;
  readonly release: string;
  readonly chart: { readonly version: string };
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * K10's own service accounts that the chart binds to cluster-admin. Newer charts have one account a Deployment (four of them in
 * ClusterRoleBinding kasten-cluster-admin), older ones, or serviceAccount.name, one for all.
 */
export function kastenAccounts({ namespace, release, chart, values }: Installed): SceneAccount[] {
  const named = chartValue(values, ["serviceAccount", "name"]);
  const one = typeof named === "string" && named !== "" ? named : `${release}-k10`;
  const separate = compare(chart.version, "8.0.0-0") >= 0 && one === `${release}-k10`;
  const names = separate ? ["controllermanager-svc", "dashboardbff-svc", "executor-svc", "kanister-svc"] : [one];
  return names.map((name) => ({
    namespace,
    name,
    held: (builtInRules("cluster-admin") ?? []).map((rule) => ({ rule })),
    runs: true,
    kanister: name === "kanister-svc" || !separate,
  }));
}
