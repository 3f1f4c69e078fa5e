/** The bindings of the people whom a platform's tokens can name, and the groups and people behind them. */
import {
  adoptedAccess,
  bindingPlace,
  describeReceived,
  isTrustedName,
  platformOf,
  subjectKey,
  type AdoptedAccess,
  type AdoptedGrant,
  type FoundGroup,
  type FoundPerson,
  type FoundPlatform,
  type PlatformSpec,
  type PresentBinding,
  type Problem,
} from "../../model";

/** Whom the identity provider knows by a value of a token; each question is asked once. */
export interface Lookup {
  readonly groups: (claimValue: string) => Promise<readonly FoundGroup[]>;
  /** Undefined where nobody can tell. */
  readonly people: (claimValue: string) => Promise<readonly FoundPerson[] | undefined>;
}

/** Who holds what, and who they are at the identity provider. */
export interface FoundAccess {
  readonly access: AdoptedAccess;
  /** Groups with a grant, by the name that RBAC sees. */
  readonly groups: ReadonlyMap<string, FoundGroup>;
  /** People with a grant of their own, by the name that RBAC sees. */
  readonly people: ReadonlyMap<string, FoundPerson>;
  /** Subjects of the platform's roles whom the identity provider does not know, with their bindings. */
  readonly strangers: readonly { readonly name: string; readonly bindings: readonly string[] }[];
  /** Accounts of people that stay as they are, with the reason in words that follow "which". */
  readonly byHand: readonly { readonly name: string; readonly reason: string }[];
  readonly problems: readonly Problem[];
}

type Subject = PresentBinding["subjects"][number];

/** Bindings of people whom the platform's tokens name: by the prefix, by the platform's own accounts, or else by the platform's own roles. */
export async function accessOf(
  spec: PlatformSpec,
  found: FoundPlatform,
  present: readonly PresentBinding[],
  lookup: Lookup,
): Promise<FoundAccess> {
  const { prefixes } = found;
  const roles = new Set(roleNames(spec));
  const bindings = present.map((binding) => otherRoles(binding, found));
  const { ownGroups = [] } = platformOf(spec).capabilities;
  const named = namedSubjects(found, roles, bindings).filter(({ kind, name }) => kind !== "Group" || !ownGroups.includes(name));
  const known = await peopleOf(found, named, lookup);
  const concerned = new Set(named.map(subjectKey).filter((key) => !known.strangers.has(key)));
  const judge = (people: ReadonlyMap<string, FoundPerson>): AdoptedAccess =>
    adoptedAccess(
      spec,
      bindings,
      (subject, role) =>
        concerned.has(subjectKey(subject)) &&
        ((subject.kind === "Group" ? prefixes.group : prefixes.user) !== "" || found.reachesEveryRole === true || roles.has(role)),
      ({ kind, name }) => kind === "Group" || people.has(name),
    );
  const unfit = withoutBase(spec, judge(known.people));
  const people = new Map([...known.people].filter(([name]) => !unfit.has(name)));
  const access = judge(people);
  const granted = new Set(access.grants.filter(({ subject }) => subject.kind === "User").map(({ subject }) => subject.name));
  const groups = await groupsOf(access.grants, prefixes.group, lookup);
  return {
    access,
    groups: groups.found,
    people: new Map([...people].filter(([name]) => granted.has(name))),
    strangers: [...known.strangers].map((name) => ({ name, bindings: bindingsOf(name, found, roles, bindings) })),
    byHand: (found.accounts ?? [])
      .filter(({ name }) => !granted.has(name) && !known.strangers.has(subjectKey({ kind: "User", name })))
      .map(({ name, fault }) => ({ name, reason: fault ?? unfit.get(name) ?? "holds no role that a grant can give" })),
    problems: [...known.problems, ...groups.problems],
  };
}

/** A RoleBinding of the other API names other roles, however they are called. */
function otherRoles(binding: PresentBinding, { roleBindingGroup = kubernetesGroup }: FoundPlatform): PresentBinding {
  const { kind, apiGroup = kubernetesGroup, roleRef } = binding;
  return kind !== "RoleBinding" || apiGroup === roleBindingGroup
    ? binding
    : { ...binding, roleRef: { ...roleRef, kind: `${apiGroup} ${roleRef.kind}` } };
}

const kubernetesGroup = "rbac.authorization.k8s.io";

