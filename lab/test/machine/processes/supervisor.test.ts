import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { createProcesses, down, PortTakenError, readRecords, startTimeOf, stillRuns } from "../../../machine/processes";
import type { Processes } from "../../../machine/processes";
import { script, stays } from "./child";

let stateDir: string;
let processes: Processes;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "gatehouse-processes-"));
  processes = createProcesses({ stateDir });
});
afterEach(async () => {
  await processes.stopAll();
  rmSync(stateDir, { recursive: true, force: true });
});

const logOf = (name: string) => readFileSync(join(stateDir, "logs", `${name}.log`), "utf8");
const saysUp = (name: string) => () => Promise.resolve(logOf(name).includes("up"));
const start = (name: string, body: string, more: object = {}) =>
  processes.start({ name, command: process.execPath, args: script(body), ready: saysUp(name), ...more });

it("answers once the process is ready, with its log and a record that only this user can read", async () => {
  const child = await start("server", stays);
  expect(logOf("server")).toBe("up\n");
  expect(readRecords(stateDir)).toEqual([
    { name: "server", pid: child.pid, startTime: startTimeOf(child.pid), order: 0, command: "node", logFile: child.logFile },
  ]);
  const modes = [child.logFile, join(stateDir, "processes", "server.json")].map((file) => statSync(file).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600]);
});

it("ends processes in the reverse order of their start and forgets them", async () => {
  const trace = join(stateDir, "trace");
  const leaves = (name: string) =>
    `process.on("SIGTERM", () => { require("node:fs").appendFileSync(${JSON.stringify(trace)}, "${name} "); process.exit(); });${stays}`;
  const children = [await start("first", leaves("first")), await start("second", leaves("second")), await start("third", leaves("third"))];
  await processes.stopAll();
  expect(readFileSync(trace, "utf8")).toBe("third second first ");
  expect(children.map((child) => startTimeOf(child.pid))).toEqual([undefined, undefined, undefined]);
  expect(processes.list()).toEqual([]);
  expect(readRecords(stateDir)).toEqual([]);
});

it("ends what a process started too", async () => {
  const file = join(stateDir, "grandchild");
  const body = `const c = require("node:child_process").spawn("sleep", ["60"]); require("node:fs").writeFileSync(${JSON.stringify(file)}, String(c.pid));${stays}`;
  await start("parent", body, { ready: () => Promise.resolve(existsSync(file)) });
  const grandchild = Number(readFileSync(file, "utf8"));
  expect(startTimeOf(grandchild)).toBeDefined();
  await processes.stop("parent");
  expect(startTimeOf(grandchild)).toBeUndefined();
});

