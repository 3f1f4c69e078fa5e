/**
 * Tokens, key sets, discovery documents and mappings of a stranger: made from the grammar of JSON and of compact signatures, and changed by
 * form alone, without the list of mutations in `../tokens/`. What nobody thought of is found here, if anywhere. Issuers change every few
 * hundred tokens, because each server knows at most 64. What the two sides say is compared by `../tokens/`.
 */
import { readAuthenticationConfiguration } from "../../../verifier";
import { randomOf, type ParityOptions, type ParityPart, type ParityResult } from "../part";
import type { Server } from "../server";
import { compareAll } from "../tokens";
import { startIssuerServer, type IssuerServer } from "../tokens/issuer";
import { makeKeys, type Keys } from "../tokens/keys";
import { ready } from "../tokens/review";
import { withServer } from "../tokens/world";
import { strangeIssuers } from "./issuers";
import { strangeToken, type StrangeIssuer } from "./token";
import { pick, type Random } from "./written";

const tokensPerRound = 400;

export const strange: ParityPart = {
  name: "strange",
  run: (options) =>
    withIssuers(options, (world) => {
      const first = strangeIssuers(world.issuers, world.keys, world.random, 0);
      return withServer(options, { authenticationConfiguration: first.text }, (server) => rounds(options, server, world, first));
    }),
};

/** The same over a server that somebody else started, and ends. */
export function strangeOn(options: ParityOptions, server: Server): Promise<ParityResult> {
  return withIssuers(options, (world) => rounds(options, server, world));
}

interface World {
  readonly issuers: IssuerServer;
  readonly keys: Keys;
  readonly random: Random;
}

async function withIssuers({ folder, seed }: ParityOptions, run: (world: World) => Promise<ParityResult>): Promise<ParityResult> {
  const issuers = await startIssuerServer(folder);
  try {
    return await run({ issuers, keys: makeKeys(), random: randomOf(seed) });
  } finally {
    await issuers.stop();
  }
}

/** @param first issuers that the server knows already; left out, it is told new ones */
async function rounds(
  options: ParityOptions,
  server: Server,
  world: World,
  first?: ReturnType<typeof strangeIssuers>,
): Promise<ParityResult> {
  const sums: Record<string, { agreed: number; of: number }> = {};
  let known = first;
  for (let done = 0; done < options.count; done += tokensPerRound) {
    const { all, text } = known ?? strangeIssuers(world.issuers, world.keys, world.random, done + 1);
    if (known === undefined) {
      await server.configure(text);
    }
    known = undefined;
    const count = Math.min(tokensPerRound, options.count - done);
    const { agreement } = await round({ ...options, count }, server, { ...world, all, text });
    for (const [what, { agreed, of }] of Object.entries(agreement)) {
      sums[what] = { agreed: (sums[what]?.agreed ?? 0) + agreed, of: (sums[what]?.of ?? 0) + of };
    }
  }
  return { agreement: sums };
}

interface Round extends World {
  readonly all: readonly StrangeIssuer[];
  readonly text: string;
}

async function round(options: ParityOptions, server: Server, { issuers, keys, all, text, random }: Round): Promise<ParityResult> {
  const [good] = all;
  if (good === undefined) {
    throw new Error("Expected an issuer, got none.");
  }
  // Chance that never changes anything: an untouched token.
  await ready(server, () => strangeToken(good, keys, () => 0.4, 0));
  const rules = await readAuthenticationConfiguration(text);
  return compareAll(options, { server, issuers, rules, cases: cases() });

  function* cases(): Generator<{ name: string; token: string }> {
    for (let serial = 0; serial < options.count; serial++) {
      const issuer = pick(random, all);
      const token = strangeToken(issuer, keys, random, serial);
      yield { name: told(issuer, token), token };
    }
  }
}

/** Enough to see what was odd: header and claims as they read, the entry, and what the issuer serves. */
function told({ entry, served }: StrangeIssuer, token: string): string {
  const [header = "", payload = ""] = token.split(".").map((part) => Buffer.from(part, "base64url").toString("utf8"));
  const { issuer: _, ...rules } = entry as { readonly issuer: unknown };
  return `${header} ${payload}\n  token:      ${token}\n  entry:      ${JSON.stringify(rules)}\n  served:     ${served}`;
}
