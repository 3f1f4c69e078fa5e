import type { Finding, Subject } from "../rule";
import { allowedVerbs, describeAccess, rolesOf, type AccessRule } from "./rbac";

/** A resource of the Kubernetes API with the verbs on it that a rule refuses. */
export interface SensitiveAccess {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Whether naming single objects (resourceNames) makes it acceptable. */
  readonly acceptNamed?: boolean;
}

/**
 * One finding for each rule of a role that allows some of the sensitive access. Access through wildcards counts.
 * @param more what else a rule of a role allows that must not be, in words
 */
export function sensitiveAccess(
  resource: Subject,
  sensitive: readonly SensitiveAccess[],
  expected: string,
  more: (rule: AccessRule, all: readonly AccessRule[]) => readonly string[] = () => [],
): Finding[] {
  return rolesOf(resource).flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const found = [...sensitive.flatMap((access) => judge(rule, access)), ...more(rule, rules)];
      return found.length === 0 ? [] : [{ message: `${rule.path}: expected ${expected}, got ${found.join("; ")}` }];
    }),
  );
}

function judge(rule: AccessRule, { group, resource, verbs, acceptNamed }: SensitiveAccess): string[] {
  const allowed = allowedVerbs(rule, group, resource, verbs, acceptNamed);
  return allowed.length === 0 ? [] : [describeAccess(allowed, resource)];
}
