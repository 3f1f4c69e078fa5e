// The end-to-end tests: charts through the real Helm, then each file of test/e2e on a lab of its own, several at a time.
// `npm run e2e -- k10-okta` runs the files whose name, or that of a suite in them, contains one of the given words.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommand } from "./build-command.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(project, "test", "e2e");
const wanted = process.argv.slice(2);
const chosen = (names) => wanted.length === 0 || wanted.some((word) => names.some((name) => name.includes(word)));
/** Suites that share the lab of a file, by their names. */
const suitesOf = (file) => [...readFileSync(join(folder, file), "utf8").matchAll(/"\.\/(.+\.suite)"/g)].map(([, name]) => name);

const last = (output, pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
const vitest = (output) => ({ passed: last(output, /^ +Tests .*?(\d+) passed/gm), failed: last(output, /^ +Tests .*?(\d+) failed/gm) });
const node = (output) => ({ passed: last(output, /^(?:#|ℹ) pass (\d+)/gm), failed: last(output, /^(?:#|ℹ) fail (\d+)/gm) });

/** Started first, the longest before the others, so that no lane runs alone for long at the end. A run prints what each file takes. */
const longest = [
  "languages",
  "k10-entra",
  "stacks",
  "keycloak-clusters",
  "kubesphere4",
  "keycloak-k10",
  "adopt-k10",
  "external",
  "preview",
  "kubesphere3",
  "hand-made",
  "k10-okta",
  "k10-okta-commands",
  "k10-okta-evidence",
  "demo",
  "adopt-openunison",
].map((name) => `${name}.e2e.ts`);
/** The place in that order; a file that is not named there comes after those that are. */
const place = (name) => (longest.includes(name) ? longest.indexOf(name) : longest.length);

const files = readdirSync(folder).filter((name) => name.endsWith(".e2e.ts"));
const runs = [
  ...files
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => ({ name, suites: suitesOf(name), args: ["--import", "tsx", "--test", join("test", "e2e", name)], totals: node })),
  {
    name: "charts",
    args: [join(project, "node_modules", "vitest", "vitest.mjs"), "run", "--project", "charts", "--no-color"],
    totals: vitest,
  },
].filter(({ name, suites = [] }) => chosen([name, ...suites]));
// A lab keeps half a core busy: it often waits, ten seconds each time that the API server takes up another issuer. Four have been
// tried on two cores with 23 GB of memory. What a lane prints is held back until its file has ended, or two files would mix.
const lanes = Math.min(4, 2 * availableParallelism(), runs.length);

/** A file that waits for ever would take the whole run with it; the longest takes six minutes on two cores, and several times as long beside others. */
const limitMilliseconds = 60 * 60_000;

/** Seconds of processor time of every child that has ended, and of all that those waited for (Linux only: nothing elsewhere). */
function endedChildrenSeconds() {
  if (!existsSync("/proc/self/stat")) {
    return undefined;
  }
  // The name of the program, in brackets, may have blanks; user and system time of children are fields 16 and 17, in hundredths (proc(5)).
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

let counted = 0;
/** The processor time of the child that has just ended. */
function processorTime() {
  const all = endedChildrenSeconds();
  const own = (all ?? 0) - counted;
  counted = all ?? 0;
  return all === undefined ? "" : `, ${Math.round(own)} s of processor time`;
}

/** Runs a command, and counts by the last totals that it printed. */
function run({ name, args, totals }) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "pipe"], timeout: limitMilliseconds });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (lanes === 1) {
          process.stdout.write(text);
        }
      });
    }
    let used = "";
    child.on("exit", () => (used = processorTime()));
    child.on("close", (status) => {
      const { passed, failed } = totals(output);
      if (lanes > 1) {
        process.stdout.write(output);
      }
      console.log(`--- ${name}: exit status ${status}, ${Math.round((Date.now() - started) / 1000)} s${used}`);
      // A run that failed or counted nothing is a failure even when no single test was reported as one.
      resolve({ passed, failed: status === 0 && passed > 0 ? failed : Math.max(failed, 1) });
    });
  });
}

// The files run the command as people have it. Not the one in dist/, which a file that packs the package makes anew. Below the project, where
// its packages are found.
const built = mkdtempSync(join(project, "node_modules", ".gatehouse-command-"));
process.on("exit", () => rmSync(built, { recursive: true, force: true }));
await buildCommand(project, built);
process.env.GATEHOUSE_E2E_COMMAND = join(built, "bin.js");

const results = [];
const queue = [...runs];
const lane = async () => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    console.log(`--- ${next.name}`);
    results.push(await run(next));
  }
};
await Promise.all(Array.from({ length: lanes }, lane));
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 && results.length > 0 ? 0 : 1;
