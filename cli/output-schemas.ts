/**
 * The JSON outputs of the command: one schema each. `npm run generate` writes them, with the version that stands in the output, to
 * schemas/outputs/<name>.schema.json; the tests hold every output to its schema. The command itself never loads this file: it would
 * make every schema at each start. It hands its outputs to `outputText` (outputs.ts).
 *
 * A command that gains a JSON output adds a line here. A field that goes or changes its meaning raises the version.
 */
import { z } from "zod";

const texts = z.array(z.string());
const lines = z.array(z.string()).describe("In sentences.");
const day = z.string().nullable().describe("Last day in UTC, YYYY-MM-DD; null without an end.");
/** What other parts of the product write, whose own types say what is in it. */
const part = z.looseObject({});
const steps = z.array(z.strictObject({ step: z.string(), text: z.string() }));

const problem = z.strictObject({
  path: z.array(z.union([z.string(), z.number()])),
  expected: z.string(),
  received: z.string(),
  fix: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
});
const scheduled = z.strictObject({ start: z.string(), expiresAt: z.string().nullable() }).nullable();

const accessLine = {
  ...{ holder: z.strictObject({ kind: z.enum(["person", "group"]), name: z.string() }), platform: z.string(), platformTitle: z.string() },
  ...{ role: z.string(), permits: z.string(), administers: z.boolean(), place: z.string(), until: day, through: texts },
  note: z.string().nullable(),
};
const fact = z.array(
  z.strictObject({ platform: z.string().nullable(), what: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
);
const addedAndRemoved = z.strictObject({ added: texts, removed: texts });

const accessChange = {
  ...{ stack: z.string(), first: z.boolean(), failed: z.union([z.boolean(), texts]), headline: lines },
  findings: z.array(z.strictObject({ kind: z.string(), text: z.string() })),
  ...{ gains: z.array(z.strictObject(accessLine)), losses: z.array(z.strictObject(accessLine)) },
  ends: z.array(z.strictObject({ ...accessLine, before: day, becomes: z.enum(["permanent", "temporary", "longer", "shorter"]) })),
  ...{ platforms: addedAndRemoved, redirectUris: fact, claims: fact, signIn: fact, secrets: fact, charts: fact, risks: addedAndRemoved },
  ...{ accessObjects: lines, notExpanded: texts, missedReviews: lines, unknown: lines },
  policies: z
    .array(z.strictObject({ rule: z.string(), level: z.enum(["mandatory", "advisory"]), resource: z.string(), message: z.string() }))
    .nullable(),
  resources: z.array(
    z.strictObject({ operation: z.string(), type: z.string(), name: z.string(), properties: texts, restores: texts.optional() }),
  ),
};

const verdict = {
  ...{ outcome: z.enum(["accepted", "rejected", "not-for-platform"]), code: z.string().nullable(), decision: part },
  ...{ checks: z.array(part), identity: part.nullable(), advice: z.array(part), notes: lines, expiresAt: z.string().nullable() },
};
const ofEnvironment = {
  ...{ platform: z.string().nullable(), grants: z.array(part), endedGrants: z.array(part), lackingGroups: z.array(part) },
  ...{ causes: z.array(part), warnings: z.array(part), rbac: z.unknown() },
};

/** The content of each output beside its version, by the name in `gatehouse.dev/<name>/v1`. */
export const outputs = {
  "access-change": z.strictObject(accessChange),
  "access-report": z.strictObject({
    ...{ stack: z.string(), identityProvider: part, platforms: z.record(z.string(), part), risks: lines },
    access: z.array(part),
  }),
  adoption: z.strictObject({ adopted: z.boolean(), before: lines, after: lines, problems: z.array(part), files: texts }),
  "can-i": z.strictObject({
    ...{ question: part, rbac: z.enum(["live", "planned"]), answer: z.enum(["yes", "no", "undecided"]) },
    answers: z.array(
      z.strictObject({
        ...{ name: z.string(), platform: z.string().nullable(), answer: z.enum(["yes", "no", "undecided"]), path: steps },
        ...{ notes: lines, reach: lines, mitigation: z.string().nullable() },
      }),
    ),
  }),
  checklist: z.strictObject({
    identityProvider: z.strictObject({ kind: z.string(), title: z.string(), issuer: z.string() }),
    ...{ clientsByHand: z.boolean(), clients: z.array(part), settings: lines, doesNotWork: lines },
  }),
  doctor: z.strictObject({
    ...{ stack: z.string(), healthy: z.boolean() },
    lines: z.array(
      z.strictObject({
        ...{ check: z.string(), state: z.enum(["ok", "warning", "fault", "unknown"]), what: z.string(), found: z.string() },
        fix: z.string().nullable(),
      }),
    ),
  }),
  drift: z.strictObject({
    ...{ stack: z.string(), drifted: z.boolean(), notLookedAt: lines },
    findings: z.array(z.strictObject({ kind: z.string(), what: z.string(), detail: z.string(), fix: z.string() })),
  }),
  "evidence-verification": z.strictObject({
    ...{ good: z.boolean(), files: z.number() },
    faults: z.array(z.strictObject({ file: z.string(), what: z.string() })),
  }),
  explanation: z.strictObject({
    failures: z.array(z.strictObject({ resource: z.string(), type: z.string(), cause: z.string(), remedy: z.string() })),
  }),
  files: z.strictObject({ folder: z.string(), files: texts }),
  init: z.strictObject({ folder: z.string(), made: texts, kept: texts }),
  "no-new-access": z.strictObject({
    ...{ stack: z.string(), verdict: z.enum(["proven", "widened", "undecided"]), gains: z.array(part), undecided: lines },
    compared: z.strictObject({ roles: z.number(), bindings: z.number(), charts: z.number() }),
  }),
  "review-apply": z.strictObject({ files: texts, written: z.boolean(), changes: lines }),
  "review-check": z.strictObject({ file: z.string(), ok: z.boolean(), problems: z.array(part), warnings: lines }),
  rotation: z.strictObject({
    ...{ file: z.string(), written: z.boolean(), refused: z.string().nullable(), platforms: texts, present: scheduled, next: scheduled },
    ...{ presentEndsFrom: z.string().nullable(), steps: lines, warnings: lines },
  }),
  "token-verification": z.union([
    z.strictObject({ ...verdict, ...ofEnvironment }),
    z.strictObject(verdict),
    z.strictObject({ outcome: z.literal("undecided"), code: z.string(), message: z.string() }),
  ]),
  validation: z.strictObject({
    files: z.array(
      z.strictObject({
        ...{ file: z.string(), ok: z.boolean(), problems: z.array(problem), warnings: lines, summary: z.string().optional() },
      }),
    ),
  }),
  "who-can": z.strictObject({
    ...{ question: part, rbac: z.enum(["live", "planned"]), subjects: z.array(steps), unknown: texts },
    reaching: z.array(z.strictObject({ subject: z.string(), reach: lines })),
  }),
} as const;

export type OutputName = keyof typeof outputs;
