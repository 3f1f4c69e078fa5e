import * as azuread from "@pulumi/azuread";
import * as kubernetes from "@pulumi/kubernetes";
import * as okta from "@pulumi/okta";

/*
 * A program that is wrong on purpose: each mandatory rule of the policy pack is broken at least once, the ten faults of
 * docs/policies.md among them. It is written the way such programs are found, not with our components, which refuse most of this.
 * Rules for Keycloak are missing: its provider is not among the lab's.
 */

// Entra ID: open to every tenant, implicit grant, plain http, every group in the token, tenant-wide permissions.
const application = new azuread.Application("k10-entra", {
  displayName: "K10",
  signInAudience: "AzureADMultipleOrgs",
  groupMembershipClaims: ["All"],
  web: {
    redirectUris: ["http://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
    implicitGrant: { accessTokenIssuanceEnabled: true, idTokenIssuanceEnabled: true },
  },
  requiredResourceAccesses: [
    // Microsoft Graph: User.Read.All as an application permission.
    {
      resourceAppId: "00000003-0000-0000-c000-000000000000",
      resourceAccesses: [{ id: "df021288-bdef-4463-88db-98f22de89214", type: "Role" }],
    },
  ],
});
new azuread.ServicePrincipal("k10-entra", { clientId: application.clientId });
// Five years.
const password = new azuread.ApplicationPassword("k10-entra", { applicationId: application.id, endDateRelative: "43800h" });
new azuread.ApplicationFederatedIdentityCredential("k10-entra", {
  applicationId: application.id,
  displayName: "ci",
  issuer: "https://token.actions.example.com",
  subject: "repo:example/*",
  audiences: ["api://AzureADTokenExchange"],
});

// Okta: a wildcard redirect, the password grant, every group in the token, everybody assigned.
const provider = new okta.Provider("okta", { orgName: "example", baseUrl: "okta.com", accessToken: "not-a-token" });
const app = new okta.app.OAuth(
  "k10-okta",
  {
    label: "K10",
    type: "web",
    grantTypes: ["authorization_code", "password"],
    responseTypes: ["code"],
    redirectUris: ["https://*.example.com/k10/auth-svc/v0/oidc/redirect"],
    wildcardRedirect: "SUBDOMAIN",
    implicitAssignment: true,
    // With an access token the provider skips this claim silently.
    groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: ".*" },
  },
  { provider },
);
const group = new okta.group.Group("admins", { name: "Kasten Admins" }, { provider });
new okta.AppGroupAssignments("k10-okta", { appId: app.id, groups: [{ id: group.id, profile: "{}" }] }, { provider });
new okta.app.GroupAssignment("k10-okta", { appId: app.id, groupId: group.id }, { provider });

// Kubernetes: everybody is cluster-admin, roles that reach everything, a bare group name.
const metadata = { namespace: "kasten-io" };
new kubernetes.rbac.v1.ClusterRoleBinding("everybody", {
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
});
new kubernetes.rbac.v1.ClusterRole("operators", {
  rules: [
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
    { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], verbs: ["bind", "escalate"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
  ],
});
new kubernetes.rbac.v1.RoleBinding("admins", {
  metadata,
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "k10-basic" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "Kasten Admins" }],
});

// An API server that believes any name, over http.
new kubernetes.core.v1.ConfigMap("apiserver", {
  metadata,
  data: {
    "authentication.yaml": [
      "apiVersion: apiserver.config.k8s.io/v1",
      "kind: AuthenticationConfiguration",
      "jwt:",
      "  - issuer: { url: 'http://idp.example.com', audiences: [k10] }",
      "    claimMappings:",
      "      username: { claim: email, prefix: '' }",
      "      groups: { claim: groups, prefix: '' }",
    ].join("\n"),
  },
});

// KubeSphere 4 with the scope that makes it drop all others.
new kubernetes.core.v1.Secret("kubesphere", {
  metadata: { ...metadata, labels: { "config.kubesphere.io/type": "identityprovider" } },
  type: "config.kubesphere.io/identityprovider",
  stringData: {
    "configuration.yaml": "name: okta\ntype: OIDCIdentityProvider\nmappingMethod: auto\nprovider:\n  scopes: [openid, email]\n",
  },
});

// Kasten K10: no version, the secret inline, verification off, basic authentication on an exposed dashboard.
new kubernetes.helm.v3.Release("k10", {
  name: "k10",
  chart: "k10",
  repositoryOpts: { repo: "https://charts.kasten.io/" },
  namespace: "kasten-io",
  values: {
    ingress: { create: true },
    auth: {
      basicAuth: { enabled: true },
      groupAllowList: ["Kasten Admins"],
      oidcAuth: {
        enabled: true,
        providerURL: "http://example.okta.com",
        redirectURL: "https://k10.example.com",
        scopes: "openid profile email groups",
        clientID: application.clientId,
        clientSecret: password.value,
        groupClaim: "groups",
        groupPrefix: "okta",
        insecureSkipVerify: true,
      },
    },
  },
});

// Dex with a client that needs no secret.
new kubernetes.helm.v3.Release("dex", {
  name: "dex",
  chart: "dex",
  repositoryOpts: { repo: "https://charts.dexidp.io" },
  version: "0.24.0",
  namespace: "dex",
  values: { config: { staticClients: [{ id: "k10", public: true }] } },
});
