import { z } from "zod";
import { daySchema } from "../text/calendar-schemas";
import { configurationKeySchema, keySchema } from "../text/names";
import type { RotationRule } from "./rotation";

/** Client secrets that were there before the stack, and stay in use until the first rotation: each stands in the stack's configuration. */
export const adoptedSecretsField = z
  .record(
    keySchema,
    z.union([
      configurationKeySchema,
      z.strictObject({ config: configurationKeySchema, endsOn: daySchema.describe("The day in UTC on which it ends.") }),
    ]),
  )
  .optional()
  .describe(
    "Client secrets that were there before the stack, by platform: each the key of a secret in the stack's configuration, such as clients:k10, with the day of its end where it has one. Used until the first rotation, from which on rotateEvery counts; `gatehouse adopt` writes it.",
  );

type AdoptedSecrets = z.infer<typeof adoptedSecretsField>;

/** The secret that the client of a platform had before the stack. */
export function adoptedSecretOf(
  adopted: AdoptedSecrets,
  platform: string,
): { readonly config: string; readonly endsOn?: string } | undefined {
  const entry = adopted?.[platform];
  return typeof entry === "string" ? { config: entry } : entry;
}

/**
 * How the secrets of one platform follow each other: one that was there before the stack is used until somebody asks for another.
 * @param platform left out: as for a stack with any such secret
 */
export function rotationWithAdopted({ adopted, ...rule }: RotationRule, platform: string | undefined): RotationRule {
  const isAdopted = platform === undefined ? Object.keys(adopted ?? {}).length > 0 : adopted?.[platform] !== undefined;
  return isAdopted ? { ...rule, adopted } : rule;
}
