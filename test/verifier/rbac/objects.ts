import type { PolicyRule, ResourceRequest } from "../../../model";
import { readRbacObjects, type RbacState } from "../../../verifier/rbac";

const apiVersion = "rbac.authorization.k8s.io/v1";

/** `get secrets` and the like as a request in no namespace. */
export function request(verb: string, resource: string, more: Partial<ResourceRequest> = {}): ResourceRequest {
  return { verb, apiGroup: "", resource, subresource: "", name: "", namespace: "", ...more };
}

export function clusterRole(name: string, rules: readonly PolicyRule[], labels: Record<string, string> = {}) {
  return { apiVersion, kind: "ClusterRole", metadata: { name, labels }, rules };
}

export function role(namespace: string, name: string, rules: readonly PolicyRule[]) {
  return { apiVersion, kind: "Role", metadata: { name, namespace }, rules };
}

interface SubjectLike {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export function clusterBinding(name: string, roleName: string, subjects: readonly SubjectLike[]) {
  return { apiVersion, kind: "ClusterRoleBinding", metadata: { name }, roleRef: { kind: "ClusterRole", name: roleName }, subjects };
}

export function binding(namespace: string, name: string, roleRef: { kind: string; name: string }, subjects: readonly SubjectLike[]) {
  return { apiVersion, kind: "RoleBinding", metadata: { name, namespace }, roleRef, subjects };
}

export const group = (name: string): SubjectLike => ({ kind: "Group", name });
export const user = (name: string): SubjectLike => ({ kind: "User", name });
export const account = (namespace: string, name: string): SubjectLike => ({ kind: "ServiceAccount", name, namespace });

export function state(...objects: unknown[]): RbacState {
  return readRbacObjects(objects);
}
