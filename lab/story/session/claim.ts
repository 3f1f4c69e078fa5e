/** Whose a lab's folder is: one program works on it at a time. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { down, startTimeOf, stillRuns } from "../../machine/processes";
import { sweep } from "../../machine/processes/sweep";

/** Where a lab notes whose it is, so that a second program does not end the first one's processes. */
const ownerFile = "owner.json";

/**
 * Ends what an earlier lab left that was killed, and refuses to end one that is in use.
 * @param marker environment variable that everything of a lab's engine has
 */
export async function refuseSecondLab(stateDir: string, marker: string): Promise<void> {
  if (existsSync(join(stateDir, "kept"))) {
    throw new Error(`A lab is up already (${stateDir}). End it with: npm run demo -- --down`);
  }
  const owner = join(stateDir, ownerFile);
  if (existsSync(owner)) {
    const { pid, startTime } = JSON.parse(readFileSync(owner, "utf8")) as { pid: number; startTime: string };
    if (pid !== process.pid && stillRuns(pid, startTime)) {
      throw new Error(`Another program (process ${pid}) is working on this lab (${stateDir}). Wait for it, or end it.`);
    }
  }
  if (existsSync(stateDir)) {
    // An earlier lab was ended from outside. What it recorded is ended for certain, then everything starts anew.
    await down(stateDir);
    sweep(marker, stateDir);
    rmSync(stateDir, { recursive: true, force: true });
  }
}

export function claim(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(stateDir, ownerFile), JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) }));
}
