import { bindingName, grantedGroups } from "../access/grants";
import { expandPeople, type GroupMembers, type PersonAccess } from "../access/people";
import { effectiveUsername, groupSubject, namesGroupsByDisplayName } from "../access/subjects";
import { grantReach } from "../environment/grant-reach";
import { environmentRisks } from "../environment/risks";
import { groupName, type Environment } from "../environment/schema";
import { identityProviderFacts, identityProviderOf, type DiagnosticRedirect } from "../identity-providers";
import { holderOf, platformOf, type PlatformSpec } from "../platforms";
import type { GrantSpec, PlatformDefinition, PlatformSpecBase, Requirements } from "../platforms/definition";
import { valuePaths } from "../platforms/chart-values";
import { reviewOf } from "../review/cycle";
import type { SignInFact } from "../sign-in";
import { firstEnd } from "../text/certificates";
import { compareText, sortKeys } from "../text/stable-order";
import {
  documentVersion,
  type DocumentGrant,
  type DocumentPlatform,
  type DocumentServiceAccount,
  type EnvironmentDocument,
} from "./schema";

/** What is known only after the resources exist. */
export interface ResolvedEnvironment {
  readonly stack: string;
  readonly groups: Readonly<Record<string, { readonly id: string; readonly claimValue: string }>>;
  readonly platforms: Readonly<
    Record<
      string,
      { readonly clientId: string; readonly secret?: DocumentPlatform["secret"]; readonly files?: Readonly<Record<string, string>> }
    >
  >;
  /** Members of the groups that hold grants on platforms which cannot read groups, and the people with a grant of their own. */
  readonly members?: GroupMembers;
}

/** Puts the document together. Equal environments give equal documents: no clock, keys and lists sorted. */
export function environmentDocument(environment: Environment, resolved: ResolvedEnvironment): EnvironmentDocument {
  const facts = identityProviderFacts(environment.idp);
  const groupKeys = Object.keys(environment.groups).sort(compareText);
  const platformNames = Object.keys(environment.platforms).sort(compareText);
  return sortKeys({
    version: documentVersion,
    stack: resolved.stack,
    identityProvider: {
      kind: facts.kind,
      issuer: facts.issuer,
      claimValue: facts.capabilities.claimValue,
      certificateAuthorityEnds: facts.certificateAuthority === undefined ? undefined : firstEnd(facts.certificateAuthority),
      requiredAcr: facts.requiredAcr,
      groupLimit: facts.capabilities.groupLimit?.count,
      aboveGroupLimit: facts.capabilities.groupLimit?.above,
      signIn: signInFacts(identityProviderOf(environment.idp).signIn?.(environment.idp)),
    },
    groups: Object.fromEntries(groupKeys.map((key) => [key, documentGroup(environment, resolved, key)])),
    platforms: Object.fromEntries(platformNames.map((name) => [name, documentPlatform(environment, resolved, name)])),
    access: platformNames.flatMap((name) => documentGrants(environment, resolved, name)),
    serviceAccounts: accountsOrNothing(platformNames.flatMap((name) => documentAccounts(environment, name))),
    bindingsKeptFor: environment.protectBindings && {
      ...environment.protectBindings,
      deployers: [...environment.protectBindings.deployers].sort(compareText),
    },
    risks: environmentRisks(environment),
  });
}

function documentGroup(environment: Environment, resolved: ResolvedEnvironment, key: string): EnvironmentDocument["groups"][string] {
  const group = required(environment.groups[key], `groups.${key}`);
  const { id, claimValue } = required(resolved.groups[key], `resolved group ${key}`);
  const origin = group.existing === undefined ? "created" : "existing";
  const members = group.members === undefined ? undefined : [...group.members].sort(compareText);
  const { reviewers } = group;
  return {
    displayName: groupName(group),
    id,
    claimValue,
    origin,
    members,
    ...(reviewers && { reviewers: [...reviewers].sort(compareText) }),
  };
}

