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

/** One finding for each rule of a role that allows some of the sensitive access. Access through wildcards counts. */
export function sensitiveAccess(resource: Subject, sensitive: readonly SensitiveAccess[], expected: string): Finding[] {
  return rolesOf(resource).flatMap(({ rules }) => rules.flatMap((rule) => judge(rule, sensitive, expected)));
}

function judge(rule: AccessRule, sensitive: readonly SensitiveAccess[], expected: string): Finding[] {
  const found = sensitive.flatMap(({ group, resource, verbs, acceptNamed }) => {
    if (acceptNamed && rule.named) {
      return [];
    }
    const allowed = allowedVerbs(rule, group, resource, verbs);
    return allowed.length === 0 ? [] : [describeAccess(allowed, resource)];
  });
  return found.length === 0 ? [] : [{ message: `${rule.path}: expected ${expected}, found ${found.join("; ")}` }];
}
