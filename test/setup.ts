// Test files share the modules and the process that runs them. What a test has replaced by `vi` is put back here; a file that leaves
// another thing behind for the next one fails, and one that never ends is ended.
import { Worker } from "node:worker_threads";

const longestMinutes = 15;

/** A thread, since a test that never yields keeps every timer of its own from running. It is told which file runs. */
const program = `
const { parentPort, workerData: { pid, minutes } } = require("node:worker_threads");
let timer;
parentPort.on("message", (file) => {
  clearTimeout(timer);
  timer = file && setTimeout(() => {
    require("node:fs").writeSync(2, file + " has not ended within " + minutes + " minutes, and is killed.\\n");
    process.kill(pid, "SIGKILL");
  }, minutes * 60_000);
});`;
/** What is made once for a process. */
const shared = globalThis as { watch?: Worker };
if (shared.watch === undefined) {
  shared.watch = new Worker(program, { eval: true, workerData: { pid: process.pid, minutes: longestMinutes } });
  withoutStacksOfPromises();
}
const { watch } = shared;
watch.unref();
watch.postMessage(expect.getState().testPath);

/** @pulumi/pulumi takes a stack for each promise, for PULUMI_DEBUG_PROMISE_LEAKS alone; Vitest maps each frame to the sources. */
function withoutStacksOfPromises(): void {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (error, frames): unknown =>
    frames[0]?.getFunctionName() === "debuggablePromise" && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]
      ? String(error)
      : prepareStackTrace(error, frames);
}

const found = state();

function state() {
  return { environment: { ...process.env }, folder: process.cwd(), exitCode: process.exitCode };
}

afterAll(() => {
  watch.postMessage(undefined);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  expect(state(), "what this file found, and what it leaves behind").toEqual(found);
});