function documentPlatform(environment: Environment, resolved: ResolvedEnvironment, name: string): DocumentPlatform {
  const spec = required(environment.platforms[name], `platforms.${name}`);
  const facts = identityProviderFacts(environment.idp);
  const definition = platformOf(spec);
  const requirements = definition.requirements(spec, facts);
  const identity = definition.identity(spec, facts);
  const { clientId, secret, files } = required(resolved.platforms[name], `resolved platform ${name}`);
  return {
    kind: spec.kind,
    title: definition.capabilities.title,
    url: definition.url(spec),
    issuer: facts.issuer,
    clientId,
    redirectUris: [...requirements.redirectUris],
    postLogoutRedirectUris: [...requirements.postLogoutRedirectUris],
    diagnosticRedirect: diagnosticRedirectOf(facts.diagnosticRedirect, requirements),
    grantTypes: [...requirements.grantTypes],
    scopes: [...requirements.scopes],
    username: { ...identity.username },
    groups: { ...identity.groups },
    groupBound: identityProviderOf(environment.idp).groupBound(
      environment.idp,
      grantedGroups(spec).map((key) => groupName(required(environment.groups[key], `groups.${key}`))),
    ),
    groupsFrom: namesGroupsByDisplayName(spec)
      ? "directory"
      : facts.capabilities.thinIdToken && definition.capabilities.readsUserInfo
        ? "userinfo"
        : "id-token",
    tokenRules: definition.capabilities.tokenRules,
    // Its file alone has rules about claims; the stack writes them there.
    requiredClaims:
      definition.capabilities.tokenRules === "authentication-configuration" && facts.requiredClaims !== undefined
        ? { ...facts.requiredClaims }
        : undefined,
    issuerCertificateAuthority: definition.issuerCertificateAuthority?.(spec),
    release: definition.installs(spec),
    installed: spec.installed === true ? true : undefined,
    charts: definition.charts?.(spec).map((chart) => ({ ...chart, values: valuePaths(chart.values) })),
    ownCertificate: ownCertificateOf(definition.ownCertificate?.(spec)),
    signIn: signInFacts(definition.signIn?.(spec)),
    files: files === undefined ? undefined : { ...files },
    secret,
    reviewers: spec.reviewers === undefined ? undefined : [...spec.reviewers].sort(compareText),
    adoptedRoles: adoptedRoles(spec),
  };
}

/** ClusterRoles of Kubernetes itself are held by many who are nobody of the platform. */
const builtInRole = /^(cluster-admin|admin|edit|view|system:.*)$/;

/** The roles of a platform that was there before the stack, each by its own name. */
function adoptedRoles(spec: PlatformSpec): string[] | undefined {
  const { adopted = false }: PlatformSpecBase = spec;
  const definition = platformOf(spec);
  // Accounts keep their names, where the platform has accounts of its own.
  if (!adopted || definition.people !== undefined) {
    return undefined;
  }
  const names = Object.keys(definition.roles).flatMap((role) =>
    definition.bindings(spec, { role, namespaces: ["any"] }).map(({ roleRef }) => roleRef.name),
  );
  return [...new Set(names)].filter((name) => !builtInRole.test(name)).sort(compareText);
}

function ownCertificateOf(
  made: ReturnType<NonNullable<PlatformDefinition<PlatformSpecBase>["ownCertificate"]>>,
): DocumentPlatform["ownCertificate"] {
  return made && { secret: { ...made.secret }, hosts: [...made.hosts].sort(compareText) };
}

function signInFacts(facts: readonly SignInFact[] | undefined): DocumentPlatform["signIn"] {
  return facts?.map(({ what, value, narrows, strictness }) => ({
    what,
    value: typeof value === "string" ? value : [...value],
    narrows,
    strictness,
  }));
}

function diagnosticRedirectOf(
  diagnostic: DiagnosticRedirect | undefined,
  { clientAuthentication }: Requirements,
): DocumentPlatform["diagnosticRedirect"] {
  return (
    diagnostic && {
      uri: diagnostic.uri,
      clientAuthentication: diagnostic.clientAuthentication === "none" ? "none" : clientAuthentication,
    }
  );
}

function documentGrants(environment: Environment, resolved: ResolvedEnvironment, name: string): DocumentGrant[] {
  const spec = required(environment.platforms[name], `platforms.${name}`);
  const definition = platformOf(spec);
  if (definition.people !== undefined) {
    return expandPeople(environment, name, resolved.members ?? {}).flatMap((person) => personGrants(definition, spec, name, person));
  }
  return spec.access
    .map((grant): DocumentGrant => ({
      platform: name,
      group: holderOf(grant),
      role: grant.role,
      permits: required(definition.roles[grant.role], `role ${grant.role}`).permits,
      reach: reachOrNothing(environment, name, grant),
      namespaces: grant.namespaces === undefined ? undefined : [...grant.namespaces].sort(compareText),
      until: grant.until ?? null,
      review: reviewOf(spec, grant),
      ...grantSubject(environment, resolved, spec, grant),
      bindings: definition
        .bindings(spec, grant)
        .map((target) => ({ ...target, name: bindingName(name, target) }))
        .sort((left, right) => compareText(`${left.name}/${left.namespace ?? ""}`, `${right.name}/${right.namespace ?? ""}`)),
    }))
    .sort((left, right) => compareText(`${left.role}/${left.group}`, `${right.role}/${right.group}`));
}

