import { compareText } from "../../text/stable-order";
import { ruleAllows, type PolicyRule, type ResourceRequest } from "../rules";
import { guardedWays, requestsOf, ways, type Need, type Way, type WayCode, type Guard } from "./ways";

/** A rule where it is bound; without a place it holds in the whole cluster. */
export interface HeldRule {
  readonly rule: PolicyRule;
  readonly place?: string;
}

/** A service account that somebody might become. */
export interface SceneAccount {
  readonly namespace: string;
  readonly name: string;
  readonly held: readonly HeldRule[];
  /** Whether a pod runs under it. */
  readonly runs?: boolean;
  /** Whether a token Secret of it is there. */
  readonly tokenSecret?: boolean;
  /** Whether Kanister's commands run under it. */
  readonly kanister?: boolean;
}

/** What is known of the cluster that rights are looked at in. */
export interface Scene {
  readonly accounts: readonly SceneAccount[];
  /** Namespaces with the sign-in settings of a platform. */
  readonly platforms?: readonly { readonly namespace: string; readonly title: string }[];
}

/** One way that somebody's rights open. */
export interface ReachFinding {
  readonly code: WayCode;
  /** The namespace; undefined: the whole cluster. */
  readonly place?: string;
  /** The rights that it takes, `create secrets`, as held. Without any one of them it is closed. */
  readonly rights: readonly string[];
  /** Service accounts that can be taken, `kasten-io/controllermanager-svc`, those that lead to everything first. */
  readonly accounts: readonly string[];
  /** Whether everything in the cluster is within reach, and by which steps beyond the first. */
  readonly everything: boolean;
  readonly by: readonly string[];
  /** How to close it without changing the role. */
  readonly guard: Guard;
}

/** Everything that rights lead to, beyond what they say: a finding for each way and place, the worst first. Pure. */
export function reachOf(held: readonly HeldRule[], scene: Scene): ReachFinding[] {
  if (holdsEverything(held)) {
    return [
      {
        code: "everything",
        rights: ["any verb on everything"],
        accounts: [],
        everything: true,
        by: [],
        guard: { instead: "a smaller role" },
      },
    ];
  }
  const found = openWays(held, scene).map(({ way, place, rights }): ReachFinding => {
    const taken = accountsOf(way, place, scene, held);
    const outcomes = taken.map((account) => ({ account, by: followed(account, scene, new Set([keyOf(account)])) }));
    // The account with the shortest way on comes first: it is the one to guard.
    const wins = outcomes
      .filter(({ by }) => by !== undefined)
      .sort((left, right) => (left.by?.length ?? 0) - (right.by?.length ?? 0) || compareText(keyOf(left.account), keyOf(right.account)));
    const whole = way.effect === "everything" && place === undefined;
    return {
      code: way.code,
      ...(place !== undefined && { place }),
      rights,
      accounts: [...wins, ...outcomes.filter(({ by }) => by === undefined)].map(({ account }) => keyOf(account)),
      everything: whole || wins.length > 0,
      by: wins[0]?.by ?? [],
      guard: way.guard,
    };
  });
  const all = [...found, ...constrainedModes(held)];
  return [...new Map(all.map((finding) => [JSON.stringify([finding.code, finding.place, finding.rights]), finding])).values()].sort(
    (left, right) =>
      Number(right.everything) - Number(left.everything) ||
      compareText(left.place ?? "", right.place ?? "") ||
      compareText(left.code, right.code),
  );
}

export function holdsEverything(held: readonly HeldRule[]): boolean {
  return held.some(
    ({ rule, place }) => place === undefined && starred(rule.verbs) && starred(rule.apiGroups) && starred(rule.resources) && unnamed(rule),
  );
}

function starred(values: readonly string[] = []): boolean {
  return values.includes("*");
}

function unnamed({ resourceNames = [] }: PolicyRule): boolean {
  return resourceNames.length === 0;
}

/** How an account leads to everything: the steps; undefined when it does not. */
function followed(account: SceneAccount, scene: Scene, seen: Set<string>): readonly string[] | undefined {
  if (holdsEverything(account.held)) {
    return [`${keyOf(account)} may do anything in the whole cluster`];
  }
  for (const { way, place } of openWays(account.held, scene)) {
    if (way.effect === "everything" && place === undefined) {
      return [`${keyOf(account)} may ${way.code} in the whole cluster`];
    }
    for (const next of accountsOf(way, place, scene, account.held)) {
      if (!seen.has(keyOf(next))) {
        seen.add(keyOf(next));
        const rest = followed(next, scene, seen);
        if (rest !== undefined) {
          return [`${keyOf(account)} may take ${keyOf(next)} (${way.code})`, ...rest];
        }
      }
    }
  }
  return undefined;
}

