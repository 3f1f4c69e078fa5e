/** Roles and bindings as rules judge them, whichever version, spelling or list they come in. */
import { ruleAllows, type PolicyRule } from "../../model/access/rules/policy-rule";
import type { Subject } from "../rule";
import { at, items, text, texts, unknownValue, type Value } from "../value";
import { objectsOf } from "./objects";

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

/** One rule of a role, as far as it is known. */
export interface AccessRule extends Required<PolicyRule> {
  readonly path: string;
}

export interface RoleObject {
  readonly clusterWide: boolean;
  readonly rules: readonly AccessRule[];
  /** Selectors of the ClusterRoles whose rules the controller puts into this one (aggregationRule). */
  readonly aggregates: readonly { readonly path: string; readonly selector: Value }[];
}

/** The bindings that a resource holds: one, or the items of a list. */
export function bindingsOf(resource: Subject): Binding[] {
  return objectsOf(resource).map(({ object, path }) => ({
    urn: resource.urn,
    path,
    clusterWide: resource.type.includes(":ClusterRoleBinding"),
    name: text(object, "metadata", "name"),
    // Where an object names none, the plugin takes its provider's.
    namespace:
      at(object, "metadata", "namespace") === undefined ? text(resource.provider, "namespace") : text(object, "metadata", "namespace"),
    roleKind: text(object, "roleRef", "kind"),
    role: text(object, "roleRef", "name"),
    subjects: items(object, "subjects").map((subject, index) => ({
      path: `${path}subjects[${index}].name`,
      kind: text(subject, "kind"),
      name: at(subject, "name"),
      namespace: text(subject, "namespace"),
    })),
    subjectsKnown: at(object, "subjects") !== unknownValue,
    annotations: at(object, "metadata", "annotations"),
    labels: at(object, "metadata", "labels"),
  }));
}

/** The roles that a resource holds. */
export function rolesOf(resource: Subject): RoleObject[] {
  return objectsOf(resource).map(({ object, path }) => ({
    clusterWide: resource.type.includes(":ClusterRole"),
    rules: items(object, "rules").map((rule, index) => ({
      path: `${path}rules[${index}]`,
      apiGroups: texts(rule, "apiGroups"),
      resources: texts(rule, "resources"),
      verbs: texts(rule, "verbs"),
      resourceNames: resourceNames(rule),
      nonResourceURLs: texts(rule, "nonResourceURLs"),
    })),
    aggregates: items(object, "aggregationRule", "clusterRoleSelectors").map((selector, index) => ({
      path: `${path}aggregationRule.clusterRoleSelectors[${index}]`,
      selector,
    })),
  }));
}

/** A list that is not known yet, or a name in it, names something: it is no rule over every object. */
function resourceNames(rule: Value): string[] {
  if (at(rule, "resourceNames") === unknownValue) {
    return [anotherName];
  }
  return items(rule, "resourceNames").flatMap((name) => (typeof name === "string" ? [name] : name === unknownValue ? [anotherName] : []));
}

/** The subjects of `kind` whose name is known. */
export function knownSubjects(binding: Binding, kind: "Group" | "User"): { path: string; name: string }[] {
  return binding.subjects.flatMap(({ path, kind: found, name }) => (found === kind && typeof name === "string" ? [{ path, name }] : []));
}

/** Whether everything that the binding serves is a service account (operators need cluster-wide bindings; people rarely do). */
export function servesOnlyServiceAccounts(binding: Binding): boolean {
  return binding.subjects.length > 0 && binding.subjects.every(({ kind }) => kind === "ServiceAccount");
}

/** A name that no rule knows. */
const anotherName = " ";

/**
 * The verbs, of those asked for, that a rule allows on one resource (`secrets`, `pods/exec`) of one API group, wildcards included.
 * With `anyObject` only where the rule reaches objects that it does not name, or requests without a name: `resourceNames: [""]` limits
 * nothing there (list, watch, create and deletecollection name no object).
 */
export function allowedVerbs(rule: AccessRule, group: string, path: string, verbs: readonly string[], anyObject = false): string[] {
  const [resource = "", subresource = ""] = path.split("/");
  const judged = anyObject ? rule : { ...rule, resourceNames: [] };
  return verbs.filter((verb) =>
    ["", `${anotherName}${anotherName}`].some((name) =>
      ruleAllows(judged, { verb, apiGroup: group, resource, subresource, name, namespace: "" }),
    ),
  );
}

/** `get, list on secrets`. */
export function describeAccess(verbs: readonly string[], resource: string): string {
  return `${verbs.join(", ")} on ${resource}`;
}
