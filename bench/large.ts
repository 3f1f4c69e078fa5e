/** How long a preview takes of an environment that the engine cannot hand over, and that a file describes (docs/large-environments.md). */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { stringify } from "yaml";
import { judgeEnvironment, dayOf } from "../model";
import type { Lab, LabToolchain } from "../lab/story/session";
import { gatehouseConfig, type BenchCase } from "./cases";
import { timed } from "./measure";
import { openStack, projects } from "./project";

export interface LargeTimes {
  readonly name: string;
  /** Characters of the file. */
  readonly size: number;
  /** Milliseconds. */
  readonly validate: number;
  readonly preview: number;
  /** Resources in the plan. */
  readonly resources: number;
}

/** Measures one preview of a stack that is not there yet. */
export async function measureLarge(lab: Lab, toolchain: LabToolchain, benchmark: BenchCase): Promise<LargeTimes> {
  const config = gatehouseConfig(benchmark, lab.identityProvider.issuer);
  const raw = { idp: config["gatehouse:idp"], groups: config["gatehouse:groups"], platforms: config["gatehouse:platforms"] };
  const text = stringify({ groups: raw.groups, platforms: raw.platforms });
  const file = join(lab.stateDir, "bench", "large.yaml");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const from = relative(projects.gatehouse, file);
  const { ["gatehouse:idp"]: idp, ["gatehouse:groups"]: _groups, ["gatehouse:platforms"]: _platforms, ...settings } = config;
  const stack = { ...settings, "gatehouse:idp": idp, "gatehouse:from": from };
  const engine = await openStack({ lab, toolchain, project: projects.gatehouse, stack: "bench-large", config: stack });
  let printed = "";
  const preview = await timed(async () => void (printed = (await engine.run(["preview", "--json"])).stdout));
  const validate = await timed(() => {
    const { problems } = judgeEnvironment(raw, dayOf(new Date()));
    return problems.length === 0 ? Promise.resolve() : Promise.reject(new Error(`${problems.length} problems`));
  });
  const { steps = [] } = JSON.parse(printed) as { steps?: unknown[] };
  return { name: benchmark.name, size: text.length, validate, preview, resources: steps.length };
}

export function largeLine({ name, size, validate, preview, resources }: LargeTimes): string {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  return `${name} from a file of ${Math.round(size / 1024)} kB: judged in ${seconds(validate)}, previewed in ${seconds(preview)} (${resources} resources)`;
}
