import { z } from "zod";
import type { PlatformDefinition, PlatformSpecBase } from "./definition";
import { kasten, type KastenInput, type KastenSpec } from "./kasten";
import { kubernetes, type KubernetesInput, type KubernetesSpec } from "./kubernetes";
import {
  kubeSphere3,
  kubeSphere4,
  type KubeSphere3Input,
  type KubeSphere3Spec,
  type KubeSphere4Input,
  type KubeSphere4Spec,
} from "./kubesphere";
import { openunison, type OpenUnisonInput, type OpenUnisonSpec } from "./openunison";

/** One entry of `gatehouse:platforms`, whichever kind. */
export type PlatformSpec = KastenSpec | KubernetesSpec | KubeSphere3Spec | KubeSphere4Spec | OpenUnisonSpec;

/** One entry of `gatehouse:platforms` as it is written, with defaults left out. */
export type PlatformInput = KastenInput | KubernetesInput | KubeSphere3Input | KubeSphere4Input | OpenUnisonInput;

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

/** The definition of a kind that a document names; undefined for one that another version knows. */
export function platformOfKind(kind: string): PlatformDefinition<PlatformSpecBase> | undefined {
  return Object.values(platforms).find((definition) => definition.kind === kind);
}

/**
 * The definition that belongs to a platform's spec. Typed by the common base: shared code reads the row and calls the
 * definition's functions with the spec that it looked up.
 */
export function platformOf(spec: PlatformSpecBase & { kind: PlatformSpec["kind"] }): PlatformDefinition<PlatformSpecBase> {
  return platforms[spec.kind];
}
