/**
 * Compares the verifier with a real kube-apiserver, half by half: `tokens/` who a token makes of a person, `rbac/` what a person may do.
 * Cases are random and repeat for a seed. Nothing here judges; the neighbours are `verifier/` and the server that `server.ts` starts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureToolchain } from "../../lab/machine/toolchain";
import { cel } from "./cel";
import { flags } from "./flags";
import type { ParityPart, ParityResult } from "./part";
import { rbac } from "./rbac/part";
import { startServer } from "./server";
import { strange } from "./strange";
import { table } from "./table";
import { tokens } from "./tokens";

/** Every half of the comparison. Another one is a folder beside `tokens/`, and a line here. */
const parts: readonly ParityPart[] = [tokens, strange, cel, table, flags, rbac];

const usage = `npm run parity -- [--tokens N] [--strange N] [--rbac N] [--only PART] [--seed N]

Compares the verifier with a real kube-apiserver that it starts itself: N cases of each part (a part without a number is left out; --strange, tokens changed by form alone, takes the number of --tokens unless it has its own; what has cases of its own comes with the tokens, or alone with --only cel, table or flags).
Prints every disagreement with both reasons, and ends with one line of agreement for each part. Status 1 where any disagrees.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      tokens: { type: "string" },
      strange: { type: "string" },
      rbac: { type: "string" },
      only: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean" },
    },
  });
  if (
    values.help === true ||
    (values.tokens === undefined && values.strange === undefined && values.rbac === undefined && values.only === undefined)
  ) {
    process.stdout.write(usage);
    return values.help === true ? 0 : 2;
  }
  const numbers: Partial<Record<string, string>> = { tokens: values.tokens, strange: values.strange ?? values.tokens, rbac: values.rbac };
  const fixed = values.tokens !== undefined || values.only !== undefined;
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-parity-"));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const lines: string[] = [];
  let agreed = true;
  try {
    const toolchain = await ensureToolchain(["etcd", "kube-apiserver", "kube-controller-manager"], () => undefined);
    for (const part of parts) {
      const count = part.fixed ? ((values.only ?? part.name) === part.name && fixed ? 1 : undefined) : whole(numbers[part.name]);
      if (count !== undefined) {
        const started = Date.now();
        const result = await part.run({
          count,
          seed: whole(values.seed) ?? 1,
          folder,
          say,
          startServer: (options) => startServer({ ...options, folder, toolchain }),
        });
        agreed &&= Object.values(result.agreement).every((each) => each.agreed === each.of);
        lines.push(`${part.name}: ${inWords(result)} (seed ${values.seed}, ${Math.round((Date.now() - started) / 1000)} s)`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  lines.forEach(say);
  return agreed ? 0 : 1;
}

function inWords({ agreement }: ParityResult): string {
  return Object.entries(agreement)
    .map(([what, { agreed, of }]) => `${what} ${agreed}/${of} (${((100 * agreed) / Math.max(of, 1)).toFixed(2)} %)`)
    .join(", ");
}

function whole(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,9}$/.test(text)) {
    throw new Error(`Expected a whole number, got ${JSON.stringify(text)}.`);
  }
  return text === undefined ? undefined : Number(text);
}

void main().then((status) => {
  process.exitCode = status;
});
