/** OpenUnison: its settings and facts (openunison), and what must hold between them (checks). */
export { openUnisonAudience, openUnisonIssuer } from "./checks";
export { openunison, openUnisonClaims, type OpenUnisonInput, type OpenUnisonSpec } from "./openunison";
