/** `npm run demo` as a person uses it: interrupted at any point, left up, ended, and with other charts. */
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parseDocument } from "yaml";
import type { EnvironmentDocument } from "../../model";
import { run } from "../../lab/machine/processes";
import { projectFolder, stateFolder } from "../../lab/story/session";

const stack = "lab-k10-okta";
const stateDir = stateFolder(stack);
/** Inherited by everything that the demo starts, whatever starts it: what carries it later was left behind. */
const mark = `GATEHOUSE_DEMO_TEST=${randomUUID()}`;
let charts: string;

before(() => {
  charts = mkdtempSync(join(tmpdir(), "gatehouse-charts-"));
});
after(async () => {
  await demo("--down").ended;
  rmSync(charts, { recursive: true, force: true });
});

interface Demo {
  readonly process: ChildProcess;
  /** All that it has said until now. */
  said(): { stdout: string; stderr: string };
  readonly ended: Promise<{ status: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `npm run demo` as the leader of a process group, as a shell starts what is in its foreground. */
function demo(...args: string[]): Demo {
  const [name = "", value] = mark.split("=");
  const child = spawn("npm", ["run", "--silent", "demo", "--", ...args], {
    cwd: projectFolder,
    env: { ...process.env, [name]: value },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("close", (status, signal) => {
      resolve({ status, signal });
    }),
  );
  return { process: child, said: () => said, ended };
}

/** Processes that carry the mark and still run (a zombie does not), as their command lines. */
function leftBehind(): string[] {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-axEwwo", "stat=,command="], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).split("\n");
    return lines.filter((line) => line.includes(mark) && !line.startsWith("Z"));
  }
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const marked = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
        return marked ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200)}`] : [];
      } catch {
        // Another user's process, or one that has just ended.
        return [];
      }
    });
}

/** Waits until nothing is left; what the signal has ended may take a moment to be gone. */
async function nothingLeft(): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (leftBehind().length > 0 && Date.now() < deadline) {
    await sleep(50);
  }
  assert.deepEqual(leftBehind(), []);
  assert.ok(!existsSync(stateDir), `${stateDir} was left behind`);
}

async function until(started: Demo, text: string): Promise<void> {
  const deadline = Date.now() + 900_000;
  while (!started.said().stderr.includes(text)) {
    assert.equal(started.process.exitCode, null, `the demo ended before '${text}':\n${started.said().stderr}`);
    assert.ok(Date.now() < deadline, `the demo never said '${text}':\n${started.said().stderr}`);
    await sleep(20);
  }
}

/** People's 26 proofs at least, and none that failed. */
function assertProved(ended: Demo): void {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(ended.said().stdout) ?? [];
  assert.equal(failed, "0", ended.said().stdout);
  assert.ok(Number(passed) >= 26, `expected 26 proofs or more, got ${passed}`);
}

/** Points at which a person loses patience: a step, and milliseconds into it. */
const points: readonly (readonly [step: string, milliseconds: number])[] = [
  ["> Toolchain", 0],
  ["> Lab: cluster", 0],
  ["> Lab: cluster", 1500],
  ["> pulumi preview", 1000],
  ["> pulumi up", 3500],
  ["> People sign in", 2000],
];

for (const [step, milliseconds] of points) {
  test(`Ctrl-C ${milliseconds} ms into '${step}' leaves neither a process nor a file`, async () => {
    const started = demo();
    await until(started, step);
    await sleep(milliseconds);
    assert.ok(leftBehind().length > 0, "the mark must be seen on what runs");
    assert.ok(started.process.pid);
    // A terminal's Ctrl-C goes to every process of the foreground group.
    process.kill(-started.process.pid, "SIGINT");
    const { status, signal } = await started.ended;
    assert.ok(status === 130 || signal === "SIGINT", `ended with status ${status}, signal ${signal}:\n${started.said().stderr}`);
    await nothingLeft();
  });
}

test("--keep leaves the lab up for use, a second demo is refused, --down ends it; a chart of version 9 is installed as such", async () => {
  const started = demo("--no-browser", "--keep", "--chart", chartOf("9.0.701"));
  assert.equal((await started.ended).status, 0, started.said().stderr);
  assertProved(started);
  assert.ok(leftBehind().some((line) => line.includes("kube-apiserver")));

  // As the demo says: read the file, then use pulumi.
  const file = /\. (\/.*environment\.sh)$/m.exec(started.said().stderr)?.[1];
  assert.ok(file, started.said().stderr);
  const asked = await run("sh", ["-c", `. '${file}' && pulumi stack output --json --stack ${stack}`], { cwd: projectFolder });
  assert.equal(asked.status, 0, asked.stderr);
  const { environment } = JSON.parse(asked.stdout) as { environment: EnvironmentDocument };
  assert.equal(environment.platforms["k10"]?.release?.version, "9.0.701");

  const second = demo();
  assert.equal((await second.ended).status, 1);
  assert.match(second.said().stderr, /A lab is up already .* End it with: npm run demo -- --down/);

  const down = demo("--down");
  assert.equal((await down.ended).status, 0);
  assert.match(down.said().stderr, /^Ended .*kube-apiserver.*; what the lab made is removed\.$/m);
  await nothingLeft();

  const again = demo("--down");
  assert.equal((await again.ended).status, 0);
  assert.match(again.said().stderr, new RegExp(`^No lab of ${stack} was up\\.$`, "m"));
});

test("a chart before 7.0 is given its whole configuration in one Secret, and people sign in all the same", async () => {
  const started = demo("--no-browser", "--chart", `k10=${chartOf("5.5.100")}`);
  assert.equal((await started.ended).status, 0, started.said().stderr);
  assertProved(started);
  await nothingLeft();
});

const refusals: readonly (readonly [what: string, chart: () => string, message: RegExp])[] = [
  ["is not there", () => "no/such/chart", /--chart: expected a chart folder, an archive or a URL, but nothing is at \/.*no\/such\/chart\./],
  ["is a folder of something else", () => charts, /--chart: expected a Helm chart at .*, but no Chart\.yaml is in that folder\./],
  [
    "belongs to no platform of the stack",
    () => `k11=${chartOf("9.0.701")}`,
    /--chart: expected <platform>=<path or URL> .*\(k10\), got 'k11'/,
  ],
  ["has no version", () => chartOf(undefined), /--chart: expected a Helm chart at .*, but its Chart\.yaml names no version\./],
  [
    "has a version whose contract nobody has read",
    () => chartOf("3.0.1"),
    /platforms\.k10\.chart\.version: expected a k10 chart from 4\.5\.0 up to, not including, 10\.0\.0.*got 3\.0\.1/,
  ],
];

for (const [what, chart, message] of refusals) {
  test(`a chart that ${what} is refused in plain words, before anything runs`, async () => {
    const started = demo("--chart", chart());
    assert.equal((await started.ended).status, 1);
    assert.match(started.said().stderr, message);
    assert.doesNotMatch(started.said().stderr, /pulumi preview|\n\s+at /);
    await nothingLeft();
  });
}

/** A copy of the lab's chart that says of itself to be another version. */
function chartOf(version: string | undefined): string {
  const folder = mkdtempSync(join(charts, "k10-"));
  cpSync(join(projectFolder, "lab", "story", "charts", "k10"), folder, { recursive: true });
  const file = join(folder, "Chart.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  if (version === undefined) {
    document.delete("version");
  } else {
    document.set("version", version);
  }
  writeFileSync(file, document.toString());
  return folder;
}
