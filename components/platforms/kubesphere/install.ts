import type * as pulumi from "@pulumi/pulumi";
import { kubeSphereNamespace, kubeSphereProvider, type KubeSphere3Spec, type KubeSphere4Spec } from "../../../model";
import { requireClientSecret, type InstalledPlatform, type PlatformInputs } from "../contract";
import { KubeSphere3 } from "./kubesphere-3";
import { KubeSphere4, type KubeSphereSignInArgs } from "./kubesphere-4";
import { KubeSpherePeople } from "./kubesphere-people";

type Inputs = PlatformInputs<KubeSphere3Spec> | PlatformInputs<KubeSphere4Spec>;

/** Puts a KubeSphere 3 that is installed already behind the identity provider. */
export function installKubeSphere3(inputs: PlatformInputs<KubeSphere3Spec>): InstalledPlatform {
  const { adopted, disableLoginConfirmation } = inputs.spec;
  const provider = new KubeSphere3(
    inputs.scope.name(inputs.name),
    { ...kubeSphereSignIn(inputs), disableLoginConfirmation, adopted },
    inputs.scope.options,
  );
  createPeople(3, inputs, provider);
  return { ready: provider };
}

/** Puts a KubeSphere 4 that is installed already behind the identity provider. */
export function installKubeSphere4(inputs: PlatformInputs<KubeSphere4Spec>): InstalledPlatform {
  const provider = new KubeSphere4(
    inputs.scope.name(inputs.name),
    {
      ...kubeSphereSignIn(inputs),
      secretName: inputs.spec.secretName,
      hidden: inputs.spec.hidden,
      issuerCertificateAuthority: inputs.identityProvider.certificateAuthority,
    },
    inputs.scope.options,
  );
  createPeople(4, inputs, provider);
  return {
    secret: { namespace: kubeSphereNamespace, name: provider.secretName },
    files: inputs.identityProvider.certificateAuthority === undefined ? undefined : provider.files,
    ready: provider,
  };
}

function kubeSphereSignIn({ name, spec, identityProvider, requirements, registration }: Inputs): KubeSphereSignInArgs {
  const [redirectUri = ""] = requirements.redirectUris;
  const [postLogoutRedirectUri = ""] = requirements.postLogoutRedirectUris;
  return {
    provider: kubeSphereProvider(spec, identityProvider),
    displayName: spec.displayName,
    mappingMethod: spec.mappingMethod,
    issuer: identityProvider.issuer,
    clientId: registration.clientId,
    clientSecret: requireClientSecret(name, registration),
    redirectUri,
    postLogoutRedirectUri,
    scopes: [...requirements.scopes],
    getUserInfo: identityProvider.capabilities.thinIdToken,
    insecureSkipVerify: spec.insecureSkipVerify,
    emailKey: spec.emailKey,
    preferredUsernameKey: spec.preferredUsernameKey,
  };
}

function createPeople(release: 3 | 4, { name, scope, spec, identityProvider, people }: Inputs, after: pulumi.Resource): void {
  new KubeSpherePeople(
    scope.name(`${name}-people`),
    {
      release,
      platform: name,
      provider: kubeSphereProvider(spec, identityProvider),
      adopted: spec.adopted,
      people: people.map(({ login, subject, username, bindings }) => ({
        login,
        subject,
        username,
        bindings: bindings.map((binding) => ({
          name: binding.name,
          kind: binding.kind,
          namespace: binding.namespace,
          workspace: binding.workspace,
          roleKind: binding.roleRef.kind,
          roleName: binding.roleRef.name,
          owner: binding.owner,
        })),
      })),
    },
    { ...scope.options, dependsOn: after },
  );
}
