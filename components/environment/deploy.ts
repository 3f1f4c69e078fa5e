import * as pulumi from "@pulumi/pulumi";
import {
  compareText,
  bindingPlans,
  effectiveUsername,
  expandPeople,
  environmentDocument,
  grantedGroups,
  grantedUsers,
  groupName,
  groupSubject,
  identityProviderFacts,
  namesGroupsByDisplayName,
  platformOf,
  subjectAnnotations,
  userHolder,
  type Environment,
  type EnvironmentDocument,
  type GroupMembers,
  type IdentityProviderFacts,
  type IdentityRule,
  type KnownPerson,
  type PlatformSpec,
  type PlatformSpecBase,
  type ResolvedEnvironment,
} from "../../model";
import { protectBindings } from "../access/protection";
import { RoleBindings, type BoundGroupArgs, type BoundUserArgs, type RoleBindingArgs } from "../access/role-bindings";
import { setUpIdentityProvider, type IdentityProvider, type Registration } from "../identity-providers";
import { installPlatform, type InstalledPlatform } from "../platforms";
import type { Scope } from "../scope";

/** An environment, and what was looked up before anything is created. */
export interface DeploymentInputs {
  readonly environment: Environment;
  /** Name for people: in labels at the identity provider, and in the document. */
  readonly stack: string;
  readonly scope: Scope;
  /** The day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Members of the groups that must be expanded into people, and the people with a grant of their own. */
  readonly members?: GroupMembers;
}

/** Creates everything that an environment describes, and gives back its document. */
export function deployEnvironment(inputs: DeploymentInputs): pulumi.Output<EnvironmentDocument> {
  const { environment, scope, stack, today, members = {} } = inputs;
  const facts = identityProviderFacts(environment.idp);
  const identityProvider = setUpIdentityProvider({ spec: environment.idp, environment, scope, stack, today });
  const kept = keepBindings(environment, scope, stack);
  const platforms = Object.entries(environment.platforms).map(([name, spec]) => {
    const requirements = platformOf(spec).requirements(spec, facts);
    const identity = platformOf(spec).identity(spec, facts);
    const users = grantedUsers(spec).flatMap((login) => members[userHolder(login)] ?? []);
    const registration = identityProvider.register(name, requirements, grantedGroups(spec), users);
    const people = expandPeople(environment, name, members);
    const grants = { name, scope, spec, groups: environment.groups, users, identity, facts, identityProvider };
    // What was there before has its roles: nobody waits for a release that rolls pods, perhaps to another prefix.
    const { adopted = false }: PlatformSpecBase = spec;
    const bound = adopted ? bindGrants({ ...grants, ready: kept }) : undefined;
    const installed = installPlatform({
      ...{ name, scope, spec, identityProvider: facts, identity, requirements, people },
      registration: bound === undefined ? registration : registeredAfter(bound, registration),
    });
    if (!adopted) {
      bindGrants({ ...grants, ready: [installed.ready, ...kept] });
    }
    return [name, resolvePlatform(registration, installed)] as const;
  });
  return pulumi
    .all([resolveGroups(identityProvider), pulumi.output(Object.fromEntries(platforms))])
    .apply(([groups, resolved]) => environmentDocument(environment, { stack, groups, platforms: resolved, members }));
}

/** The grants of one platform, and whom they bind. */
interface Grants {
  /** Key of the platform. */
  readonly name: string;
  readonly scope: Scope;
  readonly spec: PlatformSpec;
  readonly groups: Environment["groups"];
  /** The people with a grant of their own. */
  readonly users: readonly KnownPerson[];
  readonly identity: IdentityRule;
  readonly facts: IdentityProviderFacts;
  readonly identityProvider: IdentityProvider;
  /** What the bindings wait for. */
  readonly ready: pulumi.Resource[];
}

