import type { EnvironmentDocument } from "../../model";

/** Version of the JSON form. A change that a reader of the old one would misread raises it. */
export const accessChangeVersion = "gatehouse.dev/access-change/v1";

/** What stands in an intended document for a value that only the update itself will give. */
export const unknownUntilUp = "(known after up)";

/** The environment that a stack file describes, before it is there: a document with {@link unknownUntilUp} in the gaps. */
export interface IntendedEnvironment {
  readonly document: EnvironmentDocument;
  /** Sentences about what is not known until `up`. */
  readonly unknown: readonly string[];
}

export const plannedOperations = ["create", "update", "replace", "delete"] as const;
export type PlannedOperation = (typeof plannedOperations)[number];

/** One resource that the engine would change. Property paths only: a value might be a secret. */
export interface PlannedResource {
  readonly operation: PlannedOperation;
  /** `okta:app/oAuth:OAuth` */
  readonly type: string;
  readonly name: string;
  /** Paths of the properties that change, sorted. */
  readonly properties: readonly string[];
  /** Hand-made changes that it undoes: `ClusterRoleBinding gatehouse-k10-k10-admin: takes away Group okta:Intruders`. */
  readonly restores?: readonly string[];
}

/** A rule of a policy pack that the plan breaks. */
export interface PolicyViolation {
  readonly rule: string;
  readonly level: "mandatory" | "advisory";
  /** Name of the resource; empty for a rule about the whole stack. */
  readonly resource: string;
  readonly message: string;
}

/** What the engine says about an update beside the environment. */
export interface EnginePlan {
  readonly resources: readonly PlannedResource[];
  /** Null where the engine's output does not carry the pack's findings. */
  readonly policies: readonly PolicyViolation[] | null;
}

/** Conditions that a pipeline can be made to fail on: a closed list, documented in docs/pipelines.md. */
export const findingKinds = {
  "widen-admin":
    "Somebody gains an administering role, or holds one longer than before; a choice hands administration out beside the grants; or another issuer, claim or prefix decides who administers, or sign-in is weakened where somebody administers.",
  widen: "Somebody gains any access, or holds it longer than before.",
  permanent: "Access without a last day is given, or a last day is taken away.",
  insecure: "A dangerous choice is newly written out.",
  redirect: "A redirect URI is added.",
  claims:
    "The issuer, a claim, a prefix, a scope, a grant type, what bounds the groups in a token, the client or the object of a group, what a grant binds, or what decides how hard a sign-in or a review is changes.",
  chart: "The source, the version or a value of a chart changes: a chart can bring access of its own.",
  undone: "An assignment, membership or binding is put back or made again as declared: what somebody changed by hand is undone.",
  lockout:
    "An assignment, membership or binding is replaced or deleted although its access stays, or a platform's own certificate does not fit its new host: people are locked out meanwhile.",
  review: "A grant that stays has a review that was missed: nobody decided about it in time.",
  unknown: "Something that decides about access is not known until `up`.",
  policy: "A rule of the policy pack is broken. A mandatory one always fails, named or not.",
  destroy: "A resource other than a binding, a membership, an assignment or a secret is deleted or replaced.",
} as const;

export type FindingKind = keyof typeof findingKinds;

export interface Finding {
  readonly kind: FindingKind;
  readonly text: string;
}

/** Who gains or loses: a person known by name, or a group whose members others manage. */
export interface Holder {
  readonly kind: "person" | "group";
  /** Sign-in name of a person, display name of a group. */
  readonly name: string;
}

/** One role of one holder in one place. */
export interface AccessLine {
  readonly holder: Holder;
  readonly platform: string;
  readonly platformTitle: string;
  readonly role: string;
  readonly permits: string;
  /** Whether the role administers: its name ends in `admin`, on every platform. */
  readonly administers: boolean;
  /** `everywhere`, a namespace, or `workspace <name>`. */
  readonly place: string;
  /** Last day in UTC; null without an end. */
  readonly until: string | null;
  /** Display names of the groups that give it, sorted. */
  readonly through: readonly string[];
  /** What the reader must know to judge the line. */
  readonly note: string | null;
}

/** Access that stays and ends on another day. */
export interface EndChange extends AccessLine {
  /** The last day so far; `until` is the new one. */
  readonly before: string | null;
  readonly becomes: "permanent" | "temporary" | "longer" | "shorter";
}

/** A fact that changes; null where there was, or will be, nothing. */
export interface FactChange {
  /** Null for the environment as a whole. */
  readonly platform: string | null;
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The change of access that an update would make. Equal inputs give equal changes. */
export interface AccessChange {
  readonly version: typeof accessChangeVersion;
  readonly stack: string;
  /** True when there is no environment yet. */
  readonly first: boolean;
  /** Sentences that a reviewer can act on, most important first; never empty. */
  readonly headline: readonly string[];
  readonly findings: readonly Finding[];
  readonly gains: readonly AccessLine[];
  readonly losses: readonly AccessLine[];
  readonly ends: readonly EndChange[];
  readonly platforms: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly redirectUris: readonly FactChange[];
  readonly claims: readonly FactChange[];
  /** What decides how hard a sign-in is, and who may change that. */
  readonly signIn: readonly FactChange[];
  readonly secrets: readonly FactChange[];
  readonly charts: readonly FactChange[];
  readonly risks: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** What happens to objects that give access, without a change of grants: sentences. */
  readonly accessObjects: readonly string[];
  /** Groups with grants whose members the stack does not know, so that nobody in them is counted. */
  readonly notExpanded: readonly string[];
  /** Grants that stay although their review was missed: sentences. */
  readonly missedReviews: readonly string[];
  readonly unknown: readonly string[];
  readonly policies: readonly PolicyViolation[] | null;
  readonly resources: readonly PlannedResource[];
}
