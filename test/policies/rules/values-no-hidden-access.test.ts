import { stringify } from "yaml";
import { valuesNoHiddenAccess } from "../../../policies/rules/values-no-hidden-access";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const binding = (subject: object, role = "view") => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "helpers" },
  roleRef: { kind: "ClusterRole", name: role },
  subjects: [subject],
});
const people = { kind: "Group", name: "okta:Helpers" };
const account = { kind: "ServiceAccount", name: "metrics" };
const values = (content: object) => ({ change: { values: content } });
const bound = (path: string) => [
  `${path}: RoleBinding helpers: subjects[0].name: expected service accounts only: people are bound by the program, got "okta:Helpers"`,
];
const admin = (path: string) => [
  `${path}: RoleBinding helpers: rbac-no-cluster-admin: roleRef.name: expected the platform's own role, got "cluster-admin"`,
];

describeRule(valuesNoHiddenAccess, {
  passing: {
    type: releases[0],
    props: {
      chart: "k10",
      values: {
        extraManifests: [{ apiVersion: "v1", kind: "ConfigMap", data: { a: "b: c" } }, stringify(binding(account))],
        note: "kind: of",
      },
    },
  },
  violations: {
    "people in a mapping": {
      ...values({ prometheus: { extraManifests: [binding(people)] } }),
      messages: bound("values.prometheus.extraManifests[0]"),
    },
    "people in a text": { ...values({ extraObjects: [stringify(binding(people))] }), messages: bound("values.extraObjects[0] (as YAML)") },
    "people in JSON, under whatever name": {
      ...values({ whatever: JSON.stringify(binding(people)) }),
      messages: bound("values.whatever (as YAML)"),
    },
    "people in a second document": {
      ...values({ extra: `kind: ConfigMap\napiVersion: v1\n---\n${stringify(binding(people))}` }),
      messages: bound("values.extra (as YAML)"),
    },
    "people in a text with a template": {
      ...values({ extra: stringify(binding(people)).replace("metadata:", "metadata:\n  namespace: {{ .Release.Namespace }}") }),
      messages: bound("values.extra (as YAML)"),
    },
    "cluster-admin for a service account": {
      ...values({ extra: [binding(account, "cluster-admin")] }),
      messages: admin("values.extra[0]"),
    },
    "a role with wildcards": {
      ...values({
        extra: [{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "x" }, rules: [{ verbs: ["*"] }] }],
      }),
      messages: ['values.extra[0]: ClusterRole x: rbac-no-wildcards: rules[0].verbs: expected verbs by name, got ["*"]'],
    },
    "a token Secret": {
      ...values({ extra: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "x" }, type: "kubernetes.io/service-account-token" }] }),
      messages: [
        'values.extra[0]: Secret x: rbac-csr-webhook-token: type: expected no Secret that becomes a credential, got "kubernetes.io/service-account-token"',
      ],
    },
  },
});