interface KnownSubjects {
  /** By the name that bindings have. */
  readonly people: ReadonlyMap<string, FoundPerson>;
  readonly strangers: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Who the subjects are at the identity provider. */
async function peopleOf({ prefixes, accounts }: FoundPlatform, named: readonly Subject[], lookup: Lookup): Promise<KnownSubjects> {
  const people = new Map<string, FoundPerson>();
  const strangers = new Set<string>();
  const problems: Problem[] = [];
  for (const { kind, name } of named) {
    const [prefix, ask] = kind === "Group" ? [prefixes.group, lookup.groups] : [prefixes.user, lookup.people];
    const account = accounts?.find((one) => one.name === name);
    const all: readonly (FoundGroup | FoundPerson)[] | undefined = await ask(account?.claimValue ?? name.slice(prefix.length));
    const [only] = all ?? [];
    if (all?.length === 0 && prefix === "") {
      strangers.add(subjectKey({ kind, name }));
    }
    if (kind === "User" && all !== undefined && all.length > 1) {
      problems.push(notOne(name, "person", all.length));
    }
    if (all?.length === 1 && only !== undefined && "login" in only && account?.fault === undefined) {
      people.set(name, only);
    }
  }
  return { people, strangers, problems };
}

/** People whom the stack would give the role that everybody has there: they have no role in the whole platform today. */
function withoutBase(spec: PlatformSpec, { grants }: AdoptedAccess): ReadonlyMap<string, string> {
  const definition = platformOf(spec);
  const everybody = definition.people?.(spec).everybody;
  if (everybody === undefined) {
    return new Map();
  }
  const based = new Set(grants.filter(({ role }) => definition.roles[role]?.scope === "cluster").map(({ subject }) => subject.name));
  return new Map(
    grants
      .filter(({ subject }) => !based.has(subject.name))
      .map(({ subject }) => [
        subject.name,
        `has none of the built-in roles in the whole platform, and the stack would give ${everybody}: give that first, then adopt`,
      ]),
  );
}

/** Everybody who may be one of the platform's people, each once: those with the prefix, or those with one of its roles. */
function namedSubjects(
  { prefixes, groupsClaim, usernameClaim, reachesEveryRole, accounts }: FoundPlatform,
  roles: ReadonlySet<string>,
  bindings: readonly PresentBinding[],
): Subject[] {
  const found = new Map<string, Subject>();
  const names = accounts === undefined ? undefined : new Set(accounts.map(({ name }) => name));
  for (const { roleRef, subjects } of bindings) {
    for (const subject of subjects) {
      const { kind, name } = subject;
      const prefix = kind === "Group" ? prefixes.group : prefixes.user;
      const isOurs =
        prefix === "" ? (reachesEveryRole === true || roles.has(roleRef.name)) && !isTrustedName(name) : name.startsWith(prefix);
      const isRead =
        kind === "Group" ? groupsClaim !== "" : kind === "User" && (prefix !== "" || usernameClaim !== "email" || name.includes("@"));
      if (names === undefined ? isOurs && isRead : kind === "User" && names.has(name)) {
        found.set(subjectKey(subject), subject);
      }
    }
  }
  return [...found.values()];
}

function bindingsOf(key: string, { accounts }: FoundPlatform, roles: ReadonlySet<string>, bindings: readonly PresentBinding[]): string[] {
  return bindings
    .filter(
      ({ roleRef, subjects }) =>
        (accounts !== undefined || roles.has(roleRef.name)) && subjects.some((subject) => subjectKey(subject) === key),
    )
    .map(bindingPlace);
}

function roleNames(spec: PlatformSpec): string[] {
  const definition = platformOf(spec);
  return Object.keys(definition.roles).flatMap((role) =>
    definition.bindings(spec, { group: "probe", role, namespaces: ["probe"] }).map(({ roleRef }) => roleRef.name),
  );
}

async function groupsOf(
  grants: readonly AdoptedGrant[],
  prefix: string,
  lookup: Lookup,
): Promise<{ readonly found: ReadonlyMap<string, FoundGroup>; readonly problems: readonly Problem[] }> {
  const found = new Map<string, FoundGroup>();
  const problems: Problem[] = [];
  const names = grants.filter(({ subject }) => subject.kind === "Group").map(({ subject }) => subject.name);
  for (const name of new Set(names)) {
    const all = await lookup.groups(name.slice(prefix.length));
    const [only] = all;
    if (only === undefined || (all.length > 1 && only.fault === undefined)) {
      problems.push(notOne(name, "group", all.length));
    } else if (only.fault === undefined) {
      found.set(name, only);
    } else {
      problems.push({
        path: ["groups"],
        expected: `a group that a stack can grant to behind the subject ${describeReceived(name, [])}`,
        received: `'${only.name}', which ${only.fault.which}`,
        fix: only.fault.fix,
      });
    }
  }
  return { found, problems };
}

function notOne(name: string, what: "group" | "person", count: number): Problem {
  return {
    path: ["groups"],
    expected: `one ${what} at the identity provider behind the subject ${describeReceived(name, [])}`,
    received: count === 0 ? "none" : `${count}`,
    fix: count === 0 ? "delete the binding, which reaches nobody" : `give each ${what} a name of its own at the identity provider`,
  };
}

/** Keys of the stack file by subject: short words of the names, each once. */
export function keysOf(groups: ReadonlyMap<string, FoundGroup>): Map<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const [subject, { name }] of groups) {
    const word =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-+$/g, "")
        .slice(0, 40) || "group";
    let key = word;
    for (let count = 2; taken.has(key); count++) {
      key = `${word}-${count}`;
    }
    taken.add(key);
    keys.set(subject, key);
  }
  return keys;
}

/** The grants as a stack file has them. */
export function grantsOf({ access, people }: FoundAccess, keys: ReadonlyMap<string, string>): Record<string, unknown>[] {
  return access.grants.flatMap(({ subject, role, namespaces, workspaces }) => {
    const holder = subject.kind === "Group" ? keys.get(subject.name) : people.get(subject.name)?.login;
    return holder === undefined
      ? []
      : [
          {
            ...{ [subject.kind === "Group" ? "group" : "user"]: holder, role },
            ...(namespaces === undefined ? {} : { namespaces }),
            ...(workspaces === undefined ? {} : { workspaces }),
          },
        ];
  });
}
