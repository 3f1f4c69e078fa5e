/**
 * Relying parties: they stand where a platform's own sign-in service would, in a cluster that runs no pods, and are configured by what its
 * chart rendered and by nothing else. `contract` says what one is, `registry` lists the kinds, a folder each holds them; the kinds never
 * import each other. Who signs in, and what must come of it, stands in ../scenarios.
 */
export { startKastenRelyingParty, type KastenRelyingParty, type KastenRelyingPartyOptions } from "./kasten/kasten";
export type { PersonSession, RelyingParty, RelyingPartySurroundings } from "./contract";
export type { Question } from "./access-questions";
export { startRelyingParty } from "./registry";
