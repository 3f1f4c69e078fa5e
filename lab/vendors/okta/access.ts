import type { AppRecord, AuthorizationServerRecord, JsonObject, RuleRecord, UserRecord } from "./model";
import type { OktaStore } from "./store";

const notAssigned = "User is not assigned to the client application.";
const policyFailed = "Policy evaluation failed for this request, please check the policy configurations.";

interface People {
  groups?: { include?: string[]; exclude?: string[] };
  users?: { include?: string[]; exclude?: string[] };
}

function matchesPeople(people: People, user: UserRecord, groups: ReadonlySet<string>): boolean {
  const { include: groupIds = [], exclude: notGroups = [] } = people.groups ?? {};
  const { include: userIds = [], exclude: notUsers = [] } = people.users ?? {};
  if (notUsers.includes(user.id) || notGroups.some((id) => groups.has(id))) {
    return false;
  }
  if (groupIds.length === 0 && userIds.length === 0) {
    return true;
  }
  return userIds.includes(user.id) || groupIds.some((id) => id === "EVERYONE" || groups.has(id));
}

function ordered(rules: readonly RuleRecord[]): RuleRecord[] {
  return rules.filter((rule) => rule.status === "ACTIVE").sort((left, right) => left.priority - right.priority);
}

/** First rule in order of priority that fits, as Okta evaluates (help.okta.com, "App sign-on policies"). */
function ruleFor(rules: readonly RuleRecord[], user: UserRecord, groups: ReadonlySet<string>): RuleRecord | string | undefined {
  for (const rule of ordered(rules)) {
    if (!matchesPeople((rule.conditions?.people ?? {}) as People, user, groups)) {
      continue;
    }
    if (rule.conditions?.elCondition !== undefined) {
      return `Rule ${rule.name} has an expression condition, which this server cannot evaluate.`;
    }
    return rule;
  }
  return undefined;
}

/**
 * Why Okta would not let a person use an app: not assigned (directly or through a group), or denied by the app's access policy.
 * The second factor that a rule may ask for is not part of this server's sign-in: a rule with ALLOW lets in with a password.
 */
export function appRefusal(store: OktaStore, app: AppRecord, user: UserRecord): string | undefined {
  if (!app.implicitAssignment && store.assigned(app, user) === undefined) {
    return notAssigned;
  }
  const policy = store.state.policies.find((candidate) => candidate.id === app.accessPolicyId);
  if (policy?.status !== "ACTIVE") {
    return undefined;
  }
  const rule = ruleFor(policy.rules, user, new Set(store.groupsOf(user).map((group) => group.id)));
  if (rule === undefined || typeof rule === "string") {
    return rule ?? policyFailed;
  }
  const action = rule.actions.appSignOn as JsonObject | undefined;
  return action?.access === "DENY" ? policyFailed : undefined;
}

interface RuleConditions {
  grantTypes: { include: string[] };
  scopes: { include: string[] };
  people?: People;
}

/** A custom authorization server issues nothing without a policy and a rule that fit (docs, "Authorization servers: access policies"). */
export function serverRefusal(
  store: OktaStore,
  server: AuthorizationServerRecord,
  app: AppRecord,
  user: UserRecord,
  scopes: readonly string[],
): string | undefined {
  const groups = new Set(store.groupsOf(user).map((group) => group.id));
  const policies = server.policies
    .filter((policy) => policy.status === "ACTIVE")
    .sort((left, right) => left.priority - right.priority)
    .filter((policy) => {
      const { include } = (policy.conditions as { clients: { include: string[] } } | null)?.clients ?? { include: [] };
      return include.includes("ALL_CLIENTS") || include.includes(app.clientId);
    });
  for (const rule of policies.flatMap((policy) => ordered(policy.rules))) {
    const conditions = rule.conditions as unknown as RuleConditions;
    const wanted = conditions.scopes.include;
    if (
      conditions.grantTypes.include.includes("authorization_code") &&
      (wanted.includes("*") || scopes.every((scope) => wanted.includes(scope))) &&
      matchesPeople(conditions.people ?? {}, user, groups)
    ) {
      return undefined;
    }
  }
  return policyFailed;
}
