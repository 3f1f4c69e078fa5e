import { z } from "zod";
import { describeReceived, GatehouseError, type PolicyRule } from "../../model";
import type { LabelSelector, RbacBinding, RbacRole, RbacState } from "./state";

/** What is wrong with a Kubernetes object. A closed union; docs/errors.md lists it. */
export const rbacObjectCodes = {
  rbac_object: "Something says that it is a role or a binding, and has not the shape of one: the API server would refuse it too.",
} as const;
export type RbacObjectCode = keyof typeof rbacObjectCodes;

/** Something says that it is an RBAC object and has not the shape of one; the API server would refuse it too. */
export class InvalidRbacObjectError extends GatehouseError<RbacObjectCode> {
  override readonly name = "InvalidRbacObjectError";
  constructor(message: string) {
    super("rbac_object", "refused", message);
  }
}

const texts = z.array(z.string()).nullish();

const ruleSchema = z.looseObject({
  verbs: texts,
  apiGroups: texts,
  resources: texts,
  resourceNames: texts,
  nonResourceURLs: texts,
});

const selectorSchema = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z.array(z.looseObject({ key: z.string(), operator: z.string(), values: texts })).nullish(),
});

const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
});

const roleSchema = z.looseObject({
  metadata: metadataSchema,
  rules: z.array(ruleSchema).nullish(),
  aggregationRule: z.looseObject({ clusterRoleSelectors: z.array(selectorSchema).nullish() }).nullish(),
});

const bindingSchema = z.looseObject({
  metadata: metadataSchema,
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().nullish() })).nullish(),
});

const objectSchema = z.looseObject({ apiVersion: z.string().optional(), kind: z.string(), items: z.array(z.unknown()).optional() });

const rbacKinds = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"] as const;
type RbacKind = (typeof rbacKinds)[number];

/**
 * The RBAC among Kubernetes objects: single ones and lists (`List`, `ClusterRoleList`); everything else is passed over.
 * @param namespace for namespaced objects that name none, as `kubectl apply -n` and Helm have it
 * @throws InvalidRbacObjectError with kind, name and path of the first that is malformed
 */
export function readRbacObjects(objects: readonly unknown[], namespace = "default"): RbacState {
  const roles: RbacRole[] = [];
  const bindings: RbacBinding[] = [];
  for (const { kind, value } of objects.flatMap((object) => rbacOf(object, undefined))) {
    if (kind === "Role" || kind === "ClusterRole") {
      roles.push(readRole(kind, value, namespace));
    } else {
      bindings.push(readBinding(kind, value, namespace));
    }
  }
  return { roles, bindings };
}

/** @param listed the kind that a list says its items have: they may leave it out */
function rbacOf(value: unknown, listed: RbacKind | undefined): { kind: RbacKind; value: unknown }[] {
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) {
    return listed === undefined ? [] : [{ kind: listed, value }];
  }
  const { kind, apiVersion = "", items } = parsed.data;
  if (items !== undefined) {
    const of = rbacKinds.find((candidate) => kind === `${candidate}List`);
    return items.flatMap((item) => rbacOf(item, of));
  }
  const found = rbacKinds.find((candidate) => candidate === kind);
  return found !== undefined && (apiVersion.startsWith("rbac.authorization.k8s.io/") || listed !== undefined)
    ? [{ kind: found, value }]
    : [];
}

function readRole(kind: "Role" | "ClusterRole", value: unknown, namespace: string): RbacRole {
  const { metadata, rules, aggregationRule } = parse(roleSchema, kind, value);
  const aggregation = aggregationRule?.clusterRoleSelectors?.map(selectorOf);
  return {
    kind,
    namespace: kind === "Role" ? metadata.namespace || namespace : "",
    name: metadata.name,
    labels: metadata.labels ?? {},
    rules: (rules ?? []).map(ruleOf),
    ...(kind === "ClusterRole" && aggregation !== undefined && { aggregation }),
  };
}

function selectorOf({ matchLabels, matchExpressions }: z.infer<typeof selectorSchema>): LabelSelector {
  return {
    matchLabels: matchLabels ?? {},
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: values ?? [] })),
  };
}

function ruleOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: z.infer<typeof ruleSchema>): PolicyRule {
  return {
    verbs: verbs ?? [],
    ...(apiGroups != null && apiGroups.length > 0 && { apiGroups }),
    ...(resources != null && resources.length > 0 && { resources }),
    ...(resourceNames != null && resourceNames.length > 0 && { resourceNames }),
    ...(nonResourceURLs != null && nonResourceURLs.length > 0 && { nonResourceURLs }),
  };
}

function readBinding(kind: "RoleBinding" | "ClusterRoleBinding", value: unknown, namespace: string): RbacBinding {
  const { metadata, roleRef, subjects } = parse(bindingSchema, kind, value);
  return {
    kind,
    namespace: kind === "RoleBinding" ? metadata.namespace || namespace : "",
    name: metadata.name,
    roleRef: { kind: roleRef.kind, name: roleRef.name },
    subjects: (subjects ?? []).map((subject) => ({ kind: subject.kind, name: subject.name, namespace: subject.namespace ?? "" })),
  };
}

function parse<Shape>(schema: z.ZodType<Shape>, kind: RbacKind, value: unknown): Shape {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String);
  const named = metadataSchema.safeParse((value as { metadata?: unknown } | null)?.metadata);
  throw new InvalidRbacObjectError(
    `${kind} ${named.success ? named.data.name : "(without a name)"}: ${path.join(".")}: expected what the API of Kubernetes takes, ` +
      `got ${describeReceived(valueAt(value, path), path)}. Fix: quote names that YAML reads as numbers or as true and false.`,
  );
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}