function accountsOrNothing(accounts: DocumentServiceAccount[]): DocumentServiceAccount[] | undefined {
  return accounts.length === 0 ? undefined : accounts;
}

/** The programs that hold a platform's roles, each with what may give it them. */
function documentAccounts(environment: Environment, platform: string): DocumentServiceAccount[] {
  const spec = required(environment.platforms[platform], `platforms.${platform}`);
  const { serviceAccounts = [] }: PlatformSpecBase = spec;
  const definition = platformOf(spec);
  return serviceAccounts
    .map(({ account, role, namespaces, owner, until }): DocumentServiceAccount => {
      const [namespace = "", name = ""] = account.split("/");
      return {
        platform,
        account: { namespace, name },
        role,
        permits: required(definition.roles[role], `role ${role}`).permits,
        namespaces: namespaces === undefined ? undefined : [...namespaces].sort(compareText),
        owner,
        until: until ?? null,
        roles: definition
          .bindings(spec, { role, ...(namespaces && { namespaces }) })
          .map(({ kind, namespace: place, roleRef }) => ({ kind, namespace: place, roleRef }))
          .sort((left, right) =>
            compareText(`${left.roleRef.name}/${left.namespace ?? ""}`, `${right.roleRef.name}/${right.namespace ?? ""}`),
          ),
      };
    })
    .sort((left, right) => compareText(accountKey(left), accountKey(right)));
}

function accountKey({ account, role, namespaces = [] }: DocumentServiceAccount): string {
  return [account.namespace, account.name, role, ...namespaces].join("/");
}

/** What the bindings of a grant name: a group, or one person, as the platform hands them to RBAC. */
function grantSubject(
  environment: Environment,
  resolved: ResolvedEnvironment,
  spec: Environment["platforms"][string],
  { group, user }: GrantSpec,
): Pick<DocumentGrant, "subject" | "person"> {
  const facts = identityProviderFacts(environment.idp);
  const identity = platformOf(spec).identity(spec, facts);
  if (group === undefined) {
    const person = required(resolved.members?.[holderOf({ user })]?.[0], `resolved person ${user ?? ""}`);
    const name = effectiveUsername({ ...identity.username, issuer: facts.issuer, value: person.id });
    return { subject: { kind: "User", name }, person: { login: person.login, claimValue: person.id } };
  }
  const { claimValue } = required(resolved.groups[group], `resolved group ${group}`);
  const displayName = groupName(required(environment.groups[group], `groups.${group}`));
  return { subject: { kind: "Group", name: groupSubject(spec, identity.groups, { displayName, claimValue }) } };
}

function reachOrNothing(environment: Environment, name: string, grant: GrantSpec): string[] | undefined {
  const { sentences } = grantReach(environment, name, grant);
  return sentences.length === 0 ? undefined : [...sentences];
}

/** The grants of one person; a binding stands beside the grant that gives it. */
function personGrants(
  definition: Pick<PlatformDefinition<PlatformSpecBase>, "roles">,
  spec: PlatformSpecBase,
  platform: string,
  person: PersonAccess,
): DocumentGrant[] {
  const listed = (names: readonly string[] | undefined): string[] | undefined =>
    names === undefined ? undefined : [...names].sort(compareText);
  return person.grants.map((grant) => ({
    platform,
    group: holderOf(grant),
    role: grant.role,
    permits: required(definition.roles[grant.role], `role ${grant.role}`).permits,
    namespaces: listed(grant.namespaces),
    workspaces: listed(grant.workspaces),
    until: grant.until ?? null,
    review: reviewOf(spec, grant),
    subject: { kind: "User", name: person.username },
    person: { login: person.login, claimValue: person.subject },
    bindings: person.bindings
      .filter((binding) => binding.holder === holderOf(grant) && binding.role === grant.role)
      .map(({ kind, name, namespace, workspace, roleRef }) => ({ kind, name, namespace, workspace, roleRef })),
  }));
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`The environment document: expected ${what}, got nothing.`);
  }
  return value;
}
