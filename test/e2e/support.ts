import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";
import { processIo } from "../../cli/io";
import { main } from "../../cli/main";
import { prove } from "../../lab/story/demo/proofs";
import { labAdministrator, labTools, startLab, stateFolder, trustClients, type Lab, type LabOptions } from "../../lab/story/session";
import { clusterApi } from "../../lab/story/relying-parties/cluster-api";
import { ensureToolchain } from "../../lab/machine/toolchain";

/** How long anything may take on a machine that is busy with something else, in milliseconds. */
export const longest = 600_000;

/** A lab of its own for one test file: neither its folder nor its ports are those of a file that runs beside it. */
export async function openLab(
  stack: string,
  options: Pick<LabOptions, "replicationMilliseconds" | "auditPolicy" | "followedBy"> = {},
): Promise<Lab> {
  const toolchain = await ensureToolchain(labTools, () => undefined);
  const file = basename(process.argv[1] ?? "", ".e2e.ts");
  return startLab({ stack, toolchain, stateDir: stateFolder(`e2e-${file}-${stack}`), freePort: true, ...options });
}

export async function up(lab: Lab, ...flags: string[]): Promise<string> {
  return (await lab.engine.run(["up", "--yes", "--skip-preview", ...flags])).stdout;
}

/** The stack from its first update to its end: who may do what, and that a second update changes nothing. */
export async function proveStack(lab: Lab): Promise<void> {
  await up(lab);
  const document = await lab.document();
  const { results } = await prove(lab, document, { trusted: trustClients(lab, document) });
  assert.deepEqual(
    results.filter((result) => !result.holds),
    [],
  );
  assert.ok(results.length >= lab.scenario.proofs.length + lab.scenario.refused.length);
  await up(lab, "--expect-no-changes");
  await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
}

/** What the test is called that proves a stack. */
export const proved = (stack: string): string =>
  `${stack}: people have exactly the rights that were written down, a second update changes nothing, and it can be destroyed`;

/** The copy of the stack file that the lab's engine reads. */
export function stackFileOf(lab: Lab): string {
  return join(lab.stateDir, `Pulumi.${lab.engine.stack}.yaml`);
}

/** Changes one setting in the lab's copy of the stack file. */
export function configure(lab: Lab, path: readonly (string | number)[], value: unknown): void {
  const file = stackFileOf(lab);
  const document = parseDocument(readFileSync(file, "utf8"));
  if (value === undefined) {
    document.deleteIn(["config", ...path]);
  } else {
    document.setIn(["config", ...path], value);
  }
  writeFileSync(file, document.toString());
}

/** For suites that share a lab. @returns the way to leave it to the next one, even after a failure: nothing deployed, the stack file as it is now */
export function asFound(lab: Lab): () => Promise<void> {
  const file = readFileSync(stackFileOf(lab), "utf8");
  return async () => {
    await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
    writeFileSync(stackFileOf(lab), file);
  };
}

/** A call to the cluster as its administrator; the parsed body and the status, whatever it is. */
export async function kube(lab: Lab, method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await clusterApi(lab.cluster.kubeconfigPath).callAs(labAdministrator, method, path, body);
  return { status: answer.status, body: answer.body === "" ? undefined : (JSON.parse(answer.body) as unknown) };
}

/** The command, in this process. */
export async function gatehouse(...argv: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const status = await main([...argv], {
    ...processIo,
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
  });
  return { status, stdout, stderr };
}

/** Names of the objects at a path of the cluster. */
export async function namesOf(lab: Lab, path: string): Promise<string[]> {
  const { body } = await kube(lab, "GET", path);
  return (body as { items: { metadata: { name: string } }[] }).items.map((item) => item.metadata.name).sort();
}

/** A call to the lab's Okta management API as its administrator; the parsed body where there is one. */
export async function okta(lab: Lab, path: string, method = "GET", body?: unknown): Promise<unknown> {
  const { OKTA_HTTP_PROXY = "", OKTA_API_TOKEN = "" } = lab.identityProvider.environment;
  const headers = { authorization: `SSWS ${OKTA_API_TOKEN}`, "content-type": "application/json" };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${OKTA_HTTP_PROXY}/api/v1${path}`, { method, headers, ...content });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/**
 * Does something again and again while `work` runs: once before it begins and once after its end, so that how fast the machine is
 * decides only how often between. Three quarters of the time are left to the work, which would otherwise take the longer for being watched.
 */
export async function againWhile(attempt: () => Promise<unknown>, work: () => Promise<unknown>): Promise<void> {
  await attempt();
  const done = new AbortController();
  const trying = (async () => {
    while (!done.signal.aborted) {
      const began = performance.now();
      await attempt();
      await sleep(3 * (performance.now() - began), undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  // Awaited below: what fails meanwhile must not end the whole process.
  trying.catch(() => undefined);
  try {
    await work();
  } finally {
    done.abort();
    await trying;
  }
  await attempt();
}

/** Waits until what is read is as expected: controllers clear up after a command, in their own time. */
export async function becomes(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + longest;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && Date.now() < deadline) {
    await sleep(200);
    found = await read();
  }
  assert.deepEqual(found, expected);
}

/** Every file below a folder, for searching. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Watches every command line on the machine until stopped, and gives back all that it saw (Linux only: empty elsewhere). */
export function watchCommandLines(): { stop(): Set<string> } {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : []) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        // It has just ended.
      }
    }
  };
  // A test that fails before it stops the watch must still let its process end.
  const timer = setInterval(look, 50).unref();
  return {
    stop() {
      clearInterval(timer);
      look();
      return seen;
    },
  };
}
