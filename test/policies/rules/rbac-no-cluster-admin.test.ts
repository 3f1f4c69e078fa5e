import { breakGlassAnnotation, expiresAnnotation, rbacNoClusterAdmin } from "../../../policies/rules/rbac-no-cluster-admin";
import { describeRule, unknown } from "../harness";

const expires = `metadata > annotations > ${expiresAnnotation}`;
const path = `metadata.annotations['${expiresAnnotation}']`;

describeRule(rbacNoClusterAdmin, {
  passing: {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    props: {
      metadata: { annotations: { [breakGlassAnnotation]: "incident 4711", [expiresAnnotation]: "2026-11-25" } },
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "okta:Incident" }],
    },
  },
  alsoPassing: {
    "an end today": { change: { [expires]: "2026-11-23" } },
    "an end on the last day allowed": { change: { [expires]: "2026-11-30" } },
    "a role that is not known yet": { change: { metadata: undefined, "roleRef > name": unknown } },
    "another role": { change: { metadata: undefined, "roleRef > name": "k10-admin" } },
    "a namespaced role of that name": { change: { metadata: undefined, "roleRef > kind": "Role" } },
  },
  violations: {
    "cluster-admin": {
      change: { metadata: undefined },
      messages: ['roleRef.name: expected the platform\'s own role, found "cluster-admin"'],
    },
    "cluster-admin without a reason": {
      change: { [`metadata > annotations > ${breakGlassAnnotation}`]: "" },
      messages: ['roleRef.name: expected the platform\'s own role, found "cluster-admin"'],
    },
    "cluster-admin in a namespace": {
      resources: [
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
          props: { roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects: [] },
        },
      ],
      messages: ['roleRef.name: expected the platform\'s own role, found "cluster-admin"'],
    },
    "break glass without an end": { change: { [expires]: undefined }, messages: [`${path}: expected a date (YYYY-MM-DD), found nothing`] },
    "an end that is no date": {
      change: { [expires]: "2026-11-31" },
      messages: [`${path}: expected a date (YYYY-MM-DD), found "2026-11-31"`],
    },
    "an end that has passed": {
      change: { [expires]: "2026-11-22" },
      messages: [`${path}: expected a date that is not over, found "2026-11-22"`],
    },
    "an end one day too far": {
      change: { [expires]: "2026-12-02" },
      messages: [`${path}: expected a date at most 7 days away, found "2026-12-02"`],
    },
    "an end far away": {
      change: { [expires]: "2027-01-01" },
      messages: [`${path}: expected a date at most 7 days away, found "2027-01-01"`],
    },
    "an end further away than configured": {
      settings: { breakGlassDays: 1 },
      messages: [`${path}: expected a date at most 1 days away, found "2026-11-25"`],
    },
    "another role that counts as cluster-admin": {
      change: { metadata: undefined, "roleRef > name": "root" },
      settings: { adminRoles: ["root"] },
      messages: ['roleRef.name: expected the platform\'s own role, found "root"'],
    },
  },
});
