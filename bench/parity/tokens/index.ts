/**
 * The half about tokens: configurations of an API server, keys of an issuer, realistic tokens and mutations of them, each given to the
 * server and to the verifier. What the two say is compared here; what is right is said by neither of these files.
 */
import { readAuthenticationConfiguration, verifyClusterToken, DiscoveryError, type ApiServerRules } from "../../../verifier";
import { randomOf, type ParityOptions, type ParityPart, type ParityResult } from "../part";
import type { Server } from "../server";
import { makeConfigurations, type Configuration } from "./configurations";
import { realistic, tokenOf } from "./draft";
import { startIssuerServer, type IssuerServer } from "./issuer";
import { makeKeys, type Keys } from "./keys";
import { mutations } from "./mutations";

/** Who a token makes of a person, or why it is refused. */
interface Outcome {
  readonly accepted: boolean;
  readonly username?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly reason?: string;
}

interface Case {
  readonly name: string;
  readonly token: string;
}

const compared = ["verdict", "username", "groups", "uid", "extra"] as const;

/** The authentication half: tokens over many configurations, by TokenReview and by the verifier. */
export const tokens: ParityPart = {
  name: "tokens",
  run: async (options) => {
    const keys = makeKeys();
    const issuers = await startIssuerServer(options.folder);
    try {
      const { all, text } = makeConfigurations(issuers, keys);
      const server = await options.startServer({ authenticationConfiguration: text });
      try {
        await ready(server, all[0], keys);
        options.say(`tokens: ${options.count} over ${all.length} configurations`);
        return await compareAll(options, {
          server,
          issuers,
          rules: await readAuthenticationConfiguration(text),
          cases: casesOf(options, all, keys),
        });
      } finally {
        await server.stop();
      }
    } finally {
      await issuers.stop();
    }
  },
};

function* casesOf({ count, seed }: ParityOptions, all: readonly Configuration[], keys: Keys): Generator<Case> {
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

async function compareAll(
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

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

interface TokenReview {
  readonly status: {
    readonly authenticated?: boolean;
    readonly error?: string;
    readonly user?: {
      readonly username?: string;
      readonly groups?: readonly string[];
      readonly uid?: string;
      readonly extra?: Outcome["extra"];
    };
  };
}

async function reviewed(server: Server, token: string): Promise<Outcome> {
  const { status, body } = await server.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token },
  });
  if (status !== 201) {
    return { accepted: false, reason: `status ${status} ${shown(body)}` };
  }
  const { authenticated, error, user } = (body as TokenReview).status;
  // The server adds this group to everyone whom it knows.
  const groups = (user?.groups ?? []).filter((group, index, list) => !(group === "system:authenticated" && index === list.length - 1));
  return authenticated === true
    ? { accepted: true, username: user?.username ?? "", groups, uid: user?.uid ?? "", extra: sorted(user?.extra ?? {}) }
    : { accepted: false, reason: error };
}

async function judged(token: string, { issuers, rules }: { issuers: IssuerServer; rules: ApiServerRules }): Promise<Outcome> {
  try {
    const { decision, code, checks } = await verifyClusterToken({ token, rules, fetch: issuers.fetch });
    const failed = checks.find(({ ok }) => ok === false);
    return decision.accepted && decision.user !== null
      ? { ...decision.user, accepted: true, groups: withoutAdded(decision.user.groups), extra: sorted(decision.user.extra) }
      : { accepted: false, reason: `${code ?? ""}: ${failed?.name ?? ""} expected ${failed?.expected ?? ""}, got ${failed?.got ?? ""}` };
  } catch (error) {
    // An issuer whose discovery says something else is never ready, so that each of its tokens is refused.
    if (error instanceof DiscoveryError && error.code !== "offline") {
      return { accepted: false, reason: error.message };
    }
    throw error;
  }
}

/** As {@link reviewed} takes it away, should a token carry that very group last. */
function withoutAdded(groups: readonly string[]): readonly string[] {
  return groups.includes("system:authenticated") || groups.includes("system:unauthenticated")
    ? groups.filter((group, index, list) => !(group === "system:authenticated" && index === list.length - 1))
    : groups;
}

function sorted(extra: NonNullable<Outcome["extra"]>): NonNullable<Outcome["extra"]> {
  return Object.fromEntries(Object.entries(extra).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The API server asks for discovery when it starts, and again after ten seconds: waits until a good token is known. */
async function ready(server: Server, configuration: Configuration | undefined, keys: Keys): Promise<void> {
  for (let attempt = 0; configuration !== undefined && attempt < 150; attempt++) {
    const { accepted } = await reviewed(server, tokenOf(realistic(configuration, keys, () => 0.5, attempt)));
    if (accepted) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Expected the API server to know its issuers within 30 seconds, got none.");
}
