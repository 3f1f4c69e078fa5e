import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const project = (name, include) => ({ extends: true, test: { name, include, exclude: [] } });

// docs/decisions/2026-11-29-vitest.md says why.
export default defineConfig({
  test: {
    projects: [
      project("unit", ["test/!(e2e)/**/*.test.ts", "lab/test/**/*.test.ts"]),
      // They render charts with the real Helm, and are run by `npm run e2e`.
      project("charts", ["test/e2e/charts/*.test.ts"]),
    ],
    globals: true,
    setupFiles: [here("test/setup.ts")],
    // Modules are loaded once for a process, and shared by the files that it runs.
    pool: "forks",
    isolate: false,
    // Less of the time goes into collecting what is young.
    execArgv: ["--max-semi-space-size=64"],
    maxWorkers: availableParallelism(),
    // The example of a test of one's own is run against this repository.
    alias: { "gatehouse/model": here("model/index.ts"), "gatehouse/verifier": here("verifier/index.ts") },
    // A busy machine is no failure. What has to end in time says so in its own test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What fails, and the totals; at a terminal also what runs.
    reporters: [process.stdout.isTTY ? "default" : "minimal"],
  },
});