/** What refuses changes to bindings by others, where the stack asks for it. */
function keepBindings({ protectBindings: protect, platforms }: Environment, scope: Scope, stack: string): pulumi.Resource[] {
  if (protect === undefined) {
    return [];
  }
  const apis = Object.values(platforms).flatMap((spec) => platformOf(spec).bindingApi ?? []);
  return protectBindings(protect, {
    scope,
    stack,
    platforms: Object.keys(platforms),
    apis: [...new Map(apis.map((api) => [api.group, api])).values()].map(({ group, lists, people, controller }) => ({
      ...{ group, controller },
      resources: [...lists.map(({ plural }) => plural), people].sort(compareText),
    })),
  });
}

/** The same client, known once the bindings are there: what is installed with it waits for them. */
function registeredAfter(bindings: RoleBindings, { clientId, clientSecret, ...rest }: Registration): Registration {
  const after = (output: pulumi.Output<string>): pulumi.Output<string> => pulumi.all([output, bindings.names]).apply(([value]) => value);
  return { ...rest, clientId: after(clientId), clientSecret: clientSecret === undefined ? undefined : after(clientSecret) };
}

function bindGrants(grants: Grants): RoleBindings | undefined {
  const { name, scope, spec, identity, facts, ready } = grants;
  const plans = bindingPlans(name, spec);
  if (plans.length === 0) {
    return undefined;
  }
  const bindings = plans.map((plan): [string, RoleBindingArgs] => [
    [plan.roleRef.name, ...(plan.namespace === undefined ? [] : [plan.namespace])].join("-in-"),
    {
      name: plan.name,
      namespace: plan.namespace,
      roleKind: plan.roleRef.kind,
      roleName: plan.roleRef.name,
      reviewDue: plan.reviewDue,
      owner: plan.owner,
      groups: plan.groups.map((key) => boundGroup(grants, key)),
      // Left out where there are none, so that the annotations of older bindings do not change.
      users: plan.users.length === 0 ? undefined : plan.users.map((login) => boundUser(grants, login)),
    },
  ]);
  const annotations = subjectAnnotations(
    identity.groups.prefix,
    spec.kind,
    namesGroupsByDisplayName(spec) ? "name" : facts.capabilities.claimValue,
  );
  return new RoleBindings(
    scope.name(`${name}-access`),
    { platform: name, bindings: Object.fromEntries(bindings), annotations },
    { ...scope.options, dependsOn: ready },
  );
}

function boundGroup({ spec, groups, identity, identityProvider }: Grants, key: string): BoundGroupArgs {
  const group = identityProvider.groups[key];
  if (group === undefined) {
    throw new Error(
      `Groups of the identity provider: expected '${key}' among them, got ${Object.keys(identityProvider.groups).join(", ")}.`,
    );
  }
  const displayName = groupName(groups[key] ?? {});
  return { subject: group.claimValue.apply((claimValue) => groupSubject(spec, identity.groups, { displayName, claimValue })), displayName };
}

function boundUser({ users, identity, facts }: Grants, login: string): BoundUserArgs {
  const person = users.find((one) => one.login === login);
  if (person === undefined) {
    throw new Error(`People with a grant of their own: expected '${login}' among them, got ${users.map((one) => one.login).join(", ")}.`);
  }
  return { subject: effectiveUsername({ ...identity.username, issuer: facts.issuer, value: person.id }), login };
}

function resolveGroups(identityProvider: IdentityProvider): pulumi.Output<ResolvedEnvironment["groups"]> {
  return pulumi.output(identityProvider.groups);
}

function resolvePlatform(
  registration: Registration,
  installed: InstalledPlatform,
): pulumi.Output<ResolvedEnvironment["platforms"][string]> {
  const { secret } = installed;
  const files = installed.files ?? pulumi.output(undefined);
  if (secret === undefined) {
    return pulumi.all([registration.clientId, files]).apply(([clientId, all]) => ({ clientId, files: all }));
  }
  return pulumi
    .all([registration.clientId, secret.name, registration.secretExpiresAt, files])
    .apply(([clientId, name, expiresAt, all]): ResolvedEnvironment["platforms"][string] => ({
      clientId,
      secret: { namespace: secret.namespace, name, expiresAt, rotatesAt: registration.secretRotatesAt },
      files: all,
    }));
}
