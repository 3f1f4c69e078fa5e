/**
 * Evidence: what was true of an environment's access at one moment, as `gatehouse evidence` freezes it. Its shape (schema), and how a
 * reader takes one in (read). Never how it is found out, written or signed (cli/evidence), nor how it reads (reports/evidence).
 */
export { grantKey, readEvidence } from "./read";
export {
  evidenceSchema,
  evidenceVersion,
  type Evidence,
  type EvidenceDecision,
  type EvidenceFinding,
  type EvidenceGrant,
  type EvidenceGroup,
  type EvidenceTest,
} from "./schema";
