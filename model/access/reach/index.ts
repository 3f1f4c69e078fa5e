/**
 * What rights lead to beyond what they say: the ways (`ways.ts`), what follows from them in a cluster (`reach.ts`), and words with the
 * cheapest mitigation (`words.ts`). Pure, from rules alone: platforms say which rules their roles have, the verifier reads a cluster's.
 */
export { holdsEverything, reachOf, type HeldRule, type ReachFinding, type Scene, type SceneAccount } from "./reach";
export { wayCodes, type Guard, type WayCode } from "./ways";
export { cheapestMitigation, mitigationText, reachWords, type Mitigation } from "./words";
