/** One rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1, PolicyRule). A missing list is an empty one. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  /** Empty: every name, and requests without one. */
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** A request for objects of an API. What a request does not have is the empty text, as in the API server's own attributes. */
export interface ResourceRequest {
  readonly verb: string;
  /** Empty: the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for list, watch, create and deletecollection. */
  readonly name: string;
  /** Empty: an object of the whole cluster, or every namespace. */
  readonly namespace: string;
}

/** A request for a path beside the APIs, such as `/metrics`. Its verb is the HTTP method in lower case. */
export interface UrlRequest {
  readonly verb: string;
  readonly path: string;
}

export type AccessRequest = ResourceRequest | UrlRequest;

export function isUrlRequest(request: AccessRequest): request is UrlRequest {
  return "path" in request;
}

/**
 * Whether a rule allows a request, wherever it was granted: as RuleAllows of k8s.io/kubernetes v1.36.3
 * (plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/apis/rbac/v1/evaluation_helpers.go). The binding decides about namespaces.
 */
export function ruleAllows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!holds(rule.verbs, request.verb)) {
    return false;
  }
  if (isUrlRequest(request)) {
    return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, request.path));
  }
  const combined = request.subresource === "" ? request.resource : `${request.resource}/${request.subresource}`;
  return (
    holds(rule.apiGroups, request.apiGroup) &&
    (rule.resources ?? []).some((pattern) => resourceMatches(pattern, combined, request.subresource)) &&
    nameMatches(rule, request.name)
  );
}

function holds(patterns: readonly string[] = [], value: string): boolean {
  return patterns.includes("*") || patterns.includes(value);
}

/** Star is everything, subresources too; a star before a slash, and that subresource of everything. A star behind a slash is a name. */
function resourceMatches(pattern: string, combined: string, subresource: string): boolean {
  return pattern === "*" || pattern === combined || (subresource !== "" && pattern === `*/${subresource}`);
}

function nameMatches({ resourceNames = [] }: PolicyRule, name: string): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}

/** Only a star at the end is one: every star there is cut off (strings.TrimRight), and the rest is a prefix. */
function urlMatches(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.replace(/\*+$/, "")));
}

/** `get, list pods, pods/log (core), only the names a, b`, for people. */
export function ruleText(rule: PolicyRule): string {
  const verbs = listed(rule.verbs, "any verb on");
  const urls = rule.nonResourceURLs ?? [];
  if (urls.length > 0) {
    return `${verbs} ${urls.join(", ")}`;
  }
  const groups = (rule.apiGroups ?? []).map((group) => (group === "" ? "core" : group === "*" ? "any API" : group)).join(", ");
  const names = rule.resourceNames ?? [];
  const only = names.length === 0 ? "" : `, only ${names.length === 1 ? "the name" : "the names"} ${names.join(", ")}`;
  return `${verbs} ${listed(rule.resources ?? [], "everything")} (${groups})${only}`;
}

function listed(values: readonly string[], everything: string): string {
  return values.includes("*") ? everything : values.join(", ");
}
