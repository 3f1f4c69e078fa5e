/** `npm run demo`: the main job, from nothing to people signing in, on the lab. */
import { Command, Option } from "commander";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentDocument } from "../../../model";
import { scenarios } from "../scenarios";
import { run } from "../../machine/processes";
import { endLab, labTools, parseChartOverride, projectFolder, startLab, trustClients, type Lab } from "../session";
import { ensureToolchain } from "../../machine/toolchain";
import { compilePolicies, policyPack, policySettings, proveBadStackRefused } from "./policies";
import { createProgress } from "./progress";
import { prove } from "./proofs";
import { proofsText } from "./results";

interface Flags {
  readonly stack: string;
  readonly chart: string[];
  readonly keep: boolean;
  readonly down: boolean;
  readonly browser: boolean;
}

const flags = new Command("npm run demo --")
  .description("Deploys a lab stack with the real Pulumi engine on a real Kubernetes API server, and proves it by people signing in.")
  .addOption(new Option("--stack <name>", "which lab stack").choices(scenarios.map((scenario) => scenario.stack)).default("lab-k10-okta"))
  .option(
    "--chart <[platform=]path>",
    "install this chart (folder, archive or URL) in place of the lab's own; may be repeated",
    collect,
    [],
  )
  .option("--keep", "leave the lab up afterwards, and say how to use it", false)
  .option("--down", "end a lab that was left up, and remove what it made", false)
  .option("--no-browser", "sign people in with the plain HTTP client even where Chromium is installed")
  .parse()
  .opts<Flags>();

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

async function main(): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (flags.down) {
    const ended = await endLab(flags.stack);
    say(
      ended.length === 0
        ? `No lab of ${flags.stack} was up.`
        : `Ended ${ended.map((entry) => entry.name).join(", ")}; what the lab made is removed.`,
    );
    return 0;
  }
  const progress = createProgress(say);
  const toolchain = await progress.step("Toolchain", (note) =>
    ensureToolchain(labTools, ({ tool, phase, detail }) => {
      if (phase !== "looking") {
        note([tool, phase, detail].filter(Boolean).join(" "));
      }
    }),
  );
  for (const tool of Object.values(toolchain)) {
    say(`    ${tool.name} ${tool.version} (${tool.source}, ${(tool.milliseconds / 1000).toFixed(1)} s)`);
  }
  const lab = await progress.step("Lab: cluster, identity provider, plugins", (note) =>
    startLab({ stack: flags.stack, toolchain, charts: flags.chart.map(parseChartOverride), report: note }),
  );
  for (const [which, standIn] of [
    ["official", false],
    ["stand-ins of the lab's own", true],
  ] as const) {
    const names = lab.plugins.filter((plugin) => plugin.standIn === standIn).map(({ name }) => name.replace("pulumi-", ""));
    if (names.length > 0) {
      say(`    plugins, ${which}: ${names.join(", ")}`);
    }
  }
  try {
    const failed = await deployAndProve(lab, progress, say);
    if (flags.keep) {
      keep(lab, say);
    }
    return failed === 0 ? 0 : 1;
  } finally {
    if (!flags.keep) {
      await progress.step("Ending the lab", () => lab.stop());
    }
    say(`Total ${progress.total()}.`);
  }
}

async function deployAndProve(lab: Lab, progress: ReturnType<typeof createProgress>, say: (line: string) => void): Promise<number> {
  const withPack = ["--policy-pack", policyPack, ...policySettings(lab)];
  await progress.step("pulumi preview, with the policy pack", async (note) => {
    await compilePolicies();
    await lab.engine.run(["preview", ...withPack], { onLine: note });
  });
  await progress.step("pulumi up, with the policy pack", (note) =>
    lab.engine.run(["up", "--yes", "--skip-preview", ...withPack], { onLine: note }),
  );
  const document = await lab.document();
  // The API server takes ten seconds to read a new issuer, in which people can already sign in.
  const trusted = trustClients(lab, document);
  trusted.catch(() => undefined);
  const refused = await progress.step("A stack that breaks every mandatory rule", () => proveBadStackRefused(lab));
  const { results: signIns, driver } = await progress.step("People sign in", (note) =>
    prove(lab, document, {
      trusted,
      browser: flags.browser ? undefined : false,
      onResult: (result) => note(`${result.login}: ${result.tries}: ${result.got}`),
    }),
  );
  say(`    signed in through ${driver === "browser" ? "headless Chromium" : "a plain HTTP client (no Chromium found)"}`);
  const results = [...signIns, ...refused];
  const failed = results.filter((result) => !result.holds).length;
  process.stdout.write(
    `\n${await accessMatrix(lab, document)}\n${proofsText(results)}\n\n${results.length - failed} passed, ${failed} failed\n`,
  );
  return failed;
}

/** The auditor's page as `gatehouse report` prints it: the demo uses the command as its users do. */
async function accessMatrix(lab: Lab, document: EnvironmentDocument): Promise<string> {
  const file = join(lab.stateDir, "environment.json");
  writeFileSync(file, JSON.stringify(document));
  const report = await run(process.execPath, ["--import", "tsx", join(projectFolder, "cli", "bin.ts"), "report", "--env", file], {
    cwd: projectFolder,
  });
  if (report.status !== 0) {
    throw new Error(`gatehouse report: expected it to succeed, got exit status ${report.status}:\n${report.stderr}`);
  }
  return report.stdout;
}

function keep(lab: Lab, say: (line: string) => void): void {
  const variables = [
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_HOME",
    "KUBECONFIG",
    "PATH",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
  ];
  const secret = Object.keys(lab.identityProvider.environment);
  const file = join(lab.stateDir, "environment.sh");
  const lines = [...variables, ...secret].map((name) => `export ${name}='${(lab.variables[name] ?? "").replaceAll("'", `'\\''`)}'`);
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  const credentials = lab.people.map(({ login, password, otp }) => ({ login, password, otp }));
  writeFileSync(join(lab.stateDir, "people.json"), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  writeFileSync(join(lab.stateDir, "kept"), "");
  lab.keep();
  say(
    [
      "",
      `The lab stays up. Use it:   . ${file}`,
      `Then for example:           pulumi stack output --stack ${flags.stack}`,
      "                            kubectl get clusterrolebindings",
      `People and passwords:       ${join(lab.stateDir, "people.json")}`,
      `End it:                     npm run demo -- --stack ${flags.stack} --down`,
    ].join("\n"),
  );
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
