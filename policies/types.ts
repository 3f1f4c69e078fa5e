/** Type tokens, as the provider SDKs have them (`__pulumiType`); the SDKs themselves are not imported: loading three of them costs seconds. */
export const entra = {
  application: "azuread:index/application:Application",
  registration: "azuread:index/applicationRegistration:ApplicationRegistration",
  redirectUris: "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  federatedCredential: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  flexibleCredential: "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  apiAccess: "azuread:index/applicationApiAccess:ApplicationApiAccess",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  group: "azuread:index/group:Group",
  groupWithoutMembers: "azuread:index/groupWithoutMembers:GroupWithoutMembers",
  appRoleAssignment: "azuread:index/appRoleAssignment:AppRoleAssignment",
  certificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  servicePrincipalCertificate: "azuread:index/servicePrincipalCertificate:ServicePrincipalCertificate",
  fallbackPublicClient: "azuread:index/applicationFallbackPublicClient:ApplicationFallbackPublicClient",
  optionalClaims: "azuread:index/applicationOptionalClaims:ApplicationOptionalClaims",
  preAuthorized: "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized",
  claimsMapping: "azuread:index/claimsMappingPolicy:ClaimsMappingPolicy",
  claimsMappingAssignment: "azuread:index/servicePrincipalClaimsMappingPolicyAssignment:ServicePrincipalClaimsMappingPolicyAssignment",
  delegatedGrant: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  directoryRole: "azuread:index/directoryRole:DirectoryRole",
  directoryRoleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  directoryRoleMember: "azuread:index/directoryRoleMember:DirectoryRoleMember",
  directoryRoleEligibility: "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest",
  groupEligibility: "azuread:index/privilegedAccessGroupEligibilitySchedule:PrivilegedAccessGroupEligibilitySchedule",
} as const;

export const okta = {
  app: "okta:app/oAuth:OAuth",
  redirectUri: "okta:app/oAuthRedirectUri:OAuthRedirectUri",
  postLogoutRedirectUri: "okta:app/oAuthPostLogoutRedirectUri:OAuthPostLogoutRedirectUri",
  groupAssignment: "okta:app/groupAssignment:GroupAssignment",
  groupAssignments: "okta:index/appGroupAssignments:AppGroupAssignments",
  serverClaim: "okta:auth/serverClaim:ServerClaim",
  groupRule: "okta:group/rule:Rule",
  policyRule: "okta:index/appSignonPolicyRule:AppSignonPolicyRule",
  serverClaimDefault: "okta:index/authServerClaimDefault:AuthServerClaimDefault",
  samlProvider: "okta:idp/saml:Saml",
  serverPolicy: "okta:auth/serverPolicy:ServerPolicy",
  serverPolicyRule: "okta:auth/serverPolicyRule:ServerPolicyRule",
  identityProvider: "okta:idp/oidc:Oidc",
  socialProvider: "okta:idp/social:Social",
  federatedClaim: "okta:app/federatedClaim:FederatedClaim",
  ownProperty: "okta:index/userBaseSchemaProperty:UserBaseSchemaProperty",
  enrollment: "okta:index/policyRuleProfileEnrollment:PolicyRuleProfileEnrollment",
  trustedOrigin: "okta:trustedorigin/origin:Origin",
  groupRole: "okta:group/role:Role",
  userRoles: "okta:index/userAdminRoles:UserAdminRoles",
  clientRole: "okta:app/oauthRoleAssignment:OauthRoleAssignment",
  customRole: "okta:index/adminRoleCustomAssignments:AdminRoleCustomAssignments",
  apiScopes: "okta:index/appOauthApiScope:AppOauthApiScope",
} as const;

