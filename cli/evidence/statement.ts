import { z } from "zod";
import { jsonOrNothing, jsonText, type Evidence } from "../../model";
import { manifestFile, sha256 } from "./manifest";

/** What kind of statement it is; docs/evidence.md describes it. */
export const predicateType = "https://gatehouse.dev/attestations/access-evidence/v1";
/** Media type of an in-toto statement (github.com/in-toto/attestation, spec/v1/envelope.md). */
export const payloadType = "application/vnd.in-toto+json";
const statementType = "https://in-toto.io/Statement/v1";

const statementSchema = z.looseObject({
  _type: z.literal(statementType),
  subject: z.array(z.looseObject({ name: z.string(), digest: z.looseObject({ sha256: z.string() }) })),
  predicateType: z.literal(predicateType),
  predicate: z.looseObject({
    stack: z.string(),
    moment: z.looseObject({ began: z.iso.datetime(), ended: z.iso.datetime() }),
    clocks: z.array(z.looseObject({ server: z.string(), seconds: z.int() })),
    verdict: z.looseObject({ result: z.string(), sentence: z.string() }),
  }),
});
export type Statement = z.infer<typeof statementSchema>;

/** The in-toto statement over every file of the folder, the manifest among them. */
export function statementOf(evidence: Evidence, files: Readonly<Record<string, string>>): string {
  const { stack, moment, tool, by, verdict, counts, clocks } = evidence;
  const names = Object.keys(files).sort((left, right) => (left === manifestFile ? -1 : right === manifestFile ? 1 : left < right ? -1 : 1));
  return jsonText({
    _type: statementType,
    subject: names.map((name) => ({ name, digest: { sha256: sha256(Buffer.from(files[name] ?? "", "utf8")) } })),
    predicateType,
    predicate: { stack, moment, tool, by, verdict, counts, clocks, evidence: evidence.version },
  });
}

/** @returns undefined where the text is no statement of ours */
export function readStatement(text: string): Statement | undefined {
  return statementSchema.safeParse(jsonOrNothing(text)).data;
}
