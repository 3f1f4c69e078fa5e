import { z } from "zod";
import { jsonOrNothing } from "../../model";
import { EngineError } from "../errors";
import type { Io } from "../io";
import { engineArguments, errorText, runEngine, type EngineOptions } from "./run";

/** What `pulumi config --json` says of one key; a secret has no value where secrets are not asked for. */
const entrySchema = z.looseObject({ value: z.string().optional(), objectValue: z.unknown().optional(), secret: z.boolean().optional() });

/** A stack's configuration as the program would get it: of the file, and of the environments (Pulumi ESC) that it imports. */
export interface Configuration {
  /** The values under gatehouse:, without that namespace; encrypted values are placeholders. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Keys under gatehouse: that are encrypted as a whole. */
  readonly encrypted: readonly string[];
  /** The settings of providers that are texts and no secrets, by their whole keys (`okta:orgName`). */
  readonly settings: Readonly<Record<string, string>>;
}

const namespace = "gatehouse:";

/** @throws EngineError when the engine does not give it */
export async function readConfiguration(options: EngineOptions, io: Io): Promise<Configuration> {
  const args = engineArguments(["config", "--json"], options);
  const { stdout, stderr, status } = await runEngine(options, args, io);
  if (status !== 0) {
    throw new EngineError(
      "engine_failed",
      `Expected the configuration from \`pulumi ${args.join(" ")}\`, but it ended with status ${String(status)}: ${errorText(stderr)}`,
    );
  }
  const parsed = z.record(z.string(), entrySchema).safeParse(jsonOrNothing(stdout));
  if (!parsed.success) {
    throw new EngineError(
      "engine_answer",
      `Expected JSON from \`pulumi ${args.join(" ")}\`, got something else. Fix: use Pulumi 3.230 or newer.`,
    );
  }
  const own = Object.entries(parsed.data).filter(([key]) => key.startsWith(namespace));
  const valueOf = ({ value, objectValue, secret }: z.infer<typeof entrySchema>): unknown =>
    objectValue ?? (value === undefined ? (secret === true ? "(encrypted)" : undefined) : (jsonOrNothing(value) ?? value));
  return {
    raw: Object.fromEntries(own.map(([key, entry]) => [key.slice(namespace.length), valueOf(entry)])),
    encrypted: own.filter(([, { secret, value }]) => secret === true && value === undefined).map(([key]) => key.slice(namespace.length)),
    settings: Object.fromEntries(
      Object.entries(parsed.data).flatMap(([key, { value, secret }]): [string, string][] =>
        key.startsWith(namespace) || secret === true || value === undefined ? [] : [[key, value]],
      ),
    ),
  };
}
