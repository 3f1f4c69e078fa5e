import {
  compareText,
  type AccessRequest,
  type DocumentGrant,
  type EnvironmentDocument,
  type EvidenceTest,
  type PolicyRule,
  type ResourceRequest,
} from "../../model";
import {
  builtInState,
  declaredBindings,
  decideAccess,
  indexRbac,
  systemNames,
  withImplicitGroups,
  type RbacBinding,
  type RbacIdentity,
  type RbacIndex,
  type RbacState,
} from "../../verifier/rbac";
import { questionText } from "../rbac/question";

/** A question to the API server with the answer that follows from the declaration. */
export type Question = Omit<EvidenceTest, "answer">;

/** What the declaration alone gives: the cluster's roles, bound as declared, and what Kubernetes itself gives to everybody. */
export function declaredIndex(document: EnvironmentDocument, live: RbacState, today: string): RbacIndex {
  const holding = { ...document, access: document.access.filter(({ until }) => until === null || until >= today) };
  return indexRbac({ roles: live.roles, bindings: [...declaredBindings(holding).bindings, ...builtInState().bindings] });
}

const anybody: RbacIdentity = { username: "", groups: [systemNames.authenticated] };

/** The more telling first. */
const verbsByWeight = ["create", "update", "patch", "delete", "get", "list", "watch"];

/**
 * One request that a grant permits and that nobody else could make without it, by the rules of its roles.
 * @returns why there is none, where there is none
 */
export function permittedRequest(index: RbacIndex, grant: DocumentGrant): ResourceRequest | string {
  const bindings = grant.bindings.flatMap(({ kind, name, namespace = "", roleRef }): RbacBinding[] =>
    kind === "ClusterRoleBinding" || kind === "RoleBinding" ? [{ kind, name, namespace, roleRef, subjects: [] }] : [],
  );
  if (bindings.length === 0) {
    return "The platform decides by objects of its own, which the API server is not asked about.";
  }
  const missing = bindings.find((binding) => index.roleOf(binding) === undefined);
  if (missing !== undefined) {
    return `${missing.roleRef.kind} ${missing.roleRef.name} is not in the cluster: the grant gives nothing.`;
  }
  const requests = bindings.flatMap((binding) =>
    (index.roleOf(binding)?.rules ?? []).flatMap((rule) => requestsOf(rule, binding.namespace)),
  );
  const weight = ({ verb }: ResourceRequest): number => (verbsByWeight.includes(verb) ? verbsByWeight.indexOf(verb) : verbsByWeight.length);
  const order = (request: ResourceRequest): string => `${weight(request)} ${questionText(request)}`;
  const [first] = requests
    .filter((request) => !decideAccess(index, anybody, request).allowed)
    .sort((left, right) => compareText(order(left), order(right)));
  return first ?? "Its roles permit nothing that not everybody may do, or nothing at all.";
}

/** One request for each resource of a rule, of its most telling verb. */
function requestsOf(rule: PolicyRule, namespace: string): ResourceRequest[] {
  const verb = rule.verbs.includes("*") ? "create" : (verbsByWeight.find((one) => rule.verbs.includes(one)) ?? rule.verbs[0]);
  const named = rule.resourceNames?.[0] ?? "";
  return (rule.resources ?? []).flatMap((pattern) => {
    const [resource = "", subresource = ""] = (pattern === "*" ? "pods" : pattern).split("/");
    const apiGroup = rule.apiGroups?.includes("*") === true ? "" : (rule.apiGroups?.[0] ?? "");
    // A request to create names nothing, so no rule for names permits it.
    const usable = named !== "" && verb === "create" ? rule.verbs.find((one) => one !== "create" && one !== "*") : verb;
    return usable === undefined || resource === "*" ? [] : [{ verb: usable, apiGroup, resource, subresource, name: named, namespace }];
  });
}

const rbacGroup = "rbac.authorization.k8s.io";
const plain = { apiGroup: "", subresource: "", name: "", namespace: "" };

/** What hardly anybody should be able to do, the nearest to the grant first. */
function temptations(permitted: ResourceRequest | undefined): ResourceRequest[] {
  const elsewhere = ["kube-system", "default"].flatMap((namespace) =>
    permitted === undefined || permitted.namespace === "" || permitted.namespace === namespace ? [] : [{ ...permitted, namespace }],
  );
  return [
    ...elsewhere,
    { ...plain, verb: "create", apiGroup: rbacGroup, resource: "clusterrolebindings" },
    { ...plain, verb: "get", resource: "secrets", namespace: "kube-system" },
    { ...plain, verb: "create", resource: "pods", namespace: "kube-system" },
    { ...plain, verb: "impersonate", resource: "users" },
    { ...plain, verb: "delete", resource: "nodes" },
    { ...plain, verb: "delete", resource: "namespaces" },
  ];
}

/** One request that the declaration refuses to an identity; undefined where it refuses none of those that are asked. */
export function refusedRequest(index: RbacIndex, identity: RbacIdentity, permitted?: ResourceRequest): ResourceRequest | undefined {
  const whole = withImplicitGroups(identity);
  return temptations(permitted).find((request) => !decideAccess(index, whole, request).allowed);
}

/** Whether the declaration alone permits a request. */
export function declaredToAllow(index: RbacIndex, identity: RbacIdentity, request: AccessRequest): boolean {
  return decideAccess(index, withImplicitGroups(identity), request).allowed;
}

export function question(identity: RbacIdentity, request: ResourceRequest, expected: Question["expected"], why: string): Question {
  const { username, groups } = withImplicitGroups(identity);
  return { as: { user: username, groups: [...groups].sort(compareText) }, question: questionText(request), request, expected, why };
}
