import * as pulumi from "@pulumi/pulumi";
import {
  bindingPlans,
  expandPeople,
  effectiveGroup,
  environmentDocument,
  grantedGroups,
  groupName,
  identityProviderFacts,
  platformOf,
  type BindingPlan,
  type Environment,
  type EnvironmentDocument,
  type GroupMembers,
  type ResolvedEnvironment,
} from "../model";
import { RoleBindings, type RoleBindingArgs } from "../components";
import { setUpIdentityProvider, type IdentityProvider, type Registration } from "../components/identity-providers";
import { installPlatform, type InstalledPlatform } from "../components/platforms";

/** An environment, and what was looked up before anything is created. */
export interface DeploymentInputs {
  readonly environment: Environment;
  readonly stack: string;
  /** The day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Members of the groups that must be expanded into people. */
  readonly members?: GroupMembers;
}

/** Creates everything that an environment describes, and gives back its document. */
export function deployEnvironment(inputs: DeploymentInputs): pulumi.Output<EnvironmentDocument> {
  const { environment, stack, today, members = {} } = inputs;
  const facts = identityProviderFacts(environment.idp);
  const identityProvider = setUpIdentityProvider({ spec: environment.idp, environment, stack, today });
  const platforms = Object.entries(environment.platforms).map(([name, spec]) => {
    const requirements = platformOf(spec).requirements(spec, facts);
    const identity = platformOf(spec).identity(spec, facts);
    const registration = identityProvider.register(name, requirements, grantedGroups(spec));
    const people = expandPeople(environment, name, members);
    const installed = installPlatform({ name, spec, identityProvider: facts, identity, requirements, registration, people });
    bindGrants(name, bindingPlans(name, spec), identity.groups.prefix, environment, identityProvider, installed);
    return [name, resolvePlatform(registration, installed)] as const;
  });
  return pulumi
    .all([resolveGroups(identityProvider), pulumi.output(Object.fromEntries(platforms))])
    .apply(([groups, resolved]) => environmentDocument(environment, { stack, groups, platforms: resolved, members }));
}

function bindGrants(
  platform: string,
  plans: readonly BindingPlan[],
  prefix: string,
  environment: Environment,
  identityProvider: IdentityProvider,
  installed: InstalledPlatform,
): void {
  if (plans.length === 0) {
    return;
  }
  const spec = environment.platforms[platform];
  const named = spec !== undefined && platformOf(spec).groupNames?.(spec) === "display-names";
  const bindings = plans.map((plan): [string, RoleBindingArgs] => [
    [plan.roleRef.name, ...(plan.namespace === undefined ? [] : [plan.namespace])].join("-in-"),
    {
      name: plan.name,
      namespace: plan.namespace,
      roleKind: plan.roleRef.kind,
      roleName: plan.roleRef.name,
      groups: plan.groups.map((key) => ({
        subject: named
          ? effectiveGroup({ prefix, value: groupName(environment.groups[key] ?? {}) })
          : subjectOf(identityProvider, key, prefix),
        displayName: groupName(environment.groups[key] ?? {}),
      })),
    },
  ]);
  // The policy pack refuses subjects without a prefix unless the binding says that its platform cannot have one.
  const annotations = prefix === "" ? { "gatehouse.dev/unprefixed-subjects": spec?.kind ?? "" } : undefined;
  new RoleBindings(`${platform}-access`, { platform, bindings: Object.fromEntries(bindings), annotations }, { dependsOn: installed.ready });
}

function subjectOf(identityProvider: IdentityProvider, key: string, prefix: string): pulumi.Output<string> {
  const group = identityProvider.groups[key];
  if (group === undefined) {
    throw new Error(`The identity provider did not set up the group '${key}'.`);
  }
  return group.claimValue.apply((value) => effectiveGroup({ prefix, value }));
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
