/** Ten faults that stacks for sign-in really have, and the rule that reports each. `docs/policies.md` prints them; a test program has them all. */
export interface Fault {
  readonly fault: string;
  readonly rule: string;
}

export const tenFaults: readonly Fault[] = [
  { fault: "The implicit grant is on", rule: "entra-no-implicit" },
  { fault: "A redirect URI has a wildcard", rule: "okta-redirect-https-exact" },
  { fault: "A client secret is valid for five years", rule: "entra-secret-max-lifetime" },
  { fault: "The groups filter is .*", rule: "okta-groups-filter-not-catch-all" },
  { fault: "A redirect URI is plain http", rule: "entra-redirect-https-exact" },
  { fault: "The application admits every tenant", rule: "entra-single-tenant" },
  { fault: "The client secret stands in Helm values", rule: "values-no-inline-secret" },
  { fault: "cluster-admin for system:authenticated", rule: "rbac-no-cluster-admin" },
  { fault: "A role with wildcard verbs", rule: "rbac-no-wildcards" },
  { fault: "A group may list Secrets", rule: "rbac-secrets-read" },
];
