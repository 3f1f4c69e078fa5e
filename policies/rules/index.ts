/** The rules of the pack, a file each: what it judges, what it cannot know, and its check. Shared reading of resources is in `../reading/`. */
import type { Rule } from "../rule";
import { apiserverAuthentication } from "./apiserver-authentication";
import { dexHardened } from "./dex-hardened";
import { entraAdminGroupProtected } from "./entra-admin-group-protected";
import { entraAssignmentRequired } from "./entra-assignment-required";
import { entraFederatedSubjectExact } from "./entra-federated-subject-exact";
import { entraGroupClaimsBounded } from "./entra-group-claims-bounded";
import { entraGroupSecurity } from "./entra-group-security";
import { entraNoAppPermissions } from "./entra-no-app-permissions";
import { entraNoGrantedPermissions } from "./entra-no-granted-permissions";
import { entraNoImplicit } from "./entra-no-implicit";
import { entraOwners } from "./entra-owners";
import { entraPreferFederatedOrCert } from "./entra-prefer-federated-or-cert";
import { entraPreventDuplicateNames } from "./entra-prevent-duplicate-names";
import { entraRedirectHttpsExact } from "./entra-redirect-https-exact";
import { entraSecretMaxLifetime } from "./entra-secret-max-lifetime";
import { entraSecretRotation } from "./entra-secret-rotation";
import { entraSingleTenant } from "./entra-single-tenant";
import { entraTokenV2 } from "./entra-token-v2";
import { keycloakClientHardened } from "./keycloak-client-hardened";
import { keycloakClientPkceAndScope } from "./keycloak-client-pkce-and-scope";
import { keycloakGroupsMapperFullPathExplicit } from "./keycloak-groups-mapper-full-path-explicit";
import { keycloakNoHardcodedRole } from "./keycloak-no-hardcoded-role";
import { namingAndLabels } from "./naming-and-labels";
import { oktaAuthenticationPolicySet } from "./okta-authentication-policy-set";
import { oktaGroupsClaimEffective } from "./okta-groups-claim-effective";
import { oktaGroupsFilterNotCatchAll } from "./okta-groups-filter-not-catch-all";
import { oktaNotEveryone } from "./okta-not-everyone";
import { oktaPkceRequired } from "./okta-pkce-required";
import { oktaRedirectHttpsExact } from "./okta-redirect-https-exact";
import { oktaRefreshRotation } from "./okta-refresh-rotation";
import { oktaSingleAssignmentOwner } from "./okta-single-assignment-owner";
import { oktaWebClientAuth } from "./okta-web-client-auth";
import { rbacCsrWebhookToken } from "./rbac-csr-webhook-token";
import { rbacExecNodesProxy } from "./rbac-exec-nodes-proxy";
import { rbacGroupSubjectsOnly } from "./rbac-group-subjects-only";
import { rbacK10Pair } from "./rbac-k10-pair";
import { rbacNamespaceFirst } from "./rbac-namespace-first";
import { rbacNoClusterAdmin } from "./rbac-no-cluster-admin";
import { rbacNoEscalationVerbs } from "./rbac-no-escalation-verbs";
import { rbacNoSystemGroups } from "./rbac-no-system-groups";
import { rbacNoWildcards } from "./rbac-no-wildcards";
import { rbacPlatformNamespace } from "./rbac-platform-namespace";
import { rbacSecretsRead } from "./rbac-secrets-read";
import { rbacSubjectPrefixedId } from "./rbac-subject-prefixed-id";
import { redirectMatchesPlatform } from "./redirect-matches-platform";
import { releaseAtomic } from "./release-atomic";
import { releaseVersionPinned } from "./release-version-pinned";
import { renderedChartRbac } from "./rendered-chart-rbac";
import { reviewNotMissed } from "./review-not-missed";
import { sodAdminVsOperator } from "./sod-admin-vs-operator";
import { valuesIssuerExactHttps } from "./values-issuer-exact-https";
import { valuesK10AdminFallback } from "./values-k10-admin-fallback";
import { valuesK10NoBasicOrDirect } from "./values-k10-no-basic-or-direct";
import { valuesK10Session } from "./values-k10-session";
import { valuesKubeSphereMapping } from "./values-kubesphere-mapping";
import { valuesKubeSphereProvider } from "./values-kubesphere-provider";
import { valuesNoHiddenAccess } from "./values-no-hidden-access";
import { valuesNoInlineSecret } from "./values-no-inline-secret";
import { valuesNoTlsSkip } from "./values-no-tls-skip";
import { valuesOpenUnisonAccess } from "./values-openunison-access";
import { valuesOpenUnisonImages } from "./values-openunison-images";
import { valuesOpenUnisonUserinfo } from "./values-openunison-userinfo";
import { valuesPrefixAgrees } from "./values-prefix-agrees";
import { valuesPrefixRequired } from "./values-prefix-required";
import { entraGroupClosed } from "./entra-group-closed";
import { entraSignInNotWeakened } from "./entra-sign-in-not-weakened";
import { keycloakRealmClosed } from "./keycloak-realm-closed";
import { oktaNoAdministrators } from "./okta-no-administrators";
import { oktaServerBounded } from "./okta-server-bounded";
import { workloadOwnAccount } from "./workload-own-account";

