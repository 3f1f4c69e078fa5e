/** Times of one command on one side, in milliseconds, in the order of their runs. */
export type Times = readonly number[];

export function median(times: Times): number {
  const sorted = [...times].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) {
    throw new Error("median: expected at least one time, got none.");
  }
  return (low + high) / 2;
}

/** The median of `left[i] / right[i]`: the two of a pair were measured one right after the other. */
export function pairedRatio(left: Times, right: Times): number {
  return median(left.map((time, pair) => time / (right[pair] ?? Number.NaN)));
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The two sides of a comparison. */
export type Side = "gatehouse" | "flat";

/**
 * Runs `work` for both sides, alternating which goes first: caches that the first run fills and a machine that grows slower
 * must not count for one side alone.
 */
export async function alternate(repetitions: number, work: (side: Side) => Promise<void>): Promise<void> {
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const order: readonly Side[] = repetition % 2 === 0 ? ["gatehouse", "flat"] : ["flat", "gatehouse"];
    for (const side of order) {
      await work(side);
    }
  }
}

/** Milliseconds as `2.41 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
