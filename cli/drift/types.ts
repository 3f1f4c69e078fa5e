import type { EnvironmentDocument } from "../../model";

/** What can be otherwise than declared: a closed list, documented in docs/pipelines.md. */
export const driftKinds = {
  "shadow-access":
    "A binding that neither the stack declares nor the platform's chart makes reaches a group or person of the environment, or everybody; or it gives anybody, service accounts included, a role of a platform or power over its Secrets and pods in its namespace.",
  "leftover-binding":
    "A binding from before the stack took a platform over gives one of the platform's roles to a name that nobody signs in by any more.",
  "missing-binding": "A declared binding is not there.",
  "changed-binding": "A declared binding has another role, or other subjects.",
  members: "A group whose members the stack lists has others.",
  "deleted-outside": "Something of the stack was deleted at the vendor or in the cluster.",
  "changed-at-provider":
    "Something at the identity provider that decides about tokens or sign-in, and that no resource of the stack reads back, is not as declared.",
  changed: "Something of the stack was changed outside.",
  "missed-review": "A grant stays although its review was missed.",
} as const;

/** What no finding can come from, said with every result: silence about it is no statement. */
export const notLookedAt = [
  "what roles permit, aggregated ones and a chart's own included (only which roles are bound)",
  "who may impersonate others, or make tokens and certificates",
  "members of groups that the stack does not list, and a group's groups",
  "assignments at the identity provider beside those that the stack's own resources read back",
] as const;

export type DriftKind = keyof typeof driftKinds;

/** One thing that is not as declared. */
export interface DriftFinding {
  readonly kind: DriftKind;
  /** The object: `ClusterRoleBinding somebody-else`, `okta:app/oAuth:OAuth k10-app`. */
  readonly what: string;
  /** What was expected and what came. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
}

export type BindingKind = EnvironmentDocument["access"][number]["bindings"][number]["kind"];

/** A binding as the cluster has it. */
export interface LiveBinding {
  readonly kind: BindingKind;
  readonly name: string;
  readonly namespace?: string;
  readonly workspace?: string;
  /** Of a platform's own RoleBinding; left out: Kubernetes' own. */
  readonly apiGroup?: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly LiveSubject[];
  /** Set where Helm made it, or says that it did. */
  readonly helm?: HelmMark;
}

export interface LiveSubject {
  readonly kind: string;
  readonly name: string;
  /** Of a service account. */
  readonly namespace?: string;
}

/** What says that a chart made an object. */
export interface HelmMark {
  /** The release, by Helm's own annotations; a hook has none, nor has what was rendered and applied by hand. */
  readonly release?: { readonly name: string; readonly namespace: string };
  readonly hook: boolean;
  /** Whether somebody else than the installer wrote the subjects last. */
  readonly edited: boolean;
}