interface OpenWay {
  readonly way: Way;
  readonly place: string | undefined;
  readonly rights: readonly string[];
}

/** The ways that are open, for the whole cluster or for each namespace in which they are open and not in the whole. */
function openWays(held: readonly HeldRule[], scene: Scene): OpenWay[] {
  const places = [...new Set(held.map(({ place }) => place).filter((place) => place !== undefined))].sort(compareText);
  const platforms = new Set((scene.platforms ?? []).map(({ namespace }) => namespace));
  const one = (way: Way, place: string | undefined): OpenWay[] => {
    const rights = way.needs.map((need) => rightHeld(held, need, place));
    return rights.every((right) => right !== undefined) ? [{ way, place, rights }] : [];
  };
  return [...ways, ...guardedWays].flatMap((way) => {
    const wide = one(way, undefined);
    if (wide.length > 0 || way.scope === "cluster") {
      return wide;
    }
    const narrow = guardedWays.includes(way) ? places.filter((place) => platforms.has(place)) : places;
    return narrow.flatMap((place) => one(way, place));
  });
}

/** How a need is met in a place, by every right that is held: `create/update secrets`; undefined when it is not. */
function rightHeld(held: readonly HeldRule[], need: Need, place: string | undefined): string | undefined {
  const met = requestsOf(need, place).filter((request) =>
    held.some((one) => (one.place === undefined || one.place === place) && allowsSome(one.rule, request)),
  );
  const verbs = [...new Set(met.map(({ verb }) => verb))];
  const resources = [...new Set(met.map(({ resource, subresource }) => (subresource === "" ? resource : `${resource}/${subresource}`)))];
  return met.length === 0 ? undefined : `${verbs.join("/")} ${resources.join(" and ")}`;
}

/** A rule for certain names is enough where the name is the person's to choose, or one of theirs is all it takes; create has none. */
function allowsSome(rule: PolicyRule, request: ResourceRequest): boolean {
  const open = request.name === "" && request.verb !== "impersonate" && (request.verb !== "create" || request.subresource !== "");
  const names = open ? ["", ...(rule.resourceNames ?? [])] : [request.name];
  return names.some((name) => ruleAllows(rule, { ...request, name }));
}

/** Constrained impersonation takes two rights in one place: to be somebody, and to do something so. It never gives system:masters. */
function constrainedModes(held: readonly HeldRule[]): ReachFinding[] {
  const verbs = held.flatMap(({ rule, place }) => rule.verbs.map((verb) => ({ verb, place, rule })));
  return verbs.flatMap(({ verb, rule }) => {
    const mode = /^impersonate:(.+)$/.exec(verb)?.[1];
    const doing = mode === undefined ? [] : verbs.filter((one) => one.verb.startsWith(`impersonate-on:${mode}:`));
    const [first] = doing;
    return first === undefined
      ? []
      : [
          {
            code: "impersonate-for" as const,
            ...(first.place !== undefined && { place: first.place }),
            rights: [
              `${verb} ${(rule.resources ?? []).join(" and ")}`,
              ...new Set(doing.map((one) => `${one.verb} ${(one.rule.resources ?? []).join(" and ")}`)),
            ],
            accounts: [],
            everything: false,
            by: [],
            guard: { instead: "resourceNames: the users, groups and accounts that the rule is for" },
          },
        ];
  });
}

/** The accounts that a way gives. A token of a named account can be created by a rule for that name. */
function accountsOf(way: Way, place: string | undefined, { accounts }: Scene, held: readonly HeldRule[]): SceneAccount[] {
  const here = (account: SceneAccount): boolean => place === undefined || account.namespace === place;
  switch (way.effect) {
    case "any-account":
      return accounts.filter(here).filter((account) => way.code !== "account-token" || mayTokenOf(account, held));
    case "running-account":
      return accounts.filter(here).filter(({ runs }) => runs === true);
    case "account-with-secret":
      return accounts.filter(here).filter(({ tokenSecret }) => tokenSecret === true);
    case "kanister-account":
      return accounts.filter(({ kanister }) => kanister === true);
    case "everything":
      // Within a namespace: whoever gives themselves every right there may take each of its accounts.
      return place === undefined ? [] : accounts.filter(here);
    case "itself":
      return [];
    default:
      return way.effect satisfies never;
  }
}

function mayTokenOf({ namespace, name }: SceneAccount, held: readonly HeldRule[]): boolean {
  const request = { verb: "create", apiGroup: "", resource: "serviceaccounts", subresource: "token", name, namespace };
  return held.some(({ rule, place }) => (place === undefined || place === namespace) && ruleAllows(rule, request));
}

function keyOf({ namespace, name }: SceneAccount): string {
  return `${namespace}/${name}`;
}