/** All rules, in the order of the documentation: Entra, Okta, Keycloak, Dex, Helm values, RBAC, API server. */
export const rules: readonly Rule[] = [
  entraSingleTenant,
  entraNoImplicit,
  entraRedirectHttpsExact,
  redirectMatchesPlatform,
  entraGroupClaimsBounded,
  entraTokenV2,
  entraSecretMaxLifetime,
  entraSecretRotation,
  entraPreferFederatedOrCert,
  entraFederatedSubjectExact,
  entraOwners,
  entraAssignmentRequired,
  entraNoAppPermissions,
  entraNoGrantedPermissions,
  entraSignInNotWeakened,
  entraPreventDuplicateNames,
  entraGroupSecurity,
  entraGroupClosed,
  entraAdminGroupProtected,
  oktaWebClientAuth,
  oktaPkceRequired,
  oktaRedirectHttpsExact,
  oktaGroupsFilterNotCatchAll,
  oktaGroupsClaimEffective,
  oktaNotEveryone,
  oktaNoAdministrators,
  oktaServerBounded,
  oktaAuthenticationPolicySet,
  oktaSingleAssignmentOwner,
  oktaRefreshRotation,
  keycloakClientHardened,
  keycloakClientPkceAndScope,
  keycloakGroupsMapperFullPathExplicit,
  keycloakNoHardcodedRole,
  keycloakRealmClosed,
  dexHardened,
  valuesNoInlineSecret,
  valuesNoHiddenAccess,
  valuesPrefixRequired,
  valuesPrefixAgrees,
  valuesIssuerExactHttps,
  valuesNoTlsSkip,
  valuesK10NoBasicOrDirect,
  valuesK10Session,
  valuesK10AdminFallback,
  valuesKubeSphereMapping,
  valuesKubeSphereProvider,
  valuesOpenUnisonUserinfo,
  valuesOpenUnisonAccess,
  valuesOpenUnisonImages,
  releaseAtomic,
  releaseVersionPinned,
  rbacGroupSubjectsOnly,
  rbacSubjectPrefixedId,
  rbacNoClusterAdmin,
  rbacNoSystemGroups,
  rbacNoWildcards,
  rbacNoEscalationVerbs,
  rbacPlatformNamespace,
  workloadOwnAccount,
  rbacSecretsRead,
  rbacExecNodesProxy,
  rbacCsrWebhookToken,
  renderedChartRbac,
  rbacNamespaceFirst,
  rbacK10Pair,
  sodAdminVsOperator,
  apiserverAuthentication,
  namingAndLabels,
  reviewNotMissed,
];
