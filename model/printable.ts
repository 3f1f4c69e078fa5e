/**
 * Text that came from elsewhere (a token, a group's name), made fit for a terminal: control characters, which could move the
 * cursor or hide words, become a question mark. Line feeds stay.
 */
export function printable(text: string): string {
  return [...text].map((character) => (character !== "\n" && isControl(character) ? "?" : character)).join("");
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  // C0, DEL and C1, and the marks that reverse the reading direction.
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}
