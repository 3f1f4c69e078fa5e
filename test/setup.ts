// Test files share the modules and the process that runs them. What a test has replaced by `vi` is put back here; a file that leaves
// another thing behind for the next one fails, and one that never ends is ended.
import { createRequire } from "node:module";
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
const shared = globalThis as { watch?: Worker; withoutStacks?: boolean };
shared.watch ??= new Worker(program, { eval: true, workerData: { pid: process.pid, minutes: longestMinutes } });
const { watch } = shared;
watch.unref();
watch.postMessage(expect.getState().testPath);

/**
 * Of @pulumi/pulumi: it takes a stack for each promise, for PULUMI_DEBUG_PROMISE_LEAKS alone, and one for each resource, for the engine,
 * which the mocks are not. Taking them is dear, and the more so as Vitest maps each frame to the sources. By now it is loaded, if a file's imports need it.
 */
function withoutStacks(): void {
  const { cache, resolve } = createRequire(__filename);
  const loaded = (name: string): unknown => cache[resolve(`@pulumi/pulumi/${name}`)]?.exports;
  const debuggable = loaded("runtime/debuggable") as { debuggablePromise(...given: unknown[]): unknown } | undefined;
  const resource = loaded("resource") as { Resource: { callsites(): object[] } } | undefined;
  if (debuggable === undefined || resource === undefined || shared.withoutStacks === true) {
    return;
  }
  shared.withoutStacks = true;
  resource.Resource.callsites = () => [];
  const taken = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (...given) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = process.env["PULUMI_DEBUG_PROMISE_LEAKS"] ? stackTraceLimit : 0;
    try {
      return taken(...given);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

const found = state();

function state() {
  return { environment: { ...process.env }, folder: process.cwd(), exitCode: process.exitCode };
}

beforeAll(withoutStacks);

afterAll(() => {
  watch.postMessage(undefined);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
  expect(state(), "what this file found, and what it leaves behind").toEqual(found);
});
