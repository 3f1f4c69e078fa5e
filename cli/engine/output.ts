import { z } from "zod";
import { compareText, jsonOrNothing } from "../../model";
import type { PlannedOperation, PlannedResource, PolicyViolation } from "../../reports";
import { EngineError, UsageError } from "../errors";
import { statesOf, type ResourceState } from "./states";

/** What the engine's preview says, whichever of its two forms of JSON it came in. */
export interface EnginePreview {
  /** Name of the stack. */
  readonly stack: string;
  /** `gatehouse:idp` and the like without the namespace; a value is JSON in a text, or a text. */
  readonly config: Readonly<Record<string, string>>;
  /** The stack's present outputs; undefined before the first update. */
  readonly outputs: unknown;
  readonly resources: readonly PlannedResource[];
  /** The inputs of every resource, unchanged ones too. */
  readonly states: readonly ResourceState[];
  /** Null in the digest form, which leaves the pack's findings out. */
  readonly policies: readonly PolicyViolation[] | null;
  /** What the engine and the program say went wrong. */
  readonly errors: readonly { readonly urn: string | null; readonly message: string }[];
}

const namespace = "gatehouse:";

/** A resource before or after; secrets are `[secret]` already. */
const stateSchema = z.looseObject({
  custom: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const diffSchema = z.record(z.string(), z.unknown()).nullish();

const stepSchema = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: stateSchema.nullish(),
  newState: stateSchema.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  detailedDiff: diffSchema,
});

const digestSchema = z.looseObject({
  config: z.record(z.string(), z.string()).nullish(),
  steps: z.array(stepSchema).nullish(),
  diagnostics: z.array(z.looseObject({ urn: z.string().nullish(), message: z.string(), severity: z.string() })).nullish(),
});

/** A digest of the engine, as `pulumi preview --json` and `pulumi refresh --json` print it. */
export type EngineDigest = z.infer<typeof digestSchema>;

const eventSchema = z.looseObject({
  preludeEvent: z.looseObject({ config: z.record(z.string(), z.string()).nullish() }).optional(),
  resourcePreEvent: z
    .looseObject({
      metadata: z.looseObject({
        op: z.string(),
        urn: z.string(),
        old: stateSchema.nullish(),
        new: stateSchema.nullish(),
        diffs: z.array(z.string()).nullish(),
        detailedDiff: diffSchema,
      }),
    })
    .optional(),
  policyEvent: z
    .looseObject({ resourceUrn: z.string().nullish(), message: z.string(), policyName: z.string(), enforcementLevel: z.string() })
    .optional(),
  diagnosticEvent: z.looseObject({ urn: z.string().nullish(), message: z.string(), severity: z.string() }).optional(),
});

/**
 * Reads what `pulumi preview --json` printed: one digest, or, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, one event a line.
 * Of the events only what is needed is kept: the engine puts debug messages among them, and those hold secrets in plain text
 * (seen with pulumi 3.230.0), so the stream itself must never be stored or shown.
 * @param from what is being read, for the error
 * @throws UsageError when it is neither
 */
export function readEnginePreview(text: string, from: string): EnginePreview {
  const digest = digestSchema.safeParse(jsonOrNothing(text));
  if (digest.success && Array.isArray(digest.data.steps)) {
    return fromDigest(digest.data, from);
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map((line) => eventSchema.safeParse(jsonOrNothing(line)));
  if (lines.length === 0 || events.some((event) => !event.success)) {
    throw new UsageError(
      "unusable_input",
      `Expected the output of \`pulumi preview --json\` from ${from}, got something else. Fix: pass it as the engine printed it, without its stderr.`,
    );
  }
  return fromEvents(
    events.flatMap((event) => (event.success ? [event.data] : [])),
    from,
  );
}

/** Under `pulumi destroy` the configuration still says who should have access, and nobody will. */
function refuseDestroy({ op }: { readonly op: string }, from: string): void {
  if (op === "delete") {
    throw new UsageError(
      "unusable_input",
      `Expected a preview of an update from ${from}, got one that deletes the whole stack: everybody named in it loses all access. Fix: run \`pulumi preview\`.`,
    );
  }
}

/** @throws EngineError when the text is no digest */
export function readEngineDigest(text: string, command: string): EngineDigest {
  const parsed = digestSchema.safeParse(jsonOrNothing(text));
  if (!parsed.success) {
    throw new EngineError("engine_answer", `Expected JSON from \`${command}\`, got something else. Fix: use Pulumi 3.230 or newer.`);
  }
  return parsed.data;
}

function fromDigest(digest: EngineDigest, from: string): EnginePreview {
  const steps = digest.steps ?? [];
  const root = steps.find(({ urn }) => isStack(urn));
  if (root === undefined) {
    throw new UsageError("unusable_input", `Expected a preview of a whole stack from ${from}, got one without the stack itself.`);
  }
  refuseDestroy(root, from);
  return {
    stack: stackOf(root.urn),
    config: ownSettings(digest.config ?? {}),
    outputs: outputsOf(root.oldState),
    resources: planned(
      steps.map(({ op, urn, oldState, newState, diffReasons, detailedDiff }) => ({
        op,
        urn,
        old: oldState,
        new: newState,
        diffs: diffReasons,
        detailedDiff,
      })),
    ),
    states: statesOf(steps.map(({ op, urn, oldState, newState }) => ({ op, urn, old: oldState, new: newState }))),
    policies: null,
    errors: (digest.diagnostics ?? [])
      .filter(({ severity }) => severity === "error")
      .map(({ urn, message }) => ({ urn: urn ?? null, message })),
  };
}

function fromEvents(events: readonly z.infer<typeof eventSchema>[], from: string): EnginePreview {
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent === undefined ? [] : [resourcePreEvent.metadata]));
  const root = steps.find(({ urn }) => isStack(urn));
  if (root !== undefined) {
    refuseDestroy(root, from);
  }
  const config = events.find(({ preludeEvent }) => preludeEvent !== undefined)?.preludeEvent?.config ?? {};
  return {
    stack: root === undefined ? "" : stackOf(root.urn),
    config: root === undefined ? {} : ownSettings(config),
    outputs: outputsOf(root?.old),
    resources: planned(steps),
    states: statesOf(steps),
    policies: violations(events),
    errors: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" ? [{ urn: diagnosticEvent.urn ?? null, message: diagnosticEvent.message }] : [],
    ),
  };
}

