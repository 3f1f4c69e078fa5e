import { rbacExecNodesProxy } from "../../../policies/rules/rbac-exec-nodes-proxy";
import { describeRule } from "../harness";

const violation = (resource: string, verbs: string[], got: string) => ({
  change: { "rules > 0": { apiGroups: [""], resources: [resource], verbs } },
  messages: [`rules[0]: expected no exec, attach or node proxy, got ${got}`],
});

describeRule(rbacExecNodesProxy, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    props: { rules: [{ apiGroups: [""], resources: ["pods", "pods/log", "nodes"], verbs: ["get", "list"] }] },
  },
  violations: {
    shells: violation("pods/exec", ["create"], "create on pods/exec"),
    attaching: violation("pods/attach", ["get", "create"], "create, get on pods/attach"),
    "a shell of one's own": violation("pods/ephemeralcontainers", ["patch"], "patch on pods/ephemeralcontainers"),
    "an update of it": violation("pods/ephemeralcontainers", ["update"], "update on pods/ephemeralcontainers"),
    "exec by get alone": violation("pods/exec", ["get"], "get on pods/exec"),
    "the kubelet, by create": violation("nodes/proxy", ["create"], "create on nodes/proxy"),
    "the kubelet, by get alone": violation("nodes/proxy", ["get"], "get on nodes/proxy"),
    "every exec": violation("*/exec", ["create"], "create on pods/exec"),
  },
});
