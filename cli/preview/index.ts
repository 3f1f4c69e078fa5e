/**
 * `gatehouse preview`: the engine's preview as a change of access. `intended.ts` says what the stack file will give; how a change
 * reads is in reports/access-change. Nothing is changed anywhere.
 */
import {
  dayOf,
  InvalidDocumentError,
  InvalidEnvironmentError,
  parseEnvironment,
  readDocument,
  textLines,
  type EnvironmentDocument,
} from "../../model";
import { accessChange, accessChangeFormats, renderAccessChange, type AccessChangeFormat, type FindingKind } from "../../reports";
import { choice, defineCommand, flag, text, textOr } from "../command";
import { completeDescription } from "../description";
import { engineArguments, errorText, readEnginePreview, runEngine, type EngineOptions, type EnginePreview } from "../engine";
import { EngineError, UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { failedKinds, failOnOption } from "../fail-on";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { engineOptions } from "../options";
import { rbacOptions } from "../rbac/sources";
import { intendedEnvironment } from "./intended";
import { noNewAccess } from "./no-new-access";

export const previewCommand = defineCommand({
  name: "preview",
  summary: "Say what an update would do to access: who gains, who loses, what ends when, and what surrounds it.",
  arguments: {},
  options: {
    ...engineOptions,
    policyPack: text("--policy-pack <folder>", "judge the plan by this policy pack as well"),
    policyPackConfig: text("--policy-pack-config <file>", "the pack's configuration (JSON)"),
    from: text("--from <file>", "read what `pulumi preview --json` printed instead of running it; - for standard input"),
    format: choice("--format <format>", "how to print it", accessChangeFormats, "text"),
    failOn: failOnOption,
    proveNoNewAccess: flag(
      "--prove-no-new-access",
      "decide for all requests whether anybody gains anything, rendered charts included (status 0 proven, 4 widened, 3 not decided)",
    ),
    kubeconfig: rbacOptions.kubeconfig,
    context: rbacOptions.context,
    helm: textOr("--helm <path>", "the Helm command that renders charts for the proof", "helm"),
  },
  run: preview,
});

interface PreviewInput extends EngineOptions {
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
  readonly format: AccessChangeFormat;
  readonly failOn: readonly FindingKind[];
  readonly from?: string;
  readonly proveNoNewAccess: boolean;
  readonly kubeconfig?: string | true;
  readonly context?: string;
  readonly helm: string;
}

async function preview(options: PreviewInput, io: Io): Promise<ExitName> {
  const engine = options.from === undefined ? await runPreview(options, io) : await readPreview(options, options.from, io);
  const today = dayOf(io.now());
  const { before, intended } = await documentsOf(engine, options.cwd ?? ".", today, io);
  if (options.proveNoNewAccess) {
    refuseFailedPreview(engine, false);
    return noNewAccess({ ...options, engine, before, after: intended.document, json: options.format === "json" }, io);
  }
  const change = accessChange(before, intended, { resources: engine.resources, policies: engine.policies }, today);
  const broken = (change.policies ?? []).some(({ level }) => level === "mandatory");
  refuseFailedPreview(engine, broken);
  const wanted: readonly FindingKind[] = broken ? [...options.failOn, "policy"] : options.failOn;
  const failed = failedKinds(change, wanted);
  io.stdout(renderAccessChange(change, options.format, { failed }));
  if (failed.length > 0) {
    io.stderr(textLines([`The change is stopped by ${failed.join(", ")}.`]));
  }
  return failed.length > 0 ? "changeStopped" : "ok";
}

async function runPreview(options: PreviewInput, io: Io): Promise<EnginePreview> {
  const packs = [
    ...(options.policyPack === undefined ? [] : ["--policy-pack", options.policyPack]),
    ...(options.policyPackConfig === undefined ? [] : ["--policy-pack-config", options.policyPackConfig]),
  ];
  // The proof compares unchanged resources as well: a role that stays is what a new binding is judged by.
  const whole = options.proveNoNewAccess ? ["--show-sames"] : [];
  const args = engineArguments(["preview", "--json", ...whole], options, packs);
  // Only the stream of events carries the pack's findings; the digest says no more than that the preview failed.
  const { stdout, stderr, status } = await runEngine(options, args, io, { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" });
  if (stdout.trim() === "") {
    throw new EngineError(
      "engine_failed",
      `Expected a preview from \`pulumi ${args.join(" ")}\`, but it ended with status ${String(status)}: ${errorText(stderr)}`,
    );
  }
  const engine = readEnginePreview(stdout, "the Pulumi engine");
  // A pack that cannot be loaded is told on stderr alone.
  const told = engine.errors.length > 0 || engine.policies?.some(({ level }) => level === "mandatory") === true;
  return status === 0 || told ? engine : { ...engine, errors: [{ urn: null, message: stderr }] };
}

async function readPreview(options: PreviewInput, from: string, io: Io): Promise<EnginePreview> {
  const source = from === "-" ? "standard input" : from;
  const engine = readEnginePreview(await readInput(from, "a preview", io), source);
  if (options.stack !== undefined && options.stack.split("/").at(-1) !== engine.stack) {
    throw new UsageError("flags", `Expected a preview of stack '${options.stack}' from ${source}, got one of '${engine.stack}'.`);
  }
  return engine;
}

/** A preview that stopped for another reason than a broken rule shows only a part of the change: that must not pass for the whole. */
function refuseFailedPreview({ errors }: EnginePreview, broken: boolean): void {
  const [first] = errors.filter(({ message }) => !/^(error: )?preview failed\s*$/i.test(message.trim()));
  if (first !== undefined || (errors.length > 0 && !broken)) {
    throw new EngineError(
      "engine_failed",
      `Expected a whole preview, but the engine stopped: ${errorText((first ?? errors[0])?.message ?? "")}\nFix: mend what it names.`,
    );
  }
}

/** The present document, which the engine has, and the one that the configuration describes. */
async function documentsOf(engine: EnginePreview, folder: string, today: string, io: Io) {
  // A preview that stopped before the program began says nothing of the configuration.
  refuseFailedPreview(
    { ...engine, errors: engine.config["platforms"] === undefined && engine.config["from"] === undefined ? engine.errors : [] },
    false,
  );
  const own = Object.fromEntries(Object.entries(engine.config).map(([key, value]) => [key, structured(value)]));
  const { raw, problems } = await completeDescription(own, folder, io);
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
  const { environment, expired } = parseEnvironment(raw, today);
  const before: EnvironmentDocument | undefined = engine.outputs === undefined ? undefined : deployedDocument(engine.outputs);
  const intended = intendedEnvironment({ environment, stack: engine.stack, today, before });
  for (const { path, role, holder, until, missedReview } of expired) {
    io.stderr(
      textLines([
        missedReview === undefined
          ? `${path}: '${role}' of '${holder}' ended with ${String(until)}; remove the grant from the stack file.`
          : `${path}: '${role}' of '${holder}' ended, since ${missedReview}; hold the review, or remove the grant from the stack file.`,
      ]),
    );
  }
  return { before, intended };
}

/** A stack that another version of Gatehouse updated last may have a document that this one does not read. */
function deployedDocument(outputs: unknown): EnvironmentDocument {
  try {
    return readDocument(outputs);
  } catch (error) {
    throw error instanceof InvalidDocumentError
      ? new InvalidDocumentError(
          error.code,
          `${error.message}\nIt is the document of the deployed stack. Fix: if another version of Gatehouse wrote it, run \`pulumi up\` once with this one and an unchanged stack file.`,
          { cause: error },
        )
      : error;
  }
}

/** The engine hands mappings over as JSON in a text. */
function structured(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}
