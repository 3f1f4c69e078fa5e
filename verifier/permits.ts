import type { DocumentGrant } from "../model";
import type { EffectiveIdentity, TokenVerdict } from "./verdict";

/** What an accepted token permits, one sentence a grant; for any other verdict, one sentence that says why nothing. */
export function permits(verdict: TokenVerdict): string[] {
  if (verdict.outcome !== "accepted") {
    return [`Permits nothing at ${verdict.platform ?? "any platform of this environment"}: ${verdict.code ?? "refused"}.`];
  }
  return verdict.grants.map((grant) => {
    const places = [...(grant.workspaces ?? []), ...(grant.namespaces ?? [])];
    const where = places.length === 0 ? "" : ` (${places.join(", ")})`;
    const until = grant.until === null ? "" : `, until ${grant.until}`;
    return [`${grant.platform}: ${grant.permits}${where}, as ${grant.subject.name}${until}.`, ...(grant.reach ?? [])].join(" ");
  });
}

/** One RBAC object that works for a person. */
export interface EffectiveBinding {
  readonly subject: string;
  readonly role: string;
  readonly kind: DocumentGrant["bindings"][number]["kind"];
  readonly name: string;
  readonly namespace: string | null;
  readonly roleRef: DocumentGrant["bindings"][number]["roleRef"];
}

/** The effective RBAC of a verdict: its subjects times the bindings that the environment declares for them. Empty unless accepted. */
export function rbacOf(verdict: TokenVerdict): EffectiveBinding[] {
  return verdict.outcome === "accepted" ? verdict.grants.flatMap(bindingsOf) : [];
}

function bindingsOf(grant: DocumentGrant): EffectiveBinding[] {
  return grant.bindings.map(({ kind, name, namespace, roleRef }) => ({
    subject: grant.subject.name,
    role: grant.role,
    kind,
    name,
    namespace: namespace ?? null,
    roleRef,
  }));
}

/** What is asked of a cluster: the attributes of a SubjectAccessReview (authorization.k8s.io/v1). */
export interface AccessQuestion {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Asks the cluster; the caller decides with which client and credentials. */
export type Review = (subject: EffectiveIdentity, question: AccessQuestion) => Promise<{ allowed: boolean; reason?: string }>;

/**
 * Asks the live cluster what an identity may do. The group `system:authenticated` is added, since the API server adds it to
 * everyone whom it has authenticated.
 */
export async function reviewAccess(
  identity: EffectiveIdentity,
  questions: readonly AccessQuestion[],
  review: Review,
): Promise<{ question: AccessQuestion; allowed: boolean; reason: string | null }[]> {
  const subject = { username: identity.username, groups: [...identity.groups, "system:authenticated"] };
  const answers = [];
  for (const question of questions) {
    const { allowed, reason } = await review(subject, question);
    answers.push({ question, allowed, reason: reason ?? null });
  }
  return answers;
}
