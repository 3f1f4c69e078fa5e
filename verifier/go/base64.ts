/**
 * Go's `base64.RawURLEncoding.DecodeString`: line ends are skipped, padding and other letters are errors, bits behind the last whole
 * byte are not looked at (encoding/base64, `Encoding.Strict` is off).
 * @returns undefined where Go reports an error
 */
export function decodeBase64Url(text: string): Buffer | undefined {
  const letters = text.includes("\n") || text.includes("\r") ? text.replace(/[\r\n]/g, "") : text;
  return letters.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(letters) ? undefined : Buffer.from(letters, "base64url");
}

/** Go's `base64.StdEncoding.DecodeString`: the other alphabet, with its padding. */
export function decodeBase64(text: string): Buffer | undefined {
  const letters = text.replace(/[\r\n]/g, "");
  return letters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(letters) ? Buffer.from(letters, "base64") : undefined;
}
