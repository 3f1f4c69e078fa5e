/** Steps with their times: one line each, and the latest detail under it where there is a terminal. */
export interface Progress {
  step<T>(title: string, work: (note: (line: string) => void) => Promise<T>): Promise<T>;
  /** Time since the first step, in words. */
  total(): string;
}

/** How often a long step says that it is still at work where there is no terminal, in milliseconds. */
const heartbeat = 30_000;

export function createProgress(say: (line: string) => void, terminal = process.stderr.isTTY): Progress {
  const began = Date.now();
  const since = (start: number): string => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  const show = (line: string): void => void process.stderr.write(`\r\u001b[2K    ${line.slice(0, (process.stderr.columns || 80) - 6)}`);
  const clear = (): void => void process.stderr.write("\r\u001b[2K");
  return {
    total: () => since(began),
    async step(title, work) {
      const start = Date.now();
      let latest = "";
      let told = start;
      const note = (line: string): void => {
        latest = line.trim() === "" ? latest : line.trim();
        if (terminal) {
          show(latest);
        }
      };
      say(`> ${title}`);
      const timer = setInterval(() => {
        if (!terminal && Date.now() - told >= heartbeat) {
          told = Date.now();
          say(`    still at it after ${since(start)}: ${latest}`);
        }
      }, 1000);
      try {
        const result = await work(note);
        if (terminal) {
          clear();
        }
        say(`  done in ${since(start)}`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
