/** `npm run bench`: Gatehouse against the same access written flat, with the real engine on a lab, in one run. */
import { Command } from "commander";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { compilePolicies, policyPack } from "../lab/story/demo/policies";
import { labTools, startLab, stateFolder, type Lab, type LabToolchain } from "../lab/story/session";
import { ensureToolchain } from "../lab/machine/toolchain";
import { benchCase } from "./cases";
import { repeatableChart, wholeChart } from "./chart";
import { compare, type CaseResult, type Repetitions } from "./compare";
import { measurePreview, previewLines, type PreviewTimes } from "./preview";
import { largeLine, measureLarge } from "./large";
import { measureRbac, rbacLines } from "./rbac";
import { resultsText } from "./results";
import { measureVerifier, sample, verifierLines } from "./verifier";

interface Flags {
  readonly quick: boolean;
  readonly json: boolean;
}

const flags = new Command("npm run bench --")
  .description("Measures pulumi preview and up of Gatehouse environments against the same access written flat, on a lab.")
  .option("--quick", "fewer repetitions, and the large environment only as a preview", false)
  .option("--json", "print the measurements as JSON, times in milliseconds", false)
  .parse()
  .opts<Flags>();

const repetitions: Record<"small" | "large", Repetitions> = flags.quick
  ? { small: { preview: 2, up: 1 }, large: { preview: 1, up: 0 } }
  : { small: { preview: 7, up: 3 }, large: { preview: 3, up: 1 } };

async function main(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const toolchain = await ensureToolchain(labTools, () => undefined);
  // A stack of the lab whose organisation and namespaces the cases use; its own stack file is not deployed.
  const lab = await startLab({ stack: "lab-k10-okta", toolchain, stateDir: stateFolder("bench") });
  const stopAndLeave = (): void => void lab.stop().finally(() => process.exit(130));
  process.once("SIGINT", stopAndLeave);
  process.once("SIGTERM", stopAndLeave);
  try {
    for (const { name, standIn } of lab.plugins) {
      say(`${name}: ${standIn ? "the lab's stand-in" : "official"}`);
    }
    const rbac = measureRbac(flags.quick ? 3 : 9);
    const policies = await measurePolicies(lab);
    const results = await measureCases(lab, toolchain, say);
    const large = flags.quick ? undefined : await measureLarge(lab, toolchain, benchCase(20, 100, wholeChart()));
    const verifier = await measureVerifier(sample(), flags.quick ? 1 : 3);
    const machine = { processors: availableParallelism(), node: process.version, standIns: lab.plugins.some(({ standIn }) => standIn) };
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ cases: results, large, machine, policies, rbac, verifier }, null, 2)}\n`
        : `${[resultsText(results), "", ...previewLines(policies), ...rbacLines(rbac), ...(large === undefined ? [] : [largeLine(large)]), ...verifierLines(verifier)].join("\n")}\n`,
    );
  } finally {
    await lab.stop();
  }
}

/** What the policy pack and the report of access cost, on the lab's own stack: the one that the demo deploys. */
async function measurePolicies(lab: Lab): Promise<PreviewTimes> {
  await compilePolicies();
  await lab.engine.run(["up", "--yes", "--skip-preview"]);
  const times = await measurePreview(lab.engine, policyPack, flags.quick ? 1 : 5);
  await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
  return times;
}

async function measureCases(lab: Lab, toolchain: LabToolchain, say: (line: string) => void): Promise<CaseResult[]> {
  const small = benchCase(1, 3, wholeChart());
  const large = benchCase(5, 30, repeatableChart(join(lab.stateDir, "bench", "k10")));
  return [
    await compare({ lab, toolchain, say, benchmark: small, repetitions: repetitions.small }),
    await compare({ lab, toolchain, say, benchmark: large, repetitions: repetitions.large }),
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
