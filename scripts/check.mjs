// Everything that can be judged without running the product: types, lint rules, formatting, generated files in step.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const checks = [
  ["types", ["npx", "tsc", "--noEmit"]],
  ["lint rules", ["npx", "eslint", "."]],
  ["formatting", ["npx", "prettier", "--check", "--log-level", "warn", "."]],
  ["generated schemas and tables", ["node", "--import", "tsx", "scripts/generate.ts", "--check"]],
  ["generated policy docs", ["node", "--import", "tsx", "scripts/generate-policy-docs.ts", "--check"]],
];

function run(name, [command, ...args]) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(command, args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("close", (status) => {
      const passed = status === 0;
      console.log(`${passed ? "ok    " : "FAILED"}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (!passed) {
        console.log(output.trimEnd());
      }
      resolve(passed);
    });
  });
}

// Two at a time: the slow ones are compilers, and more of them than cores only wait for each other.
const results = [];
const waiting = [...checks];
await Promise.all(
  [0, 1].map(async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.push(await run(...next));
    }
  }),
);
const failed = results.filter((passed) => !passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