/** Each rule once a resource and message; a rule that is switched off or remediated is none. */
function violations(events: readonly z.infer<typeof eventSchema>[]): PolicyViolation[] {
  const seen = new Map<string, PolicyViolation>();
  for (const { policyEvent } of events) {
    if (policyEvent !== undefined && (policyEvent.enforcementLevel === "mandatory" || policyEvent.enforcementLevel === "advisory")) {
      const { policyName: rule, enforcementLevel: level, message, resourceUrn } = policyEvent;
      const resource = resourceUrn == null || isStack(resourceUrn) ? "" : nameOf(resourceUrn);
      seen.set(JSON.stringify([level, rule, resource, message]), { rule, level, resource, message: message.trim() });
    }
  }
  const order = ({ level, rule, resource, message }: PolicyViolation): string =>
    [level === "mandatory" ? 0 : 1, rule, resource, message].join("\n");
  return [...seen.values()].sort((left, right) => compareText(order(left), order(right)));
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly custom?: boolean } | null;
  readonly new?: { readonly custom?: boolean; readonly inputs?: Readonly<Record<string, unknown>> } | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** The engine's steps as a reader counts them: a replacement is one thing, and what stays is none. */
function planned(steps: readonly Step[]): PlannedResource[] {
  const found = new Map<string, PlannedResource>();
  for (const step of steps) {
    const operation = operationOf(step.op);
    // A component is a name for its children, not a thing of its own.
    if (operation === undefined || (step.new ?? step.old)?.custom !== true) {
      continue;
    }
    const earlier = found.get(step.urn);
    const paths = [
      ...(earlier?.properties ?? []),
      ...Object.keys(step.detailedDiff ?? {}),
      ...(step.detailedDiff == null ? (step.diffs ?? []) : []),
    ];
    found.set(step.urn, {
      operation: earlier?.operation === "replace" ? "replace" : operation,
      type: typeOf(step.urn),
      name: nameOf(step.urn),
      properties: [...new Set(paths)].sort(compareText),
      ...restored(step),
    });
  }
  const order = ({ operation, type, name }: PlannedResource): string => [operation, type, name].join("\n");
  return [...found.values()].sort((left, right) => compareText(order(left), order(right)));
}

/** What a watch over access objects will put back (components/access/restoration), one line each. */
function restored({ urn, new: wanted }: Step): Pick<PlannedResource, "restores"> {
  const lines = typeOf(urn).endsWith("access:RestoredObjects") ? wanted?.inputs?.["restores"] : undefined;
  const texts = Array.isArray(lines) ? lines.filter((line) => typeof line === "string") : [];
  return texts.length === 0 ? {} : { restores: texts };
}

/** Operations of the engine (pulumi sdk, apitype.OpType); those that change nothing have no counterpart. */
export function operationOf(op: string): PlannedOperation | undefined {
  switch (op) {
    case "create":
    case "import":
      return "create";
    case "update":
      return "update";
    case "replace":
    case "create-replacement":
    case "delete-replaced":
    case "discard-replaced":
    case "import-replacement":
      return "replace";
    case "delete":
      return "delete";
    default:
      return undefined;
  }
}

export function isStack(urn: string): boolean {
  return typeOf(urn) === "pulumi:pulumi:Stack";
}

/** `urn:pulumi:<stack>::<project>::<type>$<type>::<name>` */
function stackOf(urn: string): string {
  return urn.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "";
}

export function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function outputsOf(state: z.infer<typeof stateSchema> | null | undefined): unknown {
  const outputs = state?.outputs;
  return outputs !== undefined && Object.keys(outputs).length > 0 ? outputs : undefined;
}

/** The settings under the namespace that Gatehouse has whatever the project is called. */
function ownSettings(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [key.slice(namespace.length), value]),
  );
}
