import { rbacNoEscalationVerbs } from "../../../policies/rules/rbac-no-escalation-verbs";
import { describeRule } from "../harness";

const rbac = "rbac.authorization.k8s.io";
const rule = (apiGroup: string, resource: string, ...verbs: string[]) => ({ apiGroups: [apiGroup], resources: [resource], verbs });
const violation = (changed: object, got: string) => ({
  change: { "rules > 0": changed },
  messages: [`rules[0]: expected no escalation verb, got ${got}`],
});

describeRule(rbacNoEscalationVerbs, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    props: { rules: [rule(rbac, "roles", "get", "list"), rule("", "users", "get"), rule("apps", "roles", "bind")] },
  },
  violations: {
    "binding roles": violation(rule(rbac, "roles", "bind"), "bind on roles"),
    "escalating cluster roles": violation(rule(rbac, "clusterroles", "get", "escalate"), "escalate on clusterroles"),
    "impersonating people": violation(rule("", "users", "impersonate"), "impersonate on users"),
    "impersonating groups": violation(rule("", "groups", "impersonate"), "impersonate on groups"),
    "impersonating service accounts": violation(rule("", "serviceaccounts", "impersonate"), "impersonate on serviceaccounts"),
    "impersonating by UID": violation(rule("authentication.k8s.io", "uids", "impersonate"), "impersonate on uids"),
    "impersonating in parts, who": violation(
      rule("authentication.k8s.io", "users", "impersonate:user-info"),
      "impersonate:user-info on users",
    ),
    "impersonating in parts, what": violation(
      rule("", "secrets", "impersonate-on:user-info:list"),
      "impersonate-on:user-info:list on secrets",
    ),
    "impersonating by attributes": violation(
      rule("authentication.k8s.io", "userextras/scopes", "impersonate"),
      "impersonate on userextras/scopes",
    ),
    "all of it through wildcards": violation(rule(rbac, "*", "*"), "bind, escalate on roles; bind, escalate on clusterroles"),
  },
});
