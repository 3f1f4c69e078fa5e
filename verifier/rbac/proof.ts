import { compareText, stableJson, type AccessRequest, type PolicyRule } from "../../model";
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
  /** Why something is not decided: roles of which no rules are known under bindings that are new, or more work than the bound. */
  readonly undecided: readonly string[];
}

/**
 * Values of rules that are looked at before the proof gives up (see `work`). Rules multiply: one of a thousand verbs, groups,
 * resources and names each holds 10^12 rights, and a chart may bring such a rule.
 */
export const proofWork = 100_000_000;

/**
 * Decides, for all identities and all requests at once, whether anybody may do afterwards what they might not before. Nothing is
 * sampled. An identity holds what its subjects hold, so nobody gains exactly when no subject does; and a subject's rights are compared
 * as sets, with their wildcards ({@link ruleGives}). A person who becomes another subject is compared as a person.
 * @param before with aggregated roles filled in, and so `after`
 * @param work how many values of rules are looked at, at most (one subject's rules more): beyond it the rest is undecided
 */
export function proveNoNewAccess(before: AccessState, after: AccessState, work: number = proofWork): AccessProof {
  const comparison = compareStates(indexRbac(before.rbac), indexRbac(after.rbac), new Work(work));
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

/** What was looked at so far. Counted, not timed: the same states end the same way on every machine. */
class Work {
  private done = 0;
  constructor(private readonly most: number) {}

  spend(values: number): void {
    this.done += values;
  }

  /** The reason to stop; undefined while there is none. */
  get exceeded(): string | undefined {
    return this.done > this.most
      ? `the comparison is larger than its bound: expected at most ${this.most} values of rules to look at, got more. Change fewer roles at once, or write rules with fewer combinations of verbs, resources and names`
      : undefined;
  }
}

/** Compares what some keys give afterwards with what an identity had before. Unchanged roles of unchanged bindings are passed over. */
function compareStates(before: RbacIndex, after: RbacIndex, work: Work): (was: RbacIdentity, keys: readonly string[]) => Comparison {
  const contents = new Map([...before.state.roles, ...after.state.roles].map((role) => [role, stableJson(role.rules)]));
  return (was, keys) => {
    if (was.groups.includes(systemNames.masters)) {
      return { unknown: [] };
    }
    const hadHere = new Map<string, RbacRole | undefined>();
    for (const { binding } of boundEverywhere(before, identityKeys(was))) {
      work.spend(1);
      hadHere.set(holding(binding), before.roleOf(binding));
    }
    const unknown = keys.includes(`Group ${systemNames.masters}`)
      ? [`Group ${systemNames.masters} is allowed everything without a rule`]
      : [];
    const held = new Held(before, was, work);
    for (const { binding, subject } of boundEverywhere(after, keys)) {
      work.spend(1);
      if (work.exceeded !== undefined) {
        return { unknown: [...unknown, work.exceeded] };
      }
      const role = after.roleOf(binding);
      const earlier = hadHere.get(holding(binding));
      if (role === undefined) {
        if (!hadHere.has(holding(binding))) {
          unknown.push(`${bindingText(binding)} names ${binding.roleRef.kind} ${binding.roleRef.name}, whose rules are not known`);
        }
      } else if (earlier === undefined || contents.get(earlier) !== contents.get(role)) {
        const found = held.firstLacking(role, earlier, placeOf(binding));
        if (found !== undefined) {
          return { gain: { request: found.request, path: { subject, binding, role, rule: found.rule } }, unknown };
        }
      }
    }
    return { unknown: work.exceeded === undefined ? unknown : [...unknown, work.exceeded] };
  };
}

/** What an identity held before, read when it is first asked for. */
class Held {
  private paths: readonly AccessPath[] | undefined;
  constructor(
    private readonly before: RbacIndex,
    private readonly was: RbacIdentity,
    private readonly work: Work,
  ) {}

  /** The first right of a role that was not held, as a request; undefined where all were, or where the work is more than its bound. */
  firstLacking(role: RbacRole, earlier: RbacRole | undefined, place: string | undefined) {
    for (const rule of role.rules) {
      for (const right of rightsOf(rule, place)) {
        this.work.spend(1);
        if (this.work.exceeded !== undefined) {
          return undefined;
        }
        // What the same role gave here answers most: the rest is looked through only where it does not.
        const here = earlier?.rules.some((old) => this.gives(old, place, right)) === true;
        if (!here && !this.all().some((path) => this.gives(path.rule, placeOf(path.binding), right))) {
          return { rule, request: witnessOf(right, (candidate) => this.refused(candidate)) };
        }
      }
    }
    return undefined;
  }

  private all(): readonly AccessPath[] {
    if (this.paths === undefined) {
      this.paths = accessOf(this.before, this.was);
      this.work.spend(this.paths.length);
    }
    return this.paths;
  }

  private gives(rule: PolicyRule, place: string | undefined, right: Right): boolean {
    this.work.spend(valuesOf(rule));
    return ruleGives(rule, place, right);
  }

  private refused(request: AccessRequest): boolean {
    this.work.spend(this.all().length);
    return !decideAccess(this.before, this.was, request).allowed;
  }
}

/** How many values a rule names: what one comparison looks at, at most. */
function valuesOf({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): number {
  return verbs.length + apiGroups.length + resources.length + resourceNames.length + nonResourceURLs.length;
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

/** How much a request says: the fewer words the plainer. */
function sizeOf(request: AccessRequest): number {
  return Object.values(request).filter((part: string) => part !== "").length;
}
