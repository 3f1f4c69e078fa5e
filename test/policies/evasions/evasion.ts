import type { Fixture } from "../harness";

/** Something dangerous, spelt so that a rule which looks for spellings lets it pass. */
export interface Evasion {
  /** How it tries to get by. */
  readonly kind: string;
  readonly name: string;
  /** A mandatory rule that names it. */
  readonly rule: string;
  readonly resources: readonly Fixture[];
}

const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";

/** The tools of the corpus: what most of its programs are made of. */
export const clusterRole = (rules: readonly object[], more: object = {}): Fixture => ({
  type: `${rbac}ClusterRole`,
  props: { metadata: { name: "helpers" }, rules, ...more },
});

export const binding = (role: string, subject: object, more: object = {}, kind = "ClusterRoleBinding"): Fixture => ({
  type: `${rbac}${kind}`,
  props: { metadata: { name: "helpers" }, roleRef: { kind: "ClusterRole", name: role }, subjects: [subject], ...more },
});

export const people = { kind: "Group", name: "okta:Helpers" };

export const release = (chart: string, values: unknown, more: object = {}): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  props: {
    chart,
    version: "1.2.3",
    name: "tool",
    namespace: "tool",
    atomic: true,
    resetValues: true,
    repositoryOpts: { repo: "https://charts.example.com" },
    values,
    ...more,
  },
});
