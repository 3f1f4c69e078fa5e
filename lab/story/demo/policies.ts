import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { sortKeys } from "../../../model";
import { tenFaults } from "../../../policies/ten-faults";
import { serveCharts } from "../bad-stack/chart-repository";
import { ensurePlugins } from "../../pulumi";
import { freePorts, run } from "../../machine/processes";
import { startSecondEntra } from "../../vendors";
import { projectFolder, type Lab } from "../session";
import type { ProofResult } from "./proofs";

/** Where the compiled policy pack is. */
export const policyPack = join(projectFolder, "dist", "policies");

/** Flags that give the pack the settings of the lab's scenario. */
export function policySettings({ scenario: { policies }, stateDir }: Pick<Lab, "scenario" | "stateDir">): string[] {
  if (policies === undefined) {
    return [];
  }
  const file = join(stateDir, "policies.json");
  writeFileSync(file, `${JSON.stringify(sortKeys(policies), null, 2)}\n`);
  return ["--policy-pack-config", file];
}

/** Compiles the policy pack: a pack in TypeScript would check its own types at every preview. */
export async function compilePolicies(): Promise<void> {
  const { status, stderr } = await run(process.execPath, [join(projectFolder, "scripts", "build-policies.mjs")], { cwd: projectFolder });
  if (status !== 0) {
    throw new Error(`The policy pack could not be compiled:\n${stderr}`);
  }
}

/**
 * A PATH on which the lab's own plugins come first. A provider that refuses an input by itself ends the preview there, and
 * the resources after it are never judged: what is to be seen here is what the pack says, whatever the provider would.
 */
async function withOwnPlugins(lab: Lab, binDirectory: string): Promise<string> {
  await ensurePlugins({ path: "", binDirectory, report: () => undefined });
  return [binDirectory, lab.variables["PATH"] ?? ""].join(delimiter);
}

/** Previews the stack that breaks every mandatory rule, with the pack: refused, each fault named, nothing created. */
export async function proveBadStackRefused(lab: Lab): Promise<ProofResult[]> {
  const pulumi = lab.toolchain.pulumi.path;
  const folder = join(lab.stateDir, "bad-stack");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: gatehouse-bad-stack\nruntime: nodejs\n");
  const [port = 0] = await freePorts(1);
  const charts = await serveCharts(join(folder, "charts"), ["dex", "k10"], lab.toolchain.helm.path);
  try {
    const env = { ...lab.variables, ...(await startSecondEntra(lab, port)), PATH: await withOwnPlugins(lab, join(folder, "bin")) };
    const stack = ["--stack", "bad", "--non-interactive"];
    await run(pulumi, ["stack", "init", "bad", "--no-select", "--non-interactive"], { cwd: folder, env });
    const configFile = join(folder, "Pulumi.bad.yaml");
    await run(pulumi, ["config", "set", "chartRepository", charts.url, ...stack], { cwd: folder, env });
    const flags = [...stack, "--config-file", configFile, "--policy-pack", policyPack, "--color", "never"];
    const preview = await run(pulumi, ["preview", ...flags], { cwd: join(projectFolder, "lab", "story", "bad-stack"), env });
    const named = new Set([...preview.stdout.matchAll(/\[mandatory\].*? {2}([a-z0-9-]+) {2}\(/g)].map(([, rule]) => rule));
    const exported = await run(pulumi, ["stack", "export", "--stack", "bad"], { cwd: folder, env });
    const created = (JSON.parse(exported.stdout) as { deployment: { resources?: unknown[] } }).deployment.resources?.length ?? 0;
    const proof = (tries: string, expected: string, got: string): ProofResult => ({
      platform: "policies",
      login: "the bad stack",
      part: `${named.size} mandatory rules broken`,
      tries,
      expected,
      got,
      holds: got === expected,
    });
    return [
      proof("be previewed with the policy pack", "refused", preview.status === 0 ? "accepted" : "refused"),
      ...tenFaults.map(({ fault, rule }) => proof(fault, `named by ${rule}`, named.has(rule) ? `named by ${rule}` : "not named")),
      proof("create anything", "0 resources", `${created} resources`),
    ];
  } finally {
    await charts.stop();
  }
}
