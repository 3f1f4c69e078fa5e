/**
 * Any OpenID Connect issuer whose clients are there: its settings and facts (external), what vendors document (presets), what a preset
 * rules out (checks), and what must fit between clients and platforms (platforms).
 */
export { external, externalGroups, type ExternalInput, type ExternalSpec } from "./external";
export { presetNames, presets, type Preset } from "./presets";
