/**
 * `gatehouse drift`: what is there against what was declared; nothing is changed. `refresh.ts` reads what the engine's refresh saw
 * at the vendors, `cluster.ts` and `bindings.ts` what the live cluster binds.
 */
import { dayOf, missedReviews, readDocument, textLines, type EnvironmentDocument } from "../../model";
import { bindingDrift, bindingKindsOf } from "./bindings";
import { readBindings } from "./cluster";
import { readPowerfulBindings } from "./powers";
import { refreshDrift } from "./refresh";
import { notLookedAt, type DriftFinding } from "./types";
import { unseenDrift } from "./unseen";
import { choice, defineCommand, text } from "../command";
import { engineArguments, errorText, isStack, readEngineDigest, runEngine, type EngineDigest, type EngineOptions } from "../engine";
import { EngineError } from "../errors";
import type { ExitName } from "../exit-codes";
import { parseJson, readInput } from "../inputs";
import type { Io } from "../io";
import { engineOptions } from "../options";
import { outputText } from "../outputs";

export const driftCommand = defineCommand({
  name: "drift",
  summary: "Compare what is there with what was declared: the vendor's objects by a refresh, RBAC in the live cluster.",
  arguments: {},
  options: {
    ...engineOptions,
    kubeconfig: text("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, then the home folder)"),
    context: text("--context <name>", "the kubeconfig's context (default: the current one)"),
    env: text("--env <file>", "environment document to compare with (default: the stack's); - for standard input"),
    format: choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  run: drift,
});

interface DriftInput extends EngineOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly env?: string;
  readonly format: "text" | "json";
}

async function drift(options: DriftInput, io: Io): Promise<ExitName> {
  const args = engineArguments(["refresh", "--preview-only", "--json"], options);
  const { stdout, stderr, status } = await runEngine(options, args, io);
  if (stdout.trim() === "") {
    throw new EngineError(
      "engine_failed",
      `Expected a refresh from \`pulumi ${args.join(" ")}\`, but it ended with status ${String(status)}: ${errorText(stderr)}`,
    );
  }
  const digest = readEngineDigest(stdout, `pulumi ${args.join(" ")}`);
  const document = await documentOf(options, digest, io);
  if (document === undefined) {
    const stack = options.stack ?? "the stack";
    const nothing = `${stack}: no update has finished yet, so nothing is declared that could be otherwise.\n`;
    io.stdout(options.format === "json" ? jsonDrift(stack, [], notLookedAt) : nothing);
    return "ok";
  }
  const refresh = refreshDrift(digest, document);
  if (refresh.failures.length > 0) {
    throw new EngineError("engine_failed", `Expected a whole refresh, but the engine stopped: ${refresh.failures.join(" ")}`);
  }
  const get = await io.openCluster(options.kubeconfig, options.context);
  const live = await readBindings(get, bindingKindsOf(document));
  const powerful = await readPowerfulBindings(get, document, live);
  const unseen = await unseenDrift(document, io);
  const findings = [
    ...bindingDrift(document, live, powerful, dayOf(io.now())),
    ...refresh.findings,
    ...unseen.findings,
    ...reviewFindings(document, io),
  ];
  const open = [...notLookedAt, ...unseen.notLookedAt];
  io.stdout(options.format === "json" ? jsonDrift(document.stack, findings, open) : textDrift(document.stack, findings, live.length, open));
  return findings.length > 0 ? "drifted" : "ok";
}

function reviewFindings(document: EnvironmentDocument, io: Io): DriftFinding[] {
  return missedReviews(document, dayOf(io.now())).map(({ grant, sentence, fix }) => ({
    kind: "missed-review",
    what: `grant ${grant}`,
    detail: sentence,
    fix,
  }));
}

/**
 * The declared environment: a file's, or the outputs that the engine has in its state; undefined before the end of the first
 * update, for which a pipeline that looks for drift beforehand must not be stopped.
 */
async function documentOf(options: DriftInput, digest: EngineDigest, io: Io): Promise<EnvironmentDocument | undefined> {
  if (options.env !== undefined) {
    return readDocument(
      parseJson(await readInput(options.env, "an environment document", io), options.env === "-" ? "standard input" : options.env),
    );
  }
  const outputs = digest.steps?.find(({ urn }) => isStack(urn))?.oldState?.outputs;
  if (outputs !== undefined) {
    return declared(outputs);
  }
  // A refresh that fails early never comes to the stack itself.
  const args = engineArguments(["stack", "output", "--json"], { ...options, configFile: undefined });
  const { stdout, stderr, status } = await runEngine(options, args, io);
  if (status !== 0) {
    throw new EngineError(
      "engine_failed",
      `Expected the stack's outputs from \`pulumi ${args.join(" ")}\`, but it ended with status ${String(status)}: ${errorText(stderr)}`,
    );
  }
  return declared(parseJson(stdout, "the stack's outputs"));
}

function declared(outputs: unknown): EnvironmentDocument | undefined {
  const none = typeof outputs === "object" && outputs !== null && Object.keys(outputs).length === 0;
  return none ? undefined : readDocument(outputs);
}

function jsonDrift(stack: string, findings: readonly DriftFinding[], open: readonly string[]): string {
  return outputText("drift", { stack, drifted: findings.length > 0, findings, notLookedAt: open });
}

function textDrift(stack: string, findings: readonly DriftFinding[], bindings: number, open: readonly string[]): string {
  const lines =
    findings.length === 0
      ? [`${stack}: as declared (${bindings} bindings of the cluster looked at).`]
      : [
          `${stack}: ${findings.length} ${findings.length === 1 ? "thing is" : "things are"} not as declared.`,
          ...findings.flatMap(({ kind, what, detail, fix }) => [`${kind}: ${what}`, `  ${detail}`, `  Fix: ${fix}`]),
        ];
  return textLines([...lines, `Not looked at: ${open.join("; ")}.`]);
}
