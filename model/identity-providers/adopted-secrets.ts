import { z } from "zod";
import { keySchema } from "../text/names";

/** Client secrets that were there before the stack, and stay in use until the first rotation: each stands in the stack's configuration. */
export const adoptedSecretsField = z
  .record(
    keySchema,
    z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9_.-]+$/, "a key of the stack's configuration with its namespace, such as clients:k10"),
  )
  .optional()
  .describe(
    "Client secrets that were there before the stack, by platform: each the key of a secret in the stack's configuration, such as clients:k10. Used until the first rotation; `gatehouse adopt` writes it.",
  );
