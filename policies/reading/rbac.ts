import type { Subject } from "../rule";
import { at, isProperties, items, text, texts, UNKNOWN, type Properties, type Value } from "../value";

/** One subject of a binding. Its name may be unknown at preview (group object IDs of Entra ID are). */
export interface BoundSubject {
  readonly path: string;
  readonly kind: string | undefined;
  readonly name: Value | undefined;
  readonly namespace: string | undefined;
}

export interface Binding {
  readonly urn: string;
  readonly path: string;
  readonly clusterWide: boolean;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly roleKind: string | undefined;
  readonly role: string | undefined;
  readonly subjects: readonly BoundSubject[];
  /** False when the whole list is unknown. */
  readonly subjectsKnown: boolean;
  readonly annotations: Value | undefined;
  readonly labels: Value | undefined;
}

export interface AccessRule {
  readonly path: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Whether it is limited to single objects (resourceNames), known or not. */
  readonly named: boolean;
  readonly nonResourceUrls: readonly string[];
}

export interface RoleObject {
  readonly clusterWide: boolean;
  readonly rules: readonly AccessRule[];
}

/** The bindings that a resource holds: one, or the items of a list. */
export function bindingsOf(resource: Subject): Binding[] {
  return objectsOf(resource, "RoleBindingList").map(({ object, path }) => ({
    urn: resource.urn,
    path,
    clusterWide: resource.type.includes(":ClusterRoleBinding"),
    name: text(object, "metadata", "name"),
    namespace: text(object, "metadata", "namespace"),
    roleKind: text(object, "roleRef", "kind"),
    role: text(object, "roleRef", "name"),
    subjects: items(object, "subjects").map((subject, index) => ({
      path: `${path}subjects[${index}].name`,
      kind: text(subject, "kind"),
      name: at(subject, "name"),
      namespace: text(subject, "namespace"),
    })),
    subjectsKnown: at(object, "subjects") !== UNKNOWN,
    annotations: at(object, "metadata", "annotations"),
    labels: at(object, "metadata", "labels"),
  }));
}

/** The roles that a resource holds. */
export function rolesOf(resource: Subject): RoleObject[] {
  return objectsOf(resource, "RoleList").map(({ object, path }) => ({
    clusterWide: resource.type.includes(":ClusterRole"),
    rules: items(object, "rules").map((rule, index) => ({
      path: `${path}rules[${index}]`,
      apiGroups: texts(rule, "apiGroups"),
      resources: texts(rule, "resources"),
      verbs: texts(rule, "verbs"),
      named: at(rule, "resourceNames") === UNKNOWN || items(rule, "resourceNames").length > 0,
      nonResourceUrls: texts(rule, "nonResourceURLs"),
    })),
  }));
}

function objectsOf(resource: Subject, listSuffix: string): { object: Properties; path: string }[] {
  if (!resource.type.endsWith(listSuffix)) {
    return [{ object: resource.properties, path: "" }];
  }
  return items(resource.properties, "items").flatMap((object, index) =>
    isProperties(object) ? [{ object, path: `items[${index}].` }] : [],
  );
}

/** The subjects of `kind` whose name is known. */
export function knownSubjects(binding: Binding, kind: "Group" | "User"): { path: string; name: string }[] {
  return binding.subjects.flatMap(({ path, kind: found, name }) => (found === kind && typeof name === "string" ? [{ path, name }] : []));
}

/** Whether everything that the binding serves is a service account (operators need cluster-wide bindings; people rarely do). */
export function servesOnlyServiceAccounts(binding: Binding): boolean {
  return binding.subjects.length > 0 && binding.subjects.every(({ kind }) => kind === "ServiceAccount");
}

/**
 * The verbs, of those asked for, that a rule allows on one resource (`secrets`, `pods/exec`) of one API group.
 * Wildcards count: a star reaches every resource, a star before a subresource reaches that subresource of every resource.
 */
export function allowedVerbs(rule: AccessRule, group: string, resource: string, verbs: readonly string[]): string[] {
  const reachesGroup = rule.apiGroups.includes("*") || rule.apiGroups.includes(group);
  const [, subresource] = resource.split("/");
  const reachesResource =
    rule.resources.includes("*") ||
    rule.resources.includes(resource) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`));
  if (!reachesGroup || !reachesResource) {
    return [];
  }
  return rule.verbs.includes("*") ? [...verbs] : verbs.filter((verb) => rule.verbs.includes(verb));
}

/** `get, list on secrets`. */
export function describeAccess(verbs: readonly string[], resource: string): string {
  return `${verbs.join(", ")} on ${resource}`;
}
