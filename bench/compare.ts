import assert from "node:assert/strict";
import type { Engine, Lab, LabToolchain } from "../lab/story/session";
import { flatConfig, gatehouseConfig, type BenchCase } from "./cases";
import { alternate, median, pairedRatio, timed, type Side } from "./measure";
import { openStack, projects, readDeployed, type DeployedStack, type ResourceCounts } from "./project";

/** What is timed: a plan of everything, making it, and a plan when nothing is to do. */
export type Command = "preview" | "up" | "no-op preview";

/** One command at one size, on both sides, in milliseconds. */
export interface Comparison {
  readonly case: string;
  readonly command: Command;
  readonly gatehouse: Measured;
  readonly flat: Measured;
  /**
   * Gatehouse's time by the flat program's, the median over pairs of runs that followed each other: other work on the machine
   * comes and goes, and mostly hits both runs of a pair. Below 1, Gatehouse is the faster.
   */
  readonly ratio: number;
}

export interface Measured {
  readonly times: readonly number[];
  readonly median: number;
  /** The fastest run: what the machine can do when nobody else works on it. */
  readonly best: number;
}

/** A case measured on both sides. */
export interface CaseResult {
  readonly case: string;
  readonly platforms: number;
  readonly comparisons: readonly Comparison[];
  /** Resources of the whole stack; undefined where nothing was made. */
  readonly resources?: Readonly<Record<Side, ResourceCounts>>;
}

export interface Repetitions {
  readonly preview: number;
  /** 0: nothing is made. */
  readonly up: number;
}

/** Measures one case. The stacks exist one after the other: they make the same objects. */
export async function compare(options: {
  readonly lab: Lab;
  readonly toolchain: LabToolchain;
  readonly benchmark: BenchCase;
  readonly repetitions: Repetitions;
  readonly say: (line: string) => void;
}): Promise<CaseResult> {
  const { lab, toolchain, benchmark, repetitions, say } = options;
  const { issuer } = lab.identityProvider;
  const slug = benchmark.name.replaceAll(" ", "");
  const open = (side: Side, config: Record<string, unknown>): Promise<Engine> =>
    openStack({ lab, toolchain, project: projects[side], stack: `bench-${side}-${slug}`, config });
  const engines: Record<Side, Engine> = {
    gatehouse: await open("gatehouse", gatehouseConfig(benchmark, issuer)),
    flat: await open("flat", flatConfig(benchmark, issuer)),
  };
  const times: Record<Command, Record<Side, number[]>> = {
    preview: { gatehouse: [], flat: [] },
    up: { gatehouse: [], flat: [] },
    "no-op preview": { gatehouse: [], flat: [] },
  };
  const measure = async (command: Command, side: Side, args: readonly string[]): Promise<void> => {
    const time = await timed(() => engines[side].run(args));
    times[command][side].push(time);
    say(`${benchmark.name}: ${command}, ${side}: ${(time / 1000).toFixed(2)} s`);
  };

  // Not counted: the first run of each side fills the caches of the file system.
  await alternate(1, async (side) => {
    await engines[side].run(["preview"]);
  });
  await alternate(repetitions.preview, (side) => measure("preview", side, ["preview"]));
  const deployed: Partial<Record<Side, DeployedStack>> = {};
  await alternate(repetitions.up, async (side) => {
    await measure("up", side, ["up", "--yes", "--skip-preview"]);
    await measure("no-op preview", side, ["preview", "--expect-no-changes"]);
    deployed[side] = await readDeployed(engines[side]);
    await engines[side].run(["destroy", "--yes", "--skip-preview"]);
  });

  const { gatehouse, flat } = deployed;
  if (gatehouse && flat) {
    // A comparison means nothing unless both sides end with the same people allowed the same things.
    assert.deepEqual(gatehouse.access, flat.access);
  }
  return {
    case: benchmark.name,
    platforms: benchmark.platforms.length,
    comparisons: (Object.keys(times) as Command[])
      .filter((command) => times[command].gatehouse.length > 0)
      .map((command) => comparison(benchmark.name, command, times[command])),
    ...(gatehouse && flat && { resources: { gatehouse: gatehouse.resources, flat: flat.resources } }),
  };
}

function comparison(name: string, command: Command, times: Readonly<Record<Side, number[]>>): Comparison {
  const measured = (side: Side): Measured => ({ times: times[side], median: median(times[side]), best: Math.min(...times[side]) });
  return { case: name, command, gatehouse: measured("gatehouse"), flat: measured("flat"), ratio: pairedRatio(times.gatehouse, times.flat) };
}
