/**
 * The half about tokens: configurations of an API server, keys of an issuer, realistic tokens and mutations of them, each given to the
 * server and to the verifier. What the two say is compared here; what is right is said by neither of these files.
 */
import { readAuthenticationConfiguration, type ApiServerRules } from "../../../verifier";
import { randomOf, type ParityOptions, type ParityPart, type ParityResult } from "../part";
import type { Server } from "../server";
import { attacks } from "./attacks";
import { everyKey, type Configuration } from "./configurations";
import { realistic, tokenOf } from "./draft";
import type { IssuerServer } from "./issuer";
import type { Keys } from "./keys";
import { mutations } from "./mutations";
import { judged, ready, reviewed, shown } from "./review";
import { withIssuers, withServer } from "./world";

interface Case {
  readonly name: string;
  readonly token: string;
}

const compared = ["verdict", "username", "groups", "uid", "extra"] as const;

/** The authentication half: tokens over many configurations, by TokenReview and by the verifier. */
export const tokens: ParityPart = {
  name: "tokens",
  run: (options) =>
    withIssuers(options.folder, ({ keys, issuers, all, text, first }) =>
      withServer(options, { authenticationConfiguration: text }, async (server) => {
        await ready(server, () => tokenOf(realistic(first, keys, () => 0.5, 0)));
        options.say(`tokens: ${attacks.length} of the table of attacks, ${options.count} over ${all.length} configurations`);
        const rules = await readAuthenticationConfiguration(text);
        return compareAll(options, { server, issuers, rules, cases: [...attackCases(all, keys), ...casesOf(options, all, keys)] });
      }),
    ),
};

/** The table of attacks, a token for each row. */
export function attackCases(all: readonly Configuration[], keys: Keys): Case[] {
  const configuration = all.find(({ name }) => name === everyKey);
  if (configuration === undefined) {
    throw new Error(`Expected a configuration '${everyKey}', got none.`);
  }
  return attacks.map(({ name, change }) => {
    const draft = realistic(configuration, keys, () => 0.5, 1);
    change(draft);
    return { name: `attack: ${name}`, token: tokenOf(draft) };
  });
}

export function* casesOf({ count, seed }: ParityOptions, all: readonly Configuration[], keys: Keys): Generator<Case> {
  const random = randomOf(seed);
  for (let serial = 0; serial < count; serial++) {
    const configuration = all[serial % all.length];
    if (configuration === undefined) {
      return;
    }
    const draft = realistic(configuration, keys, random, serial);
    const applied: string[] = [];
    // Every mutation comes by turn, some in pairs; one token in five is as it should be.
    for (let more = random() < 0.2 ? 0 : random() < 0.85 ? 1 : 2; more > 0; more--) {
      const [name, change] = mutations[Math.floor(random() * mutations.length)] ?? [];
      applied.push(name ?? "");
      change?.(draft, random);
    }
    yield { name: `${configuration.name} / ${applied.join(" + ") || "as it should be"}`, token: tokenOf(draft) };
  }
}

export async function compareAll(
  options: ParityOptions,
  world: { readonly server: Server; readonly issuers: IssuerServer; readonly rules: ApiServerRules; readonly cases: Iterable<Case> },
): Promise<ParityResult> {
  const agreement = Object.fromEntries(compared.map((what) => [what, { agreed: 0, of: 0 }]));
  const cases = world.cases[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = cases.next(); next.done !== true; next = cases.next()) {
      const { name, token } = next.value;
      const [theirs, ours] = [await reviewed(world.server, token), await judged(token, world)];
      for (const what of compared) {
        const [left, right] = what === "verdict" ? [theirs.accepted, ours.accepted] : [theirs[what], ours[what]];
        const each = agreement[what];
        if (each === undefined || (what !== "verdict" && !(theirs.accepted && ours.accepted))) {
          continue;
        }
        each.of++;
        if (JSON.stringify(left) === JSON.stringify(right)) {
          each.agreed++;
        } else {
          options.say(
            `DISAGREE ${what}: ${name}\n  API server: ${shown(left)} ${theirs.reason ?? ""}\n  verifier:   ${shown(right)} ${ours.reason ?? ""}`,
          );
        }
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return { agreement };
}