it("ends what a process started too, when that one does not listen", async () => {
  const file = join(stateDir, "deaf");
  const deaf = `process.on("SIGTERM", () => {}); require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid));${stays}`;
  const body = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(deaf)}]);${stays}`;
  await start("parent", body, { ready: () => Promise.resolve(existsSync(file)) });
  const grandchild = Number(readFileSync(file, "utf8"));
  await processes.stop("parent");
  expect(startTimeOf(grandchild)).toBeUndefined();
});

describe("a process that does not come up", () => {
  it.each([
    [
      "ends",
      'console.error("no such flag"); process.exit(3)',
      {},
      /broken: expected node to become ready, but it ended .*exit status 3.*no such flag/s,
    ],
    ["never becomes ready", stays, { ready: () => Promise.resolve(false), readyTimeoutSeconds: 0.2 }, /it was not ready after 0\.2 s/],
  ])("that %s is an error with the end of its log, and nothing stays", async (_what, body, more, message) => {
    await expect(start("broken", body, { ready: () => Promise.resolve(false), ...more })).rejects.toThrow(message);
    expect(processes.list()).toEqual([]);
    expect(readRecords(stateDir)).toEqual([]);
  });

  it("is told apart when its port was taken, so that the caller can choose another", async () => {
    const body = 'console.error("listen tcp 127.0.0.1:1: bind: address already in use"); process.exit(1)';
    await expect(start("late", body, { ready: () => Promise.resolve(false) })).rejects.toBeInstanceOf(PortTakenError);
  });

  it("is an error when the command does not exist", async () => {
    const absent = join(stateDir, "absent");
    await expect(processes.start({ name: "absent", command: absent, args: [] })).rejects.toThrow(/ended at once \(spawn .*ENOENT\)/);
  });
});

it("refuses a second process of the same name, and a name that is no file name", async () => {
  await start("one", stays);
  await expect(start("one", stays)).rejects.toThrow("process one: expected a name that is not running");
  await expect(start("../one", stays)).rejects.toThrow("got '../one'");
});

it("refuses a secret among the arguments without repeating it", async () => {
  const secret = "s3cr3t-value";
  const attempt = processes.start({
    name: "leaky",
    command: process.execPath,
    args: ["-e", "0", `--password=${secret}`],
    secrets: [secret],
  });
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => (reason as Error).message,
  );
  expect(error).toContain("argument 2 contains a secret");
  expect(error).not.toContain(secret);
});

describe("what an earlier run left", () => {
  it("is ended by down, last started first, and a second down finds nothing", async () => {
    const first = await start("first", stays);
    const second = await start("second", stays);
    expect(await down(stateDir)).toEqual([
      { name: "second", pid: second.pid, outcome: "stopped" },
      { name: "first", pid: first.pid, outcome: "stopped" },
    ]);
    expect(await down(stateDir)).toEqual([]);
  });

  it("is not confused with another process that has its id now", async () => {
    const other = await start("other", stays);
    const file = join(stateDir, "processes", "other.json");
    const record: unknown = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...(record as object), startTime: "an earlier time" }));
    expect(await down(stateDir)).toEqual([{ name: "other", pid: other.pid, outcome: "already gone" }]);
    expect(startTimeOf(other.pid)).toBeDefined();
    expect(readRecords(stateDir)).toEqual([]);
  });

  it("is not guessed from a broken record", async () => {
    await start("one", stays);
    const file = join(stateDir, "processes", "one.json");
    writeFileSync(file, '{"name":"one","pid":"1"}');
    await expect(down(stateDir)).rejects.toThrow(`${file}: expected a process record`);
    expect(processes.list()).toHaveLength(1);
  });
});

describe("the end of the program", () => {
  const root = join(__dirname, "../../../..");
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-program-"));
  const processesFile = join(folder, "processes.cjs");
  beforeAll(() =>
    build({ entryPoints: [join(root, "lab/machine/processes/index.ts")], outfile: processesFile, bundle: true, platform: "node" }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a program that starts one child and then does `last`; answers its exit status and the child's identity. */
  function program(last: string) {
    const file = join(stateDir, "child.json");
    const source = `
      const { writeFileSync } = require("node:fs");
      const { createProcesses, startTimeOf } = require(${JSON.stringify(processesFile)});
      const processes = createProcesses({ stateDir: ${JSON.stringify(stateDir)} });
      void processes.start({ name: "child", command: process.execPath, args: ["-e", ${JSON.stringify(stays)}] }).then((child) => {
        writeFileSync(${JSON.stringify(file)}, JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid) }));
        ${last}
      });`;
    const entry = join(stateDir, "program.cjs");
    writeFileSync(entry, source);
    const result = spawnSync(process.execPath, [entry], { encoding: "utf8" });
    const child = JSON.parse(readFileSync(file, "utf8")) as { pid: number; startTime: string };
    return { status: result.status, child, alive: stillRuns(child.pid, child.startTime), records: readRecords(stateDir).length };
  }

  it.each([
    ["SIGINT", 'process.kill(process.pid, "SIGINT"); setInterval(() => {}, 1000);', 130],
    ["SIGTERM", 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);', 143],
    ["an uncaught error", 'throw new Error("oops");', 1],
    ["process.exit", "process.exit(7);", 7],
  ])("by %s takes the children along", async (_how, last, status) => {
    const { child, alive: _, ...ended } = program(last);
    expect(ended).toEqual({ status, records: 0 });
    // Killed is not yet gone: a busy kernel takes its time to end a process.
    const limit = Date.now() + 50_000;
    while (stillRuns(child.pid, child.startTime) && Date.now() < limit) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(stillRuns(child.pid, child.startTime)).toBe(false);
  });

  it("leaves them after keep(), for down() to end", async () => {
    expect(program("processes.keep();")).toMatchObject({ status: 0, alive: true, records: 1 });
    expect(await down(stateDir)).toMatchObject([{ name: "child", outcome: "stopped" }]);
  });
});
