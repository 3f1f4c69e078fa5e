/** The reusable Pulumi components. Usable from TypeScript, and from YAML, Python and Go through `pulumi package add`. */
export { Environment, makeEnvironment, type EnvironmentArgs, type Place } from "./environment";
export { programScope, type Scope } from "./scope";
export { ownTypes, serveOwnResources, type OwnProvider, type OwnType } from "./own-types";
export { RoleBindings, type BoundGroupArgs, type BoundUserArgs, type RoleBindingArgs, type RoleBindingsArgs } from "./access/role-bindings";
export {
  EntraApplication,
  EntraDirectory,
  type EntraApplicationArgs,
  type EntraAssignedGroupArgs,
  type EntraDirectoryArgs,
  type EntraGroupArgs,
  type EntraMultiFactorArgs,
  type EntraSecretArgs,
} from "./identity-providers/entra";
export {
  KeycloakApplication,
  KeycloakDirectory,
  type KeycloakApplicationArgs,
  type KeycloakDirectoryArgs,
  type KeycloakGrantedGroupArgs,
  type KeycloakGroupArgs,
} from "./identity-providers/keycloak";
export {
  OktaApplication,
  OktaDirectory,
  type OktaApplicationArgs,
  type OktaDirectoryArgs,
  type OktaGroupArgs,
} from "./identity-providers/okta";
export { ApiServer, type ApiServerArgs } from "./platforms/kubernetes";
export type { ClaimMappingArgs } from "./platforms/contract";
export { Kasten, type KastenArgs, type KastenChartArgs } from "./platforms/kasten";
export {
  OpenUnison,
  type OpenUnisonArgs,
  type OpenUnisonChartArgs,
  type OpenUnisonChartsArgs,
  type OpenUnisonClaimsArgs,
  type OpenUnisonDirectArgs,
  type OpenUnisonHostsArgs,
} from "./platforms/openunison";
export {
  KubeSphere3,
  KubeSphere4,
  KubeSpherePeople,
  type KubeSphere3Args,
  type KubeSphere4Args,
  type KubeSphereBindingArgs,
  type KubeSpherePeopleArgs,
  type KubeSpherePersonArgs,
  type KubeSphereSignInArgs,
} from "./platforms/kubesphere";
