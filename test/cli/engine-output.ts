import { environmentDocument, parseEnvironment, type EnvironmentDocument } from "../../model";
import { sampleRaw, today, type Raw } from "../fixtures/sample";

export const urn = (type: string, name: string): string => `urn:pulumi:sample::gatehouse::${type}::${name}`;

/** The document of a raw environment that is deployed. */
export function deployed(raw: ReturnType<typeof sampleRaw> = sampleRaw()): EnvironmentDocument {
  const { environment } = parseEnvironment(raw, today);
  const groups = Object.entries(environment.groups).map(([key, group]) => {
    const name = group.displayName ?? group.existing ?? "";
    return [key, { id: `id-of-${key}`, claimValue: name }] as const;
  });
  return environmentDocument(environment, {
    stack: "sample",
    groups: Object.fromEntries(groups),
    platforms: { k10: { clientId: "0oa1", secret: { namespace: "kasten-io", name: "k10-oidc-1", expiresAt: null, rotatesAt: null } } },
  });
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: Raw;
  readonly newState?: Raw;
  readonly diffReasons?: readonly string[];
  readonly detailedDiff?: Raw;
}

export interface EngineOutput {
  /** The configuration that the program was given. */
  readonly raw?: unknown;
  /** What is deployed. */
  readonly before?: unknown;
  /** What becomes of the stack itself; `delete` under `pulumi destroy`. */
  readonly op?: string;
  readonly steps?: readonly Step[];
  readonly diagnostics?: readonly { urn?: string; message: string; severity: string }[];
}

/** The configuration as the engine prints it: mappings as JSON in a text. */
function config(raw: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(raw as Raw).map(([key, value]) => [`gatehouse:${key}`, JSON.stringify(value)]));
}

/** What `pulumi preview --json` prints (pulumi 3.230.0). */
export function digest({
  raw = sampleRaw(),
  before,
  op = before === undefined ? "create" : "same",
  steps = [],
  diagnostics = [],
}: EngineOutput): string {
  const root = {
    op,
    urn: urn("pulumi:pulumi:Stack", "gatehouse-sample"),
    ...(before === undefined ? {} : { oldState: { custom: false, outputs: { environment: before } } }),
    newState: { custom: false },
    detailedDiff: null,
  };
  return JSON.stringify({ config: config(raw), steps: [root, ...steps], diagnostics, duration: 1, changeSummary: {} }, null, 4);
}

/** The same as events, one a line, as PULUMI_ENABLE_STREAMING_JSON_PREVIEW makes it print them; `more` are put in between. */
export function events({ raw = sampleRaw(), before, op = "same", steps = [] }: EngineOutput, more: readonly object[] = []): string {
  const root = { op, urn: urn("pulumi:pulumi:Stack", "gatehouse-sample"), oldState: { outputs: { environment: before } } };
  const lines = [
    // Debug messages are among the events, and hold secrets.
    { diagnosticEvent: { message: "RegisterResource RPC finished: clientSecret,,,hunter2-in-debug", severity: "debug", color: "never" } },
    { preludeEvent: { config: config(raw) } },
    ...[root, ...steps].map((step: Step) => ({
      resourcePreEvent: {
        metadata: {
          op: step.op,
          urn: step.urn,
          old: step.oldState ?? null,
          new: step.newState ?? null,
          diffs: step.diffReasons,
          detailedDiff: step.detailedDiff ?? null,
        },
        planning: true,
      },
    })),
    ...more,
    { summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {} } },
  ];
  return `${lines.map((line, sequence) => JSON.stringify({ sequence, timestamp: 1, ...line })).join("\n")}\n`;
}
