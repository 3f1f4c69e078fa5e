import * as pulumi from "@pulumi/pulumi";
import { openUnisonClaims, type OpenUnisonSpec } from "../../../model";
import { secretOfConfiguration } from "../../identity-providers/secret-of-configuration";
import { requireClientSecret, type InstalledPlatform, type PlatformInputs } from "../contract";
import { OpenUnison } from "./openunison";

/** Installs OpenUnison as a stack describes it. */
export function installOpenUnison({
  name,
  scope,
  spec,
  identityProvider,
  identity,
  requirements,
  registration,
}: PlatformInputs<OpenUnisonSpec>): InstalledPlatform {
  const { charts, direct } = spec;
  const openUnison = new OpenUnison(
    scope.name(name),
    {
      charts: {
        operator: charts["openunison-operator"],
        orchestra: charts.orchestra,
        loginPortal: charts["orchestra-login-portal"],
        kubeOidcProxy: charts["orchestra-kube-oidc-proxy"],
        loginAzuread: charts["orchestra-login-azuread"],
        repository: spec.repository,
        wait: spec.wait,
        timeoutSeconds: spec.timeoutSeconds,
      },
      installed: spec.installed,
      hosts: spec.hosts,
      direct: direct === undefined ? undefined : { ...direct, username: identity.username, groups: identity.groups },
      clusterName: spec.clusterName,
      issuer: identityProvider.issuer,
      clientId: registration.clientId,
      clientSecret: requireClientSecret(name, registration),
      keystorePassword: spec.adoptedSecrets === undefined ? undefined : secretOfConfiguration(spec.adoptedSecrets.keystore),
      dashboardSecret: spec.adoptedSecrets?.dashboard === undefined ? undefined : secretOfConfiguration(spec.adoptedSecrets.dashboard),
      keepsSecret: spec.adoptedSecrets !== undefined && registration.isAdoptedSecret === true,
      scopes: [...requirements.scopes],
      userInIdToken: identityProvider.capabilities.profileInIdToken,
      claims: { ...openUnisonClaims(spec, identityProvider), groups: identity.groups.claim },
      dashboard: spec.dashboard,
      sessionSeconds: spec.sessionSeconds,
      replicas: spec.replicas,
      image: spec.image,
      proxyImage: spec.impersonation?.image,
      ingressType: spec.ingress.type,
      ingressAnnotations: spec.ingress.annotations,
      clusterIssuer: spec.certManager?.clusterIssuer,
      trustedCertificates: {
        ...spec.trustedCertificates,
        // Any name but unison-ca, which the charts take for the authority of their own ingress.
        ...(identityProvider.certificateAuthority === undefined ? {} : { "oidc-issuer": identityProvider.certificateAuthority }),
      },
      groupNamesTenant: spec.groupNames === "displayNames" ? identityProvider.tenantId : undefined,
      values: spec.values,
    },
    scope.options,
  );
  return {
    secret: { namespace: "openunison", name: openUnison.secretName },
    files: direct === undefined && spec.installed !== true ? undefined : pulumi.output(openUnison.files),
    ready: openUnison,
  };
}
