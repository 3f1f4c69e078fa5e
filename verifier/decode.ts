import { plainValue, type JsonNode } from "./go/json";

/** A pasted token without what people paste along: blanks, the quotes of `jq`, and a leading `Bearer`. */
export function pastedToken(text: string): string {
  return text
    .replace(/^\ufeff/, "")
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .replace(/^Bearer\s+/i, "");
}

/** A claim as a person may read it: one line, short, control characters escaped. */
export function show(value: unknown): string {
  if (value === undefined) {
    return "no such claim";
  }
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** All claims as plain values; none for what is no object. Read for a diagnosis and for advice: nothing is granted by them. */
export function plainClaims(payload: JsonNode | undefined): Readonly<Record<string, unknown>> {
  return payload?.type === "object" ? (plainValue(payload) as Record<string, unknown>) : {};
}

/** The audiences of a token, also when `aud` is a single text. */
export function audiences(claims: Readonly<Record<string, unknown>>): string[] {
  const list: unknown[] = Array.isArray(claims["aud"]) ? claims["aud"] : [claims["aud"]];
  return list.filter((item): item is string => typeof item === "string");
}
