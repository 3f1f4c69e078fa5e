import type { AccessRequest, PolicyRule } from "../../../model";
import type { RbacIdentity } from "../../../verifier/rbac";
import { accountUser, apiGroups, names, namespaces, resources, urls, verbs, type ObjectSet, type RbacObject } from "./objects";
import type { Random } from "./random";

/** One SubjectAccessReview. */
export interface Question {
  readonly identity: RbacIdentity;
  readonly request: AccessRequest;
}

/** Half of the questions start from a binding and a rule of the set, so that yes is as frequent as no; then some parts are changed. */
export function randomQuestion(random: Random, set: ObjectSet, bound: readonly Aim[]): Question {
  const [first, ...rest] = bound;
  const aim = first !== undefined && random.chance(0.7) ? random.one([first, ...rest]) : undefined;
  return {
    identity: aim === undefined || random.chance(0.15) ? randomIdentity(random, set) : aimedIdentity(random, set, aim),
    request: aim === undefined ? randomRequest(random) : aimedRequest(random, aim),
  };
}

/** A subject, a rule and the place of their binding. */
export interface Aim {
  readonly subject: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly rule: PolicyRule;
  readonly namespace: string;
}

/** Every subject of the set's bindings with every rule that the cluster has for the binding's role. */
export function aimsOf(set: ObjectSet, rulesOf: (kind: string, namespace: string, name: string) => readonly PolicyRule[]): Aim[] {
  return set.objects.flatMap((binding: RbacObject) => {
    const roleRef = binding["roleRef"] as { kind: string; name: string } | undefined;
    const namespace = binding.metadata.namespace ?? "";
    if (roleRef === undefined) {
      return [];
    }
    const rules = rulesOf(roleRef.kind, roleRef.kind === "Role" ? namespace : "", roleRef.name);
    return (binding["subjects"] as Aim["subject"][]).flatMap((subject) => rules.map((rule) => ({ subject, rule, namespace })));
  });
}

function aimedIdentity(random: Random, set: ObjectSet, { subject, namespace }: Aim): RbacIdentity {
  switch (subject.kind) {
    case "User":
      return { username: subject.name, groups: random.some(set.groups, 0, 1) };
    case "Group":
      return { username: random.chance(0.2) ? "" : random.one(set.users), groups: [subject.name, ...random.some(set.groups, 0, 1)] };
    default: {
      const place = subject.namespace ?? (random.chance(0.8) ? namespace : random.one(namespaces));
      return { username: `system:serviceaccount:${place}:${subject.name}`, groups: [] };
    }
  }
}

function randomIdentity(random: Random, set: ObjectSet): RbacIdentity {
  const username = random.chance(0.3) ? accountUser(random, set.accounts) : random.one([...set.users, "nobody", "system:anonymous"]);
  const system = ["system:authenticated", "system:unauthenticated", "system:masters", "system:nodes", "system:serviceaccounts"];
  return { username, groups: [...random.some(set.groups, 0, 2), ...(random.chance(0.15) ? random.some(system, 1, 1) : [])] };
}

function aimedRequest(random: Random, { rule, namespace }: Aim): AccessRequest {
  const pick = (values: readonly string[] | undefined, others: readonly [string, ...string[]]): string => {
    const value =
      values === undefined || values.length === 0 || random.chance(0.12) ? random.one(others) : (random.some(values, 1, 1)[0] ?? "");
    return value === "*" && random.chance(0.9) ? random.one(others) : value;
  };
  const verb = pick(rule.verbs, verbs);
  const path = rule.nonResourceURLs?.length ? pick(rule.nonResourceURLs, urls) : undefined;
  if (path !== undefined) {
    return { verb, path: random.chance(0.5) ? path.replace(/\*+$/, random.one(["", "x", "/x", "*"])) : path };
  }
  return {
    verb,
    apiGroup: pick(rule.apiGroups, apiGroups),
    ...parts(random, pick(rule.resources, resources)),
    name: rule.resourceNames === undefined && random.chance(0.5) ? "" : pick(rule.resourceNames, names),
    namespace: random.chance(0.8) ? namespace : random.one(["", ...namespaces]),
  };
}

function randomRequest(random: Random): AccessRequest {
  return random.chance(0.15)
    ? { verb: random.one(verbs), path: random.one(urls) }
    : {
        verb: random.one(verbs),
        apiGroup: random.one(apiGroups),
        ...parts(random, random.one(resources)),
        name: random.one(names),
        namespace: random.one(["", ...namespaces]),
      };
}

/** A resource with its subresource apart, as requests have it; now and then in one, as only a review can ask. */
function parts(random: Random, whole: string): { resource: string; subresource: string } {
  const slash = whole.indexOf("/");
  if (slash < 0 || random.chance(0.05)) {
    return { resource: whole, subresource: random.chance(0.1) ? random.one(["log", "scale", "*"]) : "" };
  }
  const resource = whole.slice(0, slash);
  return {
    resource: resource === "*" && random.chance(0.8) ? random.one(["pods", "deployments"]) : resource,
    subresource: whole.slice(slash + 1),
  };
}
