import { rbacExecNodesProxy } from "../../../policies/rules/rbac-exec-nodes-proxy";
import { describeRule } from "../harness";

const violation = (resource: string, verbs: string[], found: string) => ({
  change: { "rules > 0": { apiGroups: [""], resources: [resource], verbs } },
  messages: [`rules[0]: expected no exec, attach or node proxy, found ${found}`],
});

describeRule(rbacExecNodesProxy, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
    props: { rules: [{ apiGroups: [""], resources: ["pods", "pods/log", "nodes"], verbs: ["get", "list"] }] },
  },
  violations: {
    shells: violation("pods/exec", ["create"], "create on pods/exec"),
    attaching: violation("pods/attach", ["get", "create"], "create, get on pods/attach"),
    "the kubelet, by get alone": violation("nodes/proxy", ["get"], "get on nodes/proxy"),
    "every exec": violation("*/exec", ["create"], "create on pods/exec"),
  },
});
