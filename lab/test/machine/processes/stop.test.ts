import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProcesses, freePorts, httpsStatus, readRecords, run, startTimeOf } from "../../../machine/processes";
import { stopRecorded } from "../../../machine/processes/stop";
import { ignoresSigterm, script } from "./child";

it("kills a process that does not leave within the grace time", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "gatehouse-stop-"));
  const processes = createProcesses({ stateDir });
  const child = await processes.start({
    name: "stubborn",
    command: process.execPath,
    args: script(ignoresSigterm),
    ready: () => Promise.resolve(readFileSync(join(stateDir, "logs", "stubborn.log"), "utf8").includes("up")),
  });
  const [record] = readRecords(stateDir);
  if (record === undefined) {
    throw new Error("expected one record, found none");
  }
  await expect(stopRecorded(record, 100)).resolves.toBe("killed");
  expect(startTimeOf(child.pid)).toBeUndefined();
  await expect(stopRecorded(record, 100)).resolves.toBe("already gone");
  await processes.stopAll();
  rmSync(stateDir, { recursive: true });
});

describe("startTimeOf", () => {
  it("stays the same while a process runs, is later for a later one, and goes with it", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const pid = child.pid ?? 0;
    const first = startTimeOf(pid);
    expect(first).toBeDefined();
    expect(first).not.toBe(startTimeOf(process.pid));
    expect(startTimeOf(pid)).toBe(first);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(startTimeOf(pid)).toBeUndefined();
  });

  it.each([0, 1, -1, 0.5, 2 ** 31])("answers undefined for %d, which the lab cannot have started", (pid) => {
    expect(startTimeOf(pid)).toBeUndefined();
  });
});

describe("freePorts", () => {
  it("answers different ports that can be listened on", async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    expect(ports.every((port) => port > 1023 && port < 65536)).toBe(true);
  });
});

it("httpsStatus answers 0 where nothing listens", async () => {
  const [port = 0] = await freePorts(1);
  await expect(httpsStatus(`https://127.0.0.1:${port}/`, { ca: "" })).resolves.toEqual({ status: 0, body: "" });
});

describe("run", () => {
  it("answers status and both outputs, and passes lines on whole", async () => {
    const lines: string[] = [];
    const body =
      'process.stdout.write("a"); setTimeout(() => { process.stdout.write("b\\nc\\n"); console.error("e"); process.exitCode = 4; }, 50)';
    const result = await run(process.execPath, ["-e", body], { onLine: (line) => lines.push(line) });
    expect(result).toEqual({ status: 4, stdout: "ab\nc\n", stderr: "e\n" });
    expect(lines.sort()).toEqual(["ab", "c", "e"]);
  });

  it("ends the command at the time limit and when aborted", async () => {
    const stays = ["-e", "setInterval(() => {}, 1000)"];
    await expect(run(process.execPath, stays, { timeoutMilliseconds: 100 })).rejects.toThrow("ended by SIGKILL");
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    await expect(run(process.execPath, stays, { signal: abort.signal })).rejects.toThrow("ended by SIGKILL");
  });

  it("leaves no listeners behind", async () => {
    const before = process.listenerCount("exit") + process.listenerCount("SIGINT");
    await run(process.execPath, ["-e", "0"]);
    expect(process.listenerCount("exit") + process.listenerCount("SIGINT")).toBe(before);
  });
});
