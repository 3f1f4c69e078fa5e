/** What the policy pack costs a `pulumi preview`, and what the report of access costs over both. */
import { readFileSync } from "node:fs";
import { dayOf, parseEnvironment, readDocument } from "../model";
import { accessChange, renderAccessChange } from "../reports";
import { intendedEnvironment } from "../cli/preview/intended";
import { readEnginePreview } from "../cli/engine";
import type { Engine } from "../lab/story/session";
import { median, timed, type Times } from "./measure";

/** Times in milliseconds, in the order of their runs. */
export interface PreviewTimes {
  readonly withoutPack: Times;
  readonly withPack: Times;
  /** The report alone: reading the engine's JSON, the intended environment, the comparison, Markdown. */
  readonly report: Times;
  /** Size of what the engine printed, in bytes. */
  readonly previewBytes: number;
}

/**
 * Measures previews of a deployed stack with and without the compiled pack, alternating which goes first, and the report over each.
 * @param policyPack folder of the compiled pack
 */
export async function measurePreview(engine: Engine, policyPack: string, repetitions: number): Promise<PreviewTimes> {
  const times = { withoutPack: [] as number[], withPack: [] as number[], report: [] as number[] };
  let previewBytes = 0;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const order = repetition % 2 === 0 ? (["withoutPack", "withPack"] as const) : (["withPack", "withoutPack"] as const);
    for (const side of order) {
      let printed = "";
      const pack = side === "withPack" ? ["--policy-pack", policyPack] : [];
      times[side].push(await timed(async () => void (printed = (await engine.run(["preview", "--json", ...pack])).stdout)));
      previewBytes = printed.length;
      times.report.push(await timed(() => Promise.resolve(report(printed))));
    }
  }
  return { ...times, previewBytes };
}

/** What `gatehouse preview --from` does with a preview, without starting a process. */
function report(printed: string): string {
  const engine = readEnginePreview(printed, "the engine");
  const raw = Object.fromEntries(Object.entries(engine.config).map(([key, value]) => [key, JSON.parse(value) as unknown]));
  const today = dayOf(new Date());
  const before = engine.outputs === undefined ? undefined : readDocument(engine.outputs);
  const intended = intendedEnvironment({ environment: parseEnvironment(raw, today).environment, stack: engine.stack, today, before });
  return renderAccessChange(accessChange(before, intended, { resources: engine.resources, policies: engine.policies }), "markdown");
}

/** The medians, as lines for people. */
export function previewLines({ withoutPack, withPack, report: reports, previewBytes }: PreviewTimes): string[] {
  const whole = (milliseconds: number): string => `${Math.round(milliseconds)} ms`;
  return [
    `pulumi preview: ${whole(median(withoutPack))} without the pack, ${whole(median(withPack))} with it (median of ${withPack.length})`,
    `report of access over it: ${whole(median(reports))} (of ${Math.round(previewBytes / 1024)} kB)`,
  ];
}

/** The report over a preview that was stored, for a quick look: `node --import tsx bench/preview.ts preview.json`. */
if (require.main === module) {
  const printed = readFileSync(process.argv[2] ?? "", "utf8");
  const start = performance.now();
  report(printed);
  process.stdout.write(`${(performance.now() - start).toFixed(1)} ms\n`);
}
