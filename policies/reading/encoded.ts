/** Texts that stand in values in base64, as charts take them to decode (b64dec). */

/** What a text is in base64; undefined where it is none, or where bytes come of it that are no text (an archive, a picture, a key). */
export function decoded(text: string): string | undefined {
  const plain = text.replace(/\s+/g, "");
  if (plain.length < 24 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) {
    return undefined;
  }
  const found = Buffer.from(plain, "base64").toString("utf8");
  return /[^\t\n\r\x20-\x7e\u00a0-\ufffc]/.test(found) ? undefined : found;
}
