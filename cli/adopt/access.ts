/** The bindings of the people whom a platform's tokens can name, and the groups behind them. */
import {
  adoptedAccess,
  describeReceived,
  isReservedName,
  platformOf,
  type AdoptedAccess,
  type AdoptedGrant,
  type FoundGroup,
  type FoundPlatform,
  type PlatformSpec,
  type PresentBinding,
  type Problem,
} from "../../model";

/** The groups of which a token would carry a value. */
export type FindGroups = (claimValue: string) => Promise<readonly FoundGroup[]>;

/** Bindings of people whom the platform's tokens name: by the prefix, or, where there is none, by the platform's own roles. */
export async function accessOf(
  spec: PlatformSpec,
  { prefixes, usernameClaim }: FoundPlatform,
  bindings: readonly PresentBinding[],
  find: FindGroups,
): Promise<AdoptedAccess> {
  const roles = new Set(roleNames(spec));
  const known = new Set<string>();
  if (prefixes.group === "") {
    for (const { name } of bindings.filter(({ roleRef }) => roles.has(roleRef.name)).flatMap(({ subjects }) => subjects)) {
      if (!isReservedName(name) && (await find(name)).length > 0) {
        known.add(name);
      }
    }
  }
  const byAddress = prefixes.user === "" && usernameClaim === "email";
  return adoptedAccess(spec, bindings, ({ kind, name }, role) =>
    kind === "Group"
      ? prefixes.group === ""
        ? known.has(name) && roles.has(role)
        : name.startsWith(prefixes.group)
      : prefixes.user === ""
        ? roles.has(role) && (byAddress ? name.includes("@") : !name.startsWith("system:"))
        : name.startsWith(prefixes.user),
  );
}

function roleNames(spec: PlatformSpec): string[] {
  const definition = platformOf(spec);
  return Object.keys(definition.roles).flatMap((role) =>
    definition.bindings(spec, { group: "probe", role, namespaces: ["probe"] }).map(({ roleRef }) => roleRef.name),
  );
}

export async function groupsOf(
  grants: readonly AdoptedGrant[],
  prefix: string,
  find: FindGroups,
): Promise<{ readonly found: ReadonlyMap<string, FoundGroup>; readonly problems: readonly Problem[] }> {
  const found = new Map<string, FoundGroup>();
  const problems: Problem[] = [];
  for (const subject of new Set(grants.map((grant) => grant.subject))) {
    const all = await find(subject.slice(prefix.length));
    const [only] = all;
    if (only !== undefined && all.length === 1) {
      found.set(subject, only);
    } else {
      problems.push({
        path: ["groups"],
        expected: `one group at the identity provider behind the subject ${describeReceived(subject, [])}`,
        received: all.length === 0 ? "none" : `${all.length}`,
        fix: all.length === 0 ? "delete the binding, which reaches nobody" : "give the groups different names at the identity provider",
      });
    }
  }
  return { found, problems };
}

/** Keys of the stack file by subject: short words of the names, each once. */
export function keysOf(groups: ReadonlyMap<string, FoundGroup>): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [subject, { name }] of groups) {
    const word =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-+$/g, "")
        .slice(0, 40) || "group";
    const taken = new Set(keys.values());
    let key = word;
    for (let count = 2; taken.has(key); count++) {
      key = `${word}-${count}`;
    }
    keys.set(subject, key);
  }
  return keys;
}

export function grantsOf(grants: readonly AdoptedGrant[], keys: ReadonlyMap<string, string>): Record<string, unknown>[] {
  return grants.flatMap(({ subject, role, namespaces }) => {
    const group = keys.get(subject);
    return group === undefined ? [] : [{ group, role, ...(namespaces === undefined ? {} : { namespaces }) }];
  });
}
