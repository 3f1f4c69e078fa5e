import {
  claimValueOf,
  environmentDocument,
  groupName,
  groupsToExpand,
  identityProviderFacts,
  identityProviderOf,
  platformOf,
  rotationRuleOf,
  rotationSchedule,
  userHolder,
  usersToLookUp,
  type DocumentPlatform,
  type Environment,
  type EnvironmentDocument,
  type GroupMembers,
  type KnownPerson,
  type ResolvedEnvironment,
} from "../../model";
import { unknownUntilUp, type IntendedEnvironment } from "../../reports";

export interface IntendedInputs {
  readonly environment: Environment;
  readonly stack: string;
  /** The day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** The environment as it is; undefined before the first update. */
  readonly before: EnvironmentDocument | undefined;
}

/**
 * The document that an update is meant to give, as far as it is known before: what the stack file says, and, for what only
 * the vendors know, the present document where the thing is there already.
 */
export function intendedEnvironment(inputs: IntendedInputs): IntendedEnvironment {
  const { environment, stack, before } = inputs;
  const groups = resolvedGroups(environment, before);
  const platforms = Object.fromEntries(Object.keys(environment.platforms).map((name) => [name, resolvedPlatform(inputs, name)]));
  const members = knownMembers(environment, before);
  const document = withKnownIssuer(environment, before, environmentDocument(environment, { stack, groups, platforms, members }));
  return { document, unknown: unknownThings(environment, document, before) };
}

function resolvedGroups(environment: Environment, before: EnvironmentDocument | undefined): ResolvedEnvironment["groups"] {
  return Object.fromEntries(
    Object.entries(environment.groups).map(([key, group]) => {
      const name = groupName(group);
      const claimed = claimValueOf(environment.idp, key, name);
      const old = before?.groups[key];
      const same =
        old?.origin === (group.existing === undefined ? "created" : "existing") && (old.origin === "created" || old.displayName === name);
      if (old === undefined || !same) {
        return [key, { id: unknownUntilUp, claimValue: claimed ?? unknownUntilUp }];
      }
      // Where the token carries the name, a created group that is renamed is another group to every binding.
      return [key, { id: old.id, claimValue: claimed ?? old.claimValue }];
    }),
  );
}

function resolvedPlatform({ environment, today, before }: IntendedInputs, name: string): ResolvedEnvironment["platforms"][string] {
  const old = before?.platforms[name];
  return { clientId: old?.clientId ?? unknownUntilUp, secret: intendedSecret(environment, today, name, old), files: old?.files };
}

/** The dates follow from the rotation rule and the day alone, so they are known before. */
function intendedSecret(
  environment: Environment,
  today: string,
  name: string,
  old: DocumentPlatform | undefined,
): DocumentPlatform["secret"] {
  const spec = environment.platforms[name];
  if (spec === undefined || (old !== undefined && old.secret === undefined)) {
    return undefined;
  }
  const { clientAuthentication } = platformOf(spec).requirements(spec, identityProviderFacts(environment.idp));
  const namespace = old?.secret?.namespace ?? platformOf(spec).installs(spec)?.namespace;
  if (clientAuthentication === "none" || namespace === undefined) {
    return undefined;
  }
  const rule = rotationRuleOf(environment.idp, name);
  if (rule === undefined) {
    return old?.secret;
  }
  const { secrets, next } = rotationSchedule(rule, today);
  return { namespace, name: old?.secret?.name ?? unknownUntilUp, expiresAt: secrets[0].expiresAt, rotatesAt: next };
}

/** People with a grant of their own, and members of the groups that a platform needs one by one: those listed, or those whom the present document names. */
function knownMembers(environment: Environment, before: EnvironmentDocument | undefined): GroupMembers {
  const known = (before?.access ?? []).flatMap(({ group, person }) =>
    person === undefined ? [] : [{ group, login: person.login, id: person.claimValue }],
  );
  const idOf = (login: string): string => known.find((person) => person.login === login)?.id ?? unknownUntilUp;
  const { idp } = environment;
  const alone = usersToLookUp(environment).map((login) => {
    const id = identityProviderOf(idp).userValue?.(idp, login) ?? idOf(login);
    return [userHolder(login), [{ login, id }]] as const;
  });
  return Object.fromEntries([
    ...alone,
    ...groupsToExpand(environment).map((key): [string, readonly KnownPerson[]] => {
      const listed = environment.groups[key]?.members;
      const people = listed?.map((login): KnownPerson => ({ login, id: idOf(login) }));
      const present = known.filter(({ group }) => group === key).map(({ login, id }): KnownPerson => ({ login, id }));
      return [key, people ?? present.filter(({ login }, position) => present.findIndex((other) => other.login === login) === position)];
    }),
  ]);
}

/** An issuer that the program looks up is not known here, except from before. */
function withKnownIssuer(
  environment: Environment,
  before: EnvironmentDocument | undefined,
  document: EnvironmentDocument,
): EnvironmentDocument {
  if (openIssuer(environment) === undefined) {
    return document;
  }
  const issuer = before?.identityProvider.issuer ?? unknownUntilUp;
  return {
    ...document,
    identityProvider: { ...document.identityProvider, issuer },
    platforms: Object.fromEntries(Object.entries(document.platforms).map(([name, platform]) => [name, { ...platform, issuer }])),
  };
}

function openIssuer({ idp }: Environment): string | undefined {
  return identityProviderOf(idp).issuerOpen?.(idp);
}

function unknownThings(environment: Environment, document: EnvironmentDocument, before: EnvironmentDocument | undefined): string[] {
  const openGroups = groupsToExpand(environment).filter((key) => environment.groups[key]?.members === undefined);
  const issuer = openIssuer(environment);
  return [
    ...(issuer === undefined ? [] : [issuer]),
    ...Object.entries(document.groups)
      .filter(([, { claimValue }]) => claimValue === unknownUntilUp)
      .map(([, { displayName }]) => `What tokens will carry for group '${displayName}', and so whom its bindings name.`),
    ...Object.entries(document.platforms)
      .filter(([, { clientId }]) => clientId === unknownUntilUp)
      .map(([name]) => `The client id of '${name}'.`),
    ...usersToLookUp(environment)
      .filter((login) => document.access.some(({ person }) => person?.login === login && person.claimValue === unknownUntilUp))
      .map((login) => `What tokens will carry for ${login}, and so what the bindings of that grant name.`),
    ...openGroups.map((key) => {
      const name = document.groups[key]?.displayName ?? key;
      return `Who is in group '${name}' at the update: ${before === undefined ? "nobody is counted" : "its members as of the last update are counted"}.`;
    }),
  ];
}
