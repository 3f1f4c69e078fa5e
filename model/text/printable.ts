/**
 * Text that came from elsewhere (a token, a group's name), made fit for a terminal: control characters, which could move the
 * cursor or hide words, become a question mark. Line feeds stay.
 */
export function printable(text: string): string {
  return [...text].map((character) => (character !== "\n" && isControl(character) ? "?" : character)).join("");
}

/**
 * Whether a name can be written as it is read: without control characters, marks that turn the reading direction, line
 * separators, and halves of surrogate pairs, which no UTF-8 can carry.
 */
export function isPlain(text: string): boolean {
  return ![...text].some(
    (character) => isControl(character) || /[\u2028\u2029\ud800-\udfff]/.test(character.length === 1 ? character : ""),
  );
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  // C0, DEL and C1, and the marks that reverse the reading direction.
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}
