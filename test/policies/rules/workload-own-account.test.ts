import { workloadOwnAccount } from "../../../policies/rules/workload-own-account";
import { describeRule, type Fixture } from "../harness";

const account = (namespace: string): Fixture => ({
  type: "kubernetes:core/v1:ServiceAccount",
  name: "account",
  props: { metadata: { name: "metrics", namespace } },
});
const workload = (type: string, spec: object, namespace = "kasten-io"): Fixture => ({
  type: `kubernetes:${type}`,
  name: "workload",
  props: { metadata: { namespace }, spec },
});
const template = { template: { spec: { serviceAccountName: "k10-k10" } } };
const message = (path: string) => `${path}: expected an account that the program makes, got "k10-k10 in kasten-io"`;
const reported = (resource: Fixture, ...paths: string[]) => ({ resources: [resource], messages: paths.map(message) });

describeRule(workloadOwnAccount, {
  passing: [
    account("kube-system"),
    workload("apps/v1:Deployment", { template: { spec: { serviceAccountName: "metrics" } } }, "kube-system"),
  ],
  alsoPassing: {
    "the namespace's default account": { resources: [workload("core/v1:Pod", { serviceAccountName: "default" })] },
    "no account at all": { resources: [workload("core/v1:Pod", { serviceAccountName: "" })] },
    "a namespace of people": { resources: [workload("batch/v1:Job", template, "shop")] },
    "another list of namespaces": { resources: [workload("batch/v1:Job", template)], settings: { guardedNamespaces: ["backup"] } },
    "the provider's namespace, for both": {
      resources: [
        { ...account(""), props: { metadata: { name: "k10-k10" } }, provider: { namespace: "kasten-io" } },
        { ...workload("batch/v1:Job", template), props: { spec: template }, provider: { namespace: "kasten-io" } },
      ],
    },
    "an account whose name the engine gives": {
      resources: [{ ...account(""), name: "k10-k10", props: { metadata: { namespace: "kasten-io" } } }, workload("batch/v1:Job", template)],
    },
  },
  violations: {
    "a pod": reported(workload("core/v1:Pod", { serviceAccountName: "k10-k10" }), "spec.serviceAccountName"),
    "a pod by the older name": reported(workload("core/v1:Pod", { serviceAccount: "k10-k10" }), "spec.serviceAccount"),
    ...Object.fromEntries(
      [
        "apps/v1:Deployment",
        "apps/v1:DaemonSet",
        "apps/v1:StatefulSet",
        "apps/v1:ReplicaSet",
        "batch/v1:Job",
        "core/v1:ReplicationController",
      ].map((type) => [type, reported(workload(type, template), "spec.template.spec.serviceAccountName")]),
    ),
    "a schedule": reported(
      workload("batch/v1:CronJob", { jobTemplate: { spec: template } }),
      "spec.jobTemplate.spec.template.spec.serviceAccountName",
    ),
    "a list": {
      resources: [
        {
          type: "kubernetes:core/v1:PodList",
          props: { items: [{ metadata: { namespace: "kasten-io" }, spec: { serviceAccountName: "k10-k10" } }] },
        },
      ],
      messages: [message("items[0].spec.serviceAccountName")],
    },
    "an account of another name": {
      change: { "0 > metadata > name": "others" },
      messages: ['spec.template.spec.serviceAccountName: expected an account that the program makes, got "metrics in kube-system"'],
    },
    "an account of another namespace": {
      change: { "0 > metadata > namespace": "shop" },
      messages: ['spec.template.spec.serviceAccountName: expected an account that the program makes, got "metrics in kube-system"'],
    },
  },
});
