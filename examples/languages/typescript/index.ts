/** Kasten K10 behind Okta: a whole environment as one component, and a component by itself. */
import * as pulumi from "@pulumi/pulumi";
import * as gatehouse from "gatehouse";

const config = new pulumi.Config();

const production = new gatehouse.Environment("production", {
  idp: { kind: "okta", orgUrl: config.get("orgUrl") ?? "https://example.okta.com" },
  groups: {
    "backup-admins": { displayName: "Kasten Admins", members: ["ana@example.com"] },
    auditors: { existing: "Security Auditors" },
  },
  platforms: {
    k10: {
      kind: "kasten",
      host: "https://k10.example.com",
      chart: {
        version: "8.0.15",
        repository: config.get("chartRepository") ?? "https://charts.kasten.io/",
        wait: config.getBoolean("wait") ?? true,
      },
      access: [
        { group: "backup-admins", role: "admin" },
        { group: "auditors", role: "view", until: "2027-03-31" },
      ],
    },
  },
});

// What an on-call group may do in a namespace.
const onCall = new gatehouse.RoleBindings("on-call", {
  platform: "shop",
  bindings: {
    "view-shop": {
      name: "on-call-view",
      namespace: "shop",
      roleKind: "ClusterRole",
      roleName: "view",
      groups: [{ displayName: "On Call", subject: "okta:On Call" }],
    },
  },
});

export const environment = production.document;
export const bindings = onCall.names;
