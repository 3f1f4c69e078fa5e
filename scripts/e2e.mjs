// The end-to-end tests: charts through the real Helm, then each file of test/e2e on a lab of its own, one after the other.
// `npm run e2e -- k10-okta` runs the files whose name contains one of the given words.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const chosen = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));

/** Runs a command, passes its output on, and counts by the last totals that it printed. */
function run(args, totals) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const [stream, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on("data", (text) => {
        output += text;
        to.write(text);
      });
    }
    child.on("close", (status) => {
      const { passed, failed } = totals(output);
      // A run that failed or counted nothing is a failure even when no single test was reported as one.
      resolve({ passed, failed: status === 0 && passed > 0 ? failed : Math.max(failed, 1) });
    });
  });
}

const last = (output, pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
const jest = (output) => ({ passed: last(output, /^Tests:.*?(\d+) passed/gm), failed: last(output, /^Tests:.*?(\d+) failed/gm) });
const node = (output) => ({ passed: last(output, /^(?:#|ℹ) pass (\d+)/gm), failed: last(output, /^(?:#|ℹ) fail (\d+)/gm) });

const results = [];
if (chosen("charts")) {
  results.push(await run([join(project, "node_modules", "jest", "bin", "jest.js"), "--config", "jest.e2e.config.js"], jest));
}
const files = readdirSync(join(project, "test", "e2e")).filter((name) => name.endsWith(".e2e.ts") && chosen(name));
for (const file of files.sort()) {
  results.push(await run(["--import", "tsx", "--test", join("test", "e2e", file)], node));
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 && results.length > 0 ? 0 : 1;
