import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { credentialOf } from "../../lab/story/demo/proofs";
import { projectFolder, type Lab } from "../../lab/story/session";
import { openDriver } from "../../lab/story/sign-in";

/** Node's arguments for the command: its bundle, as people have it, where scripts/e2e.mjs has made one for all files; else its source. */
export function commandLine(...args: readonly string[]): string[] {
  const built = process.env["GATEHOUSE_E2E_COMMAND"];
  const program = built === undefined ? ["--import", "tsx", join(projectFolder, "cli", "bin.ts")] : [built];
  return [...program, ...args];
}

/** The command, run as a person would, trusting the lab's authority. */
export function gatehouse(lab: Lab, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, commandLine(...args), {
    cwd: projectFolder,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: lab.authority.certificateFile },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export function ended(child: ChildProcess): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, ...output })));
}

/** `gatehouse login` of a person whose browser is a plain HTTP client; the verdict as the command gives it to scripts. */
export async function login(
  lab: Lab,
  person: string,
  flags: readonly string[] = [],
): Promise<{ status: number | null; stderr: string; verdict: Record<string, unknown> }> {
  const file = join(lab.stateDir, "environment.json");
  writeFileSync(file, JSON.stringify(await lab.document()));
  const child = gatehouse(lab, ["login", "--env", file, "--no-open", "--json", "--timeout", "600", ...flags]);
  const address = new Promise<string>((resolve) => {
    let text = "";
    child.stderr?.on("data", (piece: Buffer | string) => {
      text += String(piece);
      const found = /https:\/\/\S+\n/.exec(text)?.[0];
      if (found !== undefined) {
        resolve(found.trim());
      }
    });
  });
  const end = ended(child);
  const startUrl = await Promise.race([address, end.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const driver = await openDriver({ ca: lab.authority.certificate, browser: false });
  await driver.signIn({ startUrl, ...credentialOf(lab, person) });
  const { status, stdout, stderr } = await end;
  assert.doesNotMatch(stdout + stderr, /eyJ/, "a token was printed");
  return { status, stderr, verdict: JSON.parse(stdout) as Record<string, unknown> };
}
