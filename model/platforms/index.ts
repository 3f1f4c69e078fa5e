import { z } from "zod";
import type { PlatformDefinition, PlatformSpecBase } from "./definition";
import { kasten, type KastenSpec } from "./kasten";
import { kubernetes, type KubernetesSpec } from "./kubernetes";

export type {
  BindingTarget,
  GrantSpec,
  IdentityRule,
  PlatformCapabilities,
  PlatformDefinition,
  PlatformSpecBase,
  Requirements,
  RoleDescription,
} from "./definition";
export type { KastenSpec } from "./kasten";
export { apiServerFlags, authenticationConfiguration, type TrustedIssuer } from "./kubernetes-authentication";
export { personalKubeconfig, type PersonalKubeconfig } from "./kubernetes-kubeconfig";
export type { KubernetesSpec } from "./kubernetes";
export { kastenChartContract, type KastenChartContract } from "./kasten-chart";
export { kastenPathPrefix } from "./kasten-values";

/** One entry of `gatehouse:platforms`, whichever kind. */
export type PlatformSpec = KastenSpec | KubernetesSpec;

/** Every platform that Gatehouse knows. A new one adds its definition here. */
export const platforms: { readonly [Kind in PlatformSpec["kind"]]: PlatformDefinition<Extract<PlatformSpec, { kind: Kind }>> } = {
  kasten,
  kubernetes,
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