export const keycloak = {
  client: "keycloak:openid/client:Client",
  groupMapper: "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper",
  hardcodedClaim: "keycloak:openid/hardcodedClaimProtocolMapper:HardcodedClaimProtocolMapper",
  genericMapper: "keycloak:index/genericProtocolMapper:GenericProtocolMapper",
  genericClientMapper: "keycloak:index/genericClientProtocolMapper:GenericClientProtocolMapper",
  hardcodedRole: "keycloak:openid/hardcodedRoleProtocolMapper:HardcodedRoleProtocolMapper",
  scriptMapper: "keycloak:openid/scriptProtocolMapper:ScriptProtocolMapper",
  attributeMapper: "keycloak:openid/userAttributeProtocolMapper:UserAttributeProtocolMapper",
  propertyMapper: "keycloak:openid/userPropertyProtocolMapper:UserPropertyProtocolMapper",
  sessionNoteMapper: "keycloak:openid/userSessionNoteProtocolMapper:UserSessionNoteProtocolMapper",
  defaultGroups: "keycloak:index/defaultGroups:DefaultGroups",
  defaultRoles: "keycloak:index/defaultRoles:DefaultRoles",
  role: "keycloak:index/role:Role",
  realm: "keycloak:index/realm:Realm",
  userProfile: "keycloak:index/realmUserProfile:RealmUserProfile",
  broker: "keycloak:oidc/identityProvider:IdentityProvider",
  samlBroker: "keycloak:saml/identityProvider:IdentityProvider",
  googleBroker: "keycloak:oidc/googleIdentityProvider:GoogleIdentityProvider",
  githubBroker: "keycloak:oidc/githubIdentityProvider:GithubIdentityProvider",
  facebookBroker: "keycloak:oidc/facebookIdentityProvider:FacebookIdentityProvider",
  microsoftBroker: "keycloak:oidc/microsoftIdentityProvider:MicrosoftIdentityProvider",
  kubernetesBroker: "keycloak:index/kubernetesIdentityProvider:KubernetesIdentityProvider",
  spiffeBroker: "keycloak:index/spiffeIdentityProvider:SpiffeIdentityProvider",
  openshiftBroker: "keycloak:oidc/openshiftV4IdentityProvider:OpenshiftV4IdentityProvider",
  serviceAccountRole: "keycloak:openid/clientServiceAccountRole:ClientServiceAccountRole",
  serviceAccountRealmRole: "keycloak:openid/clientServiceAccountRealmRole:ClientServiceAccountRealmRole",
  brokerRole: "keycloak:index/hardcodedRoleIdentityMapper:HardcodedRoleIdentityMapper",
  brokerAttribute: "keycloak:index/hardcodedAttributeIdentityProviderMapper:HardcodedAttributeIdentityProviderMapper",
  brokerImporter: "keycloak:index/attributeImporterIdentityProviderMapper:AttributeImporterIdentityProviderMapper",
  brokerTemplate: "keycloak:index/userTemplateImporterIdentityProviderMapper:UserTemplateImporterIdentityProviderMapper",
  brokerMapper: "keycloak:index/customIdentityProviderMapping:CustomIdentityProviderMapping",
  directoryAttribute: "keycloak:ldap/hardcodedAttributeMapper:HardcodedAttributeMapper",
  directoryAttributeOfRealm: "keycloak:index/hardcodedAttributeMapper:HardcodedAttributeMapper",
  directoryMapper: "keycloak:ldap/customMapper:CustomMapper",
  directoryRole: "keycloak:ldap/hardcodedRoleMapper:HardcodedRoleMapper",
  directoryGroup: "keycloak:ldap/hardcodedGroupMapper:HardcodedGroupMapper",
  brokerGroup: "keycloak:index/hardcodedGroupIdentityProviderMapper:HardcodedGroupIdentityProviderMapper",
} as const;

/** Helm releases. `v3:Chart` is absent: its children are ordinary resources and are judged as such. */
export const releases = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"] as const;

const rbac = String.raw`^kubernetes:rbac\.authorization\.k8s\.io/v1(?:alpha1|beta1)?:`;
/** Role bindings of every version, as single objects, patches or lists. */
export const bindingTypes = new RegExp(`${rbac}(?:Cluster)?RoleBinding(?:Patch|List)?$`);
/** Roles of every version, as single objects, patches or lists. */
export const roleTypes = new RegExp(`${rbac}(?:Cluster)?Role(?:Patch|List)?$`);

// A CustomResource of the core group has no `core/` in its token.
export const secretTypes = /^kubernetes:(?:core\/)?v1:Secret(?:Patch|List)?$/;
export const configMapTypes = /^kubernetes:(?:core\/)?v1:ConfigMap(?:Patch|List)?$/;
/** Objects that see, and some of them change, what passes through the API server. */
export const admissionTypes =
  /^kubernetes:admissionregistration\.k8s\.io\/v1(?:alpha1|beta1)?:(?:(?:Mutating|Validating)WebhookConfiguration|MutatingAdmissionPolicy)(?:Patch|List)?$/;
/** Policies that only refuse, and may write down why. */
export const validatingTypes = /^kubernetes:admissionregistration\.k8s\.io\/v1(?:alpha1|beta1)?:ValidatingAdmissionPolicy(?:Patch|List)?$/;
/** What else is put between people and the API server's objects. */
export const interceptingTypes = /^kubernetes:apiregistration\.k8s\.io\/v1(?:beta1)?:APIService(?:Patch|List)?$/;
/** Requests for credentials, as objects. */
export const credentialTypes =
  /^kubernetes:(?:certificates\.k8s\.io\/v1(?:beta1)?:CertificateSigningRequest(?:Patch|List)?|authentication\.k8s\.io\/v1(?:beta1)?:TokenRequest)$/;
/** Whatever runs containers. */
export const workloadTypes =
  /^kubernetes:(?:(?:core\/)?v1:(?:Pod|ReplicationController)|apps\/v1:(?:Deployment|DaemonSet|StatefulSet|ReplicaSet)|batch\/v1:(?:Job|CronJob))(?:Patch|List)?$/;
export const serviceAccountTypes = /^kubernetes:(?:core\/)?v1:ServiceAccount(?:Patch|List)?$/;
export const definitionTypes = /^kubernetes:apiextensions\.k8s\.io\/v1(?:beta1)?:CustomResourceDefinition(?:Patch|List)?$/;
/** KubeSphere's own bindings, whose roles Kubernetes' rules do not reach. */
export const platformBindingTypes = /^kubernetes:iam\.kubesphere\.io\/v1(?:alpha2|beta1):\w*RoleBinding(?:Patch|List)?$/;
/** KubeSphere 3: the installer's custom resource. */
export const clusterConfiguration = /^kubernetes:installer\.kubesphere\.io\/v1alpha1:ClusterConfiguration(?:Patch|List)?$/;
/** KubeSphere 3: one entry of that resource's list, as Gatehouse's component writes it. */
export const identityProviderEntry = "pulumi-nodejs:dynamic/kubesphere:IdentityProviderEntry";
