import { rmSync } from "node:fs";
import type { Processes } from "../../machine/processes";

const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Interruption = keyof typeof statuses;

/**
 * Leaves nothing of a lab when its program is interrupted (Ctrl-C): the supervisor ends the processes that it started, `sweep`
 * ends what Pulumi started, and the folder goes, since nobody will come back for it. After a failure of its own the folder
 * stays until the next lab: its logs say what went wrong.
 *
 * @param sweep ends what runs outside the supervisor's sight; called at the end of the program, however it comes about
 * @returns takes the listeners away, when the lab has ended in order or is kept
 */
export function watchForInterruption(stateDir: string, processes: Pick<Processes, "list">, sweep: () => void): () => void {
  let status: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    status = statuses[signal as Interruption];
    if (processes.list().length === 0) {
      // Before the first process nobody else listens, and a listener keeps the signal from ending this program.
      process.exit(status);
    }
  };
  const onExit = (): void => {
    sweep();
    if (status !== undefined) {
      rmSync(stateDir, { recursive: true, force: true });
      // Work that was cut off may have failed in the meantime; what ended this program is still the signal.
      process.exitCode = status;
    }
  };
  const signals = Object.keys(statuses) as Interruption[];
  signals.forEach((signal) => process.on(signal, onSignal));
  process.on("exit", onExit);
  return () => {
    signals.forEach((signal) => process.off(signal, onSignal));
    process.off("exit", onExit);
  };
}
