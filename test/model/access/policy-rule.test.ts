import { ruleAllows, ruleText, type AccessRequest, type PolicyRule } from "../../../model";

const ask = (verb: string, resource: string, subresource = "", name = "", apiGroup = ""): AccessRequest => ({
  verb,
  apiGroup,
  resource,
  subresource,
  name,
  namespace: "",
});

// Rows after k8s.io/kubernetes v1.36.3, plugin/pkg/auth/authorizer/rbac/rbac_test.go (TestRuleMatches) and pkg/apis/rbac/v1/evaluation_helpers.go.
test.each<[string, PolicyRule, AccessRequest, boolean]>([
  ["star matches everything", { verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, ask("get", "pods", "log", "x", "apps"), true],
  ["no verb, no right", { verbs: [], apiGroups: ["*"], resources: ["*"] }, ask("get", "pods"), false],
  ["no API group, no right", { verbs: ["*"], resources: ["*"] }, ask("get", "pods"), false],
  ["another API group", { verbs: ["get"], apiGroups: ["apps"], resources: ["pods"] }, ask("get", "pods"), false],
  ["verbs are told apart by case", { verbs: ["Get"], apiGroups: [""], resources: ["pods"] }, ask("get", "pods"), false],
  ["a resource is not its subresource", { verbs: ["get"], apiGroups: [""], resources: ["pods"] }, ask("get", "pods", "log"), false],
  ["a subresource is not its resource", { verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, ask("get", "pods"), false],
  ["a subresource by its whole name", { verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, ask("get", "pods", "log"), true],
  ["a subresource of anything", { verbs: ["get"], apiGroups: [""], resources: ["*/scale"] }, ask("get", "deployments", "scale"), true],
  ["nothing but that subresource", { verbs: ["get"], apiGroups: [""], resources: ["*/scale"] }, ask("get", "deployments", "status"), false],
  ["a star behind the slash is a name", { verbs: ["get"], apiGroups: [""], resources: ["pods/*"] }, ask("get", "pods", "log"), false],
  ["and matches that name", { verbs: ["get"], apiGroups: [""], resources: ["pods/*"] }, ask("get", "pods", "*"), true],
  ["*/* is the subresource star", { verbs: ["get"], apiGroups: [""], resources: ["*/*"] }, ask("get", "pods", "log"), false],
  ["a slash inside the resource matches whole", { verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, ask("get", "pods/log"), true],
  ["but is no subresource", { verbs: ["get"], apiGroups: [""], resources: ["*/log"] }, ask("get", "pods/log"), false],
  ["the right name", { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, ask("get", "pods", "", "a"), true],
  ["another name", { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, ask("get", "pods", "", "b"), false],
  ["no name", { verbs: ["list"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, ask("list", "pods"), false],
  ["a star is no name", { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["*"] }, ask("get", "pods", "", "a"), false],
  ["a path", { verbs: ["get"], nonResourceURLs: ["/metrics"] }, { verb: "get", path: "/metrics" }, true],
  ["a path below", { verbs: ["get"], nonResourceURLs: ["/metrics"] }, { verb: "get", path: "/metrics/x" }, false],
  ["a prefix", { verbs: ["get"], nonResourceURLs: ["/metrics/*"] }, { verb: "get", path: "/metrics/x" }, true],
  ["a prefix with its slash", { verbs: ["get"], nonResourceURLs: ["/metrics/*"] }, { verb: "get", path: "/metrics" }, false],
  ["several stars at the end are one", { verbs: ["get"], nonResourceURLs: ["/a**"] }, { verb: "get", path: "/abc" }, true],
  ["a star inside is a character", { verbs: ["get"], nonResourceURLs: ["/a*/b"] }, { verb: "get", path: "/axx/b" }, false],
  ["every path", { verbs: ["*"], nonResourceURLs: ["*"] }, { verb: "put", path: "/x" }, true],
  ["resources give no paths", { verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verb: "get", path: "/metrics" }, false],
])("%s", (_, rule, request, allowed) => {
  expect(ruleAllows(rule, request)).toBe(allowed);
});

test("a rule in words", () => {
  expect(ruleText({ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"], resourceNames: ["a"] })).toBe(
    "get, list pods, pods/log (core), only the name a",
  );
  expect(ruleText({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] })).toBe("any verb on everything (any API)");
  expect(ruleText({ verbs: ["get"], nonResourceURLs: ["/metrics"] })).toBe("get /metrics");
});
