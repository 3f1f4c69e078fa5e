import { z } from "zod";
import type { PlatformDefinition, PlatformSpecBase } from "./definition";
import { kasten, type KastenSpec } from "./kasten/kasten";
import { kubernetes, type KubernetesSpec } from "./kubernetes/kubernetes";
import { kubeSphere3, type KubeSphere3Spec } from "./kubesphere/kubesphere-3";
import { openunison, type OpenUnisonSpec } from "./openunison/openunison";
import { kubeSphere4, type KubeSphere4Spec } from "./kubesphere/kubesphere-4";

export type {
  BindingTarget,
  GrantSpec,
  IdentityRule,
  PeopleRule,
  PlatformCapabilities,
  PlatformDefinition,
  PlatformSpecBase,
  Requirements,
  RoleDescription,
} from "./definition";
export type { KastenSpec } from "./kasten/kasten";
export { apiServerFlags, authenticationConfiguration, type TrustedIssuer } from "./kubernetes/authentication";
export { personalKubeconfig, type PersonalKubeconfig } from "./kubernetes/kubeconfig";
export type { KubernetesSpec } from "./kubernetes/kubernetes";
export { chartValue } from "./chart-values";
export { kastenChartContract, type KastenChartContract } from "./kasten/chart";
export { kastenPathPrefix } from "./kasten/values";
export { kubeSphereNamespace, kubeSphereProvider } from "./kubesphere/common";
export type { KubeSphere3Spec } from "./kubesphere/kubesphere-3";
export type { KubeSphere4Spec } from "./kubesphere/kubesphere-4";
export { openUnisonClaims, type OpenUnisonSpec } from "./openunison/openunison";
export { openUnisonAudience, openUnisonIssuer } from "./openunison/checks";

/** One entry of `gatehouse:platforms`, whichever kind. */
export type PlatformSpec = KastenSpec | KubernetesSpec | KubeSphere3Spec | KubeSphere4Spec | OpenUnisonSpec;

/** Every platform that Gatehouse knows. A new one adds its definition here. */
export const platforms: { readonly [Kind in PlatformSpec["kind"]]: PlatformDefinition<Extract<PlatformSpec, { kind: Kind }>> } = {
  kasten,
  kubernetes,
  kubesphere3: kubeSphere3,
  kubesphere4: kubeSphere4,
  openunison,
};

export const platformSchema = z.discriminatedUnion(
  "kind",
  Object.values(platforms).map(({ schema }) => schema) as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<PlatformSpec>;

/**
 * The definition that belongs to a platform's spec. Typed by the common base: shared code reads the row and calls the
 * definition's functions with the spec that it looked up.
 */
export function platformOf(spec: PlatformSpecBase & { kind: PlatformSpec["kind"] }): PlatformDefinition<PlatformSpecBase> {
  return platforms[spec.kind];
}
