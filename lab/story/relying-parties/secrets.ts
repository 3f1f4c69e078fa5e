import { z } from "zod";

/** A Secret as the API server gives it: values in base64. */
export const secretSchema = z.object({ data: z.record(z.string(), z.string()).optional() });

/** Decodes the `data` of a Secret. */
export function secretTexts(data: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}
