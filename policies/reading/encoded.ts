/** Texts that stand in values in base64, as charts take them to decode (b64dec). */

/** How often a text may be in base64 of base64. */
const deepest = 4;

/** What a text is in base64, or in base64 of that; undefined where it is none, or where bytes come of it that are no text (an archive, a picture, a key). */
export function decoded(text: string, depth = 0): string | undefined {
  const plain = text.replace(/\s+/g, "");
  if (plain.length < 24 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) {
    return undefined;
  }
  const found = Buffer.from(plain, "base64").toString("utf8");
  if (/[^\t\n\r\x20-\x7e\u00a0-\ufffc]/.test(found)) {
    return undefined;
  }
  return (depth < deepest ? decoded(found, depth + 1) : undefined) ?? found;
}
