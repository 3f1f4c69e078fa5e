/** A token taken apart; nothing is proven yet. */
export type Decoded =
  | { readonly kind: "signed"; readonly token: string; readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> }
  | { readonly kind: "encrypted" }
  | { readonly kind: "malformed"; readonly got: string };

/** Takes a compact token apart. Surrounding blanks, quotes (of `jq`) and a leading `Bearer` are forgiven, since people paste them. */
export function decodeToken(text: string): Decoded {
  const token = text
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .replace(/^Bearer\s+/i, "");
  const parts = token.split(".");
  if (parts.length === 5) {
    return { kind: "encrypted" };
  }
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) {
    return { kind: "malformed", got: token === "" ? "an empty text" : `a text of ${parts.length} part${parts.length === 1 ? "" : "s"}` };
  }
  const decodedHeader = jsonObject(header);
  const decodedClaims = jsonObject(claims);
  if (decodedHeader === undefined || decodedClaims === undefined) {
    return { kind: "malformed", got: `a ${decodedHeader === undefined ? "header" : "payload"} that is no base64url-encoded JSON object` };
  }
  return { kind: "signed", token, header: decodedHeader, claims: decodedClaims };
}

function jsonObject(part: string): Record<string, unknown> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A claim as a person may read it: one line, short, control characters escaped. */
export function show(value: unknown): string {
  if (value === undefined) {
    return "no such claim";
  }
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** The audiences of a token, also when `aud` is a single text. */
export function audiences(claims: Readonly<Record<string, unknown>>): string[] {
  const list: unknown[] = Array.isArray(claims["aud"]) ? claims["aud"] : [claims["aud"]];
  return list.filter((item): item is string => typeof item === "string");
}
