import { verifyClusterToken, DiscoveryError, type ApiServerRules } from "../../../verifier";
import type { Server } from "../server";
import type { IssuerServer } from "./issuer";

/** Who a token makes of a person, or why it is refused. */
export interface Outcome {
  readonly accepted: boolean;
  readonly username?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly reason?: string;
}

export function shown(value: unknown): string {
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

export async function reviewed(server: Server, token: string): Promise<Outcome> {
  let outcome = await reviewedOnce(server, token);
  // The keys of a distributed claim's issuer are asked for when the first token points there, which is refused meanwhile.
  for (let again = 0; again < 50 && outcome.reason?.includes("verifier not initialized") === true; again++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    outcome = await reviewedOnce(server, token);
  }
  return outcome;
}

async function reviewedOnce(server: Server, token: string): Promise<Outcome> {
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
  // A token that begins with a blank is none to the API server, whose review then tells who asks without any: nobody was let in by it.
  const unread = user?.username === "system:anonymous" && groups.length === 1 && groups[0] === "system:unauthenticated";
  return authenticated === true && !unread
    ? { accepted: true, username: user?.username ?? "", groups, uid: user?.uid ?? "", extra: sorted(user?.extra ?? {}) }
    : { accepted: false, reason: unread ? "no token" : error };
}

export async function judged(token: string, { issuers, rules }: { issuers: IssuerServer; rules: ApiServerRules }): Promise<Outcome> {
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
export async function ready(server: Server, token: () => string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if ((await reviewed(server, token())).accepted) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Expected the API server to know its issuers within 30 seconds, got none.");
}
