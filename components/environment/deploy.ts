import * as pulumi from "@pulumi/pulumi";
import {
  bindingPlans,
  expandPeople,
  environmentDocument,
  grantedGroups,
  groupName,
  groupSubject,
  identityProviderFacts,
  namesGroupsByDisplayName,
  platformOf,
  subjectAnnotations,
  type Environment,
  type EnvironmentDocument,
  type GroupMembers,
  type IdentityProviderFacts,
  type IdentityRule,
  type PlatformSpec,
  type ResolvedEnvironment,
} from "../../model";
import { RoleBindings, type BoundGroupArgs, type RoleBindingArgs } from "../access/role-bindings";
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
  /** Members of the groups that must be expanded into people. */
  readonly members?: GroupMembers;
}

/** Creates everything that an environment describes, and gives back its document. */
export function deployEnvironment(inputs: DeploymentInputs): pulumi.Output<EnvironmentDocument> {
  const { environment, scope, stack, today, members = {} } = inputs;
  const facts = identityProviderFacts(environment.idp);
  const identityProvider = setUpIdentityProvider({ spec: environment.idp, environment, scope, stack, today });
  const platforms = Object.entries(environment.platforms).map(([name, spec]) => {
    const requirements = platformOf(spec).requirements(spec, facts);
    const identity = platformOf(spec).identity(spec, facts);
    const registration = identityProvider.register(name, requirements, grantedGroups(spec));
    const people = expandPeople(environment, name, members);
    const installed = installPlatform({ name, scope, spec, identityProvider: facts, identity, requirements, registration, people });
    bindGrants({
      name,
      scope,
      spec,
      groups: environment.groups,
      rule: identity.groups,
      claimValue: facts.capabilities.claimValue,
      identityProvider,
      ready: installed.ready,
    });
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
  readonly rule: IdentityRule["groups"];
  readonly claimValue: IdentityProviderFacts["capabilities"]["claimValue"];
  readonly identityProvider: IdentityProvider;
  /** What the bindings wait for. */
  readonly ready: pulumi.Resource;
}

function bindGrants(grants: Grants): void {
  const { name, scope, spec, rule, ready } = grants;
  const plans = bindingPlans(name, spec);
  if (plans.length === 0) {
    return;
  }
  const bindings = plans.map((plan): [string, RoleBindingArgs] => [
    [plan.roleRef.name, ...(plan.namespace === undefined ? [] : [plan.namespace])].join("-in-"),
    {
      name: plan.name,
      namespace: plan.namespace,
      roleKind: plan.roleRef.kind,
      roleName: plan.roleRef.name,
      groups: plan.groups.map((key) => boundGroup(grants, key)),
    },
  ]);
  const annotations = subjectAnnotations(rule.prefix, spec.kind, namesGroupsByDisplayName(spec) ? "name" : grants.claimValue);
  new RoleBindings(
    scope.name(`${name}-access`),
    { platform: name, bindings: Object.fromEntries(bindings), annotations },
    { ...scope.options, dependsOn: ready },
  );
}

function boundGroup({ spec, groups, rule, identityProvider }: Grants, key: string): BoundGroupArgs {
  const group = identityProvider.groups[key];
  if (group === undefined) {
    throw new Error(
      `Groups of the identity provider: expected '${key}' among them, got ${Object.keys(identityProvider.groups).join(", ")}.`,
    );
  }
  const displayName = groupName(groups[key] ?? {});
  return { subject: group.claimValue.apply((claimValue) => groupSubject(spec, rule, { displayName, claimValue })), displayName };
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
