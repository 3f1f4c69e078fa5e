/**
 * Platforms, the relying parties: what each kind can and cannot do with an identity, its part of the stack file, and what follows from it.
 * One folder and one line of the registry for each; none knows another. What a kind installs stands in components/platforms, under the
 * same name.
 */
export type {
  AdoptedSettings,
  AdoptionRemark,
  ClusterQuestion,
  FoundAccount,
  FoundPlatform,
  FoundRelease,
  FoundSecret,
  ImportedResource,
  Installation,
  InstalledCluster,
  PlatformAdoption,
  TakenPerson,
} from "./adoption";
export { chartValue, plaintextSecrets } from "./chart-values";
export { bindingKinds } from "./definition";
export type {
  BindingApi,
  BindingTarget,
  GrantSpec,
  IdentityRule,
  PeopleRule,
  PlatformCapabilities,
  PlatformDefinition,
  PlatformSpecBase,
  Requirements,
  RoleDescription,
  TokenRules,
} from "./definition";
export { defaultUsername, holderOf, userHolder } from "./holder";
export { kastenChartContract, kastenPathPrefix, type KastenChartContract, type KastenSpec } from "./kasten";
export {
  apiServerFlags,
  authenticationConfiguration,
  personalKubeconfig,
  type KubernetesSpec,
  type PersonalKubeconfig,
  type TrustedIssuer,
} from "./kubernetes";
export {
  kubeSphereApis,
  kubeSphereClientSecret,
  kubeSphereNamespace,
  kubeSphereProvider,
  kubeSphereProviderSecret,
  kubeSphereResourceName,
  kubeSphereWorkspaceLabel,
  type KubeSphere3Spec,
  type KubeSphere4Spec,
} from "./kubesphere";
export { openUnisonAudience, openUnisonClaims, openUnisonIssuer, type OpenUnisonSpec } from "./openunison";
export { platformOf, platformOfKind, platforms, platformSchema, type PlatformInput, type PlatformSpec } from "./registry";
