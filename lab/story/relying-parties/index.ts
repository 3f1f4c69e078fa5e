/** Relying parties of the lab: they stand where a platform's own sign-in service would, and are configured by what its chart rendered. */
export { startKastenRelyingParty, type KastenRelyingParty, type KastenRelyingPartyOptions } from "./kasten/kasten";
export { kastenIdentity, KastenRefusal } from "./kasten/identity";
export type { Decision, Question } from "./access-questions";
export type { KastenSession } from "./sessions";
