// The end-to-end tests: charts through the real Helm, then each file of test/e2e on a lab of its own, two at a time.
// `npm run e2e -- k10-okta` runs the files whose name contains one of the given words.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const chosen = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));

const last = (output, pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
const jest = (output) => ({ passed: last(output, /^Tests:.*?(\d+) passed/gm), failed: last(output, /^Tests:.*?(\d+) failed/gm) });
const node = (output) => ({ passed: last(output, /^(?:#|ℹ) pass (\d+)/gm), failed: last(output, /^(?:#|ℹ) fail (\d+)/gm) });

/** Started first, so that no lane runs alone for long at the end. */
const longest = "stacks.e2e.ts";
const files = readdirSync(join(project, "test", "e2e")).filter((name) => name.endsWith(".e2e.ts"));
const runs = [
  ...files
    .sort((a, b) => Number(b === longest) - Number(a === longest) || a.localeCompare(b))
    .map((name) => ({ name, args: ["--import", "tsx", "--test", join("test", "e2e", name)], totals: node })),
  {
    name: "charts",
    args: [join(project, "node_modules", "jest", "bin", "jest.js"), "--config", "jest.e2e.config.js"],
    totals: jest,
  },
].filter(({ name }) => chosen(name));
// A lab keeps about one core busy. What a lane prints is held back until its file has ended, or two files would mix.
const lanes = Math.min(2, availableParallelism(), runs.length);

/** A file that waits for ever would take the whole run with it; the longest takes five minutes on two cores, and several times as long beside others. */
const limitMilliseconds = 60 * 60_000;

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
    child.on("close", (status) => {
      const { passed, failed } = totals(output);
      if (lanes > 1) {
        process.stdout.write(output);
      }
      console.log(`--- ${name}: exit status ${status}, ${Math.round((Date.now() - started) / 1000)} s`);
      // A run that failed or counted nothing is a failure even when no single test was reported as one.
      resolve({ passed, failed: status === 0 && passed > 0 ? failed : Math.max(failed, 1) });
    });
  });
}

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
