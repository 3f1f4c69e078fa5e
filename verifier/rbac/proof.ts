import { compareText, stableJson, type AccessRequest } from "../../model";
import { rightsOf, ruleGives, witnessOf, type Right } from "./containment";
import { accessOf, decideAccess, indexRbac, type AccessPath, type RbacIndex } from "./decide";
import { identityKeys, subjectKey, systemNames, withImplicitGroups } from "./identity";
import { bindingText, type RbacIdentity, type RbacRole, type RbacState } from "./state";

/** A state of the cluster, and who of the people known by name is which subjects there. */
export interface AccessState {
  readonly rbac: RbacState;
  /** Subject keys (`Group okta:admins`, `User okta:ana`) by sign-in name, as far as the stack owns them. */
  readonly people: Readonly<Record<string, readonly string[]>>;
}

/** Somebody who may do something afterwards and might not before. */
export interface Gain {
  /** `Group okta:admins`, or a person by their sign-in name, who now is a subject that holds the right. */
  readonly who: { readonly kind: "subject" | "person"; readonly name: string };
  /** One request that is allowed afterwards and was refused before. */
  readonly request: AccessRequest;
  /** Where it comes from. */
  readonly path: AccessPath;
}

export interface AccessProof {
  /** Whether nobody gains anything: for all identities and all requests. */
  readonly holds: boolean;
  /** The plainest gain of each who gains, the smallest first; empty when it holds. */
  readonly gains: readonly Gain[];
  /** Bindings that are new to their subject and name a role of which no rules are known: about those nothing is decided. */
  readonly undecided: readonly string[];
}

/**
 * Decides, for all identities and all requests at once, whether anybody may do afterwards what they might not before. Nothing is
 * sampled. An identity holds what its subjects hold, so nobody gains exactly when no subject does; and a subject's rights are compared
 * as sets, with their wildcards ({@link ruleGives}). A person who becomes another subject is compared as a person.
 * @param before with aggregated roles filled in, and so `after`
 */
export function proveNoNewAccess(before: AccessState, after: AccessState): AccessProof {
  const comparison = compareStates(indexRbac(before.rbac), indexRbac(after.rbac));
  const gains: Gain[] = [];
  const undecided = new Set<string>();
  const judge = (who: Gain["who"], was: RbacIdentity, keys: readonly string[]): void => {
    const { gain, unknown } = comparison(was, keys);
    unknown.forEach((reason) => undecided.add(reason));
    if (gain !== undefined) {
      gains.push({ who, ...gain });
    }
  };
  for (const key of subjectsOf(after.rbac)) {
    judge({ kind: "subject", name: key }, identityOf([key]), [key]);
  }
  for (const [login, keys] of Object.entries(after.people)) {
    const was = before.people[login] ?? [];
    const more = keys.filter((key) => !was.includes(key));
    if (more.length > 0) {
      judge({ kind: "person", name: login }, identityOf(was), more);
    }
  }
  return {
    holds: gains.length === 0 && undecided.size === 0,
    gains: gains.sort((left, right) => sizeOf(left.request) - sizeOf(right.request) || compareText(left.who.name, right.who.name)),
    undecided: [...undecided].sort(compareText),
  };
}

/** Every subject that a binding names, each once. */
function subjectsOf({ bindings }: RbacState): string[] {
  const keys = bindings.flatMap(({ subjects, namespace }) => subjects.map((subject) => subjectKey(subject, namespace)));
  return [...new Set(keys.filter((key) => key !== undefined))].filter((key) => key !== `Group ${systemNames.masters}`).sort(compareText);
}

/** The least that anybody with these subjects is: the groups that the API server adds come along. */
function identityOf(keys: readonly string[]): RbacIdentity {
  const groups = keys.filter((key) => key.startsWith("Group ")).map((key) => key.slice("Group ".length));
  const user = keys.find((key) => key.startsWith("User "))?.slice("User ".length) ?? "";
  const accounts = groups.some((group) => group.startsWith(`${systemNames.accounts}:`)) ? [systemNames.accounts] : [];
  return withImplicitGroups({ username: user, groups: [...groups, ...accounts] });
}

interface Comparison {
  readonly gain?: Pick<Gain, "request" | "path">;
  readonly unknown: readonly string[];
}

/** Compares what some keys give afterwards with what an identity had before. Unchanged roles of unchanged bindings are passed over. */
function compareStates(before: RbacIndex, after: RbacIndex): (was: RbacIdentity, keys: readonly string[]) => Comparison {
  const contents = new Map([...before.state.roles, ...after.state.roles].map((role) => [role, stableJson(role.rules)]));
  return (was, keys) => {
    const had = identityKeys(was);
    const hadHere = new Map<string, RbacRole | undefined>();
    for (const { binding } of boundEverywhere(before, had)) {
      hadHere.set(holding(binding), before.roleOf(binding));
    }
    const unknown: string[] = [];
    let held: readonly AccessPath[] | undefined;
    for (const { binding, subject } of boundEverywhere(after, keys)) {
      const role = after.roleOf(binding);
      if (role === undefined) {
        if (!hadHere.has(holding(binding))) {
          unknown.push(`${bindingText(binding)} names ${binding.roleRef.kind} ${binding.roleRef.name}, whose rules are not known`);
        }
        continue;
      }
      const earlier = hadHere.get(holding(binding));
      if (earlier !== undefined && contents.get(earlier) === contents.get(role)) {
        continue;
      }
      held ??= accessOf(before, was);
      const place = placeOf(binding);
      for (const rule of role.rules) {
        for (const right of rightsOf(rule, place)) {
          // What the same role gave here answers most: the rest is looked through only where it does not.
          const here = earlier?.rules.some((old) => ruleGives(old, place, right)) === true;
          if (!here && !heldBefore(held, right)) {
            const request = witnessOf(right, (candidate) => !decideAccess(before, was, candidate).allowed);
            return { gain: { request, path: { subject, binding, role, rule } }, unknown };
          }
        }
      }
    }
    return { unknown };
  };
}

function boundEverywhere(index: RbacIndex, keys: readonly string[]) {
  return keys.flatMap((key) => ["", ...index.namespacesOf(key)].flatMap((namespace) => index.boundIn(namespace, key)));
}

/** A role held at a place, whatever the binding's name. */
function holding({ namespace, roleRef }: AccessPath["binding"]): string {
  return `${namespace}/${roleRef.kind}/${roleRef.name}`;
}

function placeOf({ namespace }: AccessPath["binding"]): string | undefined {
  return namespace === "" ? undefined : namespace;
}

function heldBefore(held: readonly AccessPath[], right: Right): boolean {
  return held.some(({ rule, binding }) => ruleGives(rule, placeOf(binding), right));
}

/** How much a request says: the fewer words the plainer. */
function sizeOf(request: AccessRequest): number {
  return Object.values(request).filter((part: string) => part !== "").length;
}
