import {
  adoptedAccess,
  describeReceived,
  formatProblem,
  identityProviders,
  judgeEnvironment,
  platformOf,
  platforms,
  type AdoptedAccess,
  type AdoptedGrant,
  type FoundClient,
  type FoundGroup,
  type FoundPlatform,
  type FoundRelease,
  type IdentityProviderAdoption,
  type IdentityProviderSpec,
  type ParsedEnvironment,
  type PlatformAdoption,
  type PlatformSpec,
  type PresentBinding,
  type Problem,
} from "../../model";
import { UsageError } from "../errors";
import { leftProblems, noGrants, signInProblems } from "./equality";
import type { Sources } from "./sources";

type IdpKind = IdentityProviderSpec["kind"];

/** What was asked for on the command line. */
export interface AdoptionChoice {
  /** Key of the platform in the stack file; left out: the release's name. */
  readonly platform?: string;
  /** `namespace/name`, where the cluster has several that could be meant. */
  readonly release?: string;
  /** Left out: by the issuer's address. */
  readonly idp?: IdpKind;
}

/** An installation as a stack, and what must be known of it. */
export interface Adoption {
  readonly platform: string;
  readonly kind: PlatformSpec["kind"];
  readonly release: FoundRelease;
  readonly found: FoundPlatform;
  readonly client: FoundClient;
  /** `gatehouse:idp`, `gatehouse:groups` and `gatehouse:platforms`. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly access: AdoptedAccess;
  /** Groups of the stack by key. */
  readonly groups: Readonly<Record<string, FoundGroup>>;
  /** Why it cannot be taken over with access unchanged; empty when it can. */
  readonly problems: readonly Problem[];
  /** The environment as a stack would accept it; undefined where there are problems. */
  readonly accepted?: ParsedEnvironment;
}

/** Reads an installation. Nothing is changed, and nothing is written. */
export async function readAdoption(choice: AdoptionChoice, sources: Sources, today: string): Promise<Adoption> {
  const { release, kind, adoption } = chooseRelease(await sources.releases(), choice.release);
  const platform = choice.platform ?? release.name;
  const found = await adoption.read(release, sources.secrets(release.namespace));
  if (found.issuer === "" || found.clientId === "" || !URL.canParse(found.issuer)) {
    throw refusal(found.problems);
  }
  const { idp, reader } = identityProviderOfIssuer(found.issuer, choice.idp);
  const ask = (question: Parameters<Sources["ask"]>[2]): Promise<unknown> => sources.ask(reader, found.issuer, question);
  const { clientId, groupsClaim, issuer } = found;
  const client = await reader.client(ask, { platform, clientId, groupsClaim, issuer });
  const idpSettings = {
    kind: idp,
    ...reader.settings(issuer),
    ...client.settings,
    secret: { adopted: { [platform]: `clients:${platform}` } },
  };
  const { spec, problems: unreadable } = probe(kind, found, { platform, idp: idpSettings, today });
  if (spec === undefined) {
    const nothing = { held: [], grants: [], left: [] };
    return {
      ...{ platform, kind, release, found, client },
      raw: {},
      access: nothing,
      groups: {},
      problems: [...found.problems, ...unreadable],
    };
  }
  const find: FindGroups = (value) => reader.groups(ask, value);
  const access = await accessOf(spec, found, await sources.bindings(), find);
  const groups = await groupsOf(access.grants, found.prefixes.group, find);
  const keys = keysOf(groups.found);
  const raw = {
    idp: idpSettings,
    groups: Object.fromEntries([...keys].map(([subject, key]) => [key, { existing: groups.found.get(subject)?.existing }])),
    platforms: { [platform]: { kind, ...found.settings, access: grantsOf(access.grants, keys) } },
  };
  const judged = access.grants.length === 0 ? { problems: [noGrants(access)] } : judgeEnvironment(raw, today);
  const problems = [
    ...[...found.problems, ...client.problems, ...groups.problems],
    ...(client.problems.length > 0 ? [] : signInProblems(client, groups.found, access)),
    ...leftProblems(access, found, groups.found),
    ...(found.problems.length > 0 ? [] : judged.problems),
  ];
  return {
    ...{ platform, kind, release, found, client, raw, access, problems },
    groups: Object.fromEntries([...groups.found].map(([subject, group]) => [keys.get(subject) ?? "", group])),
    accepted: problems.length === 0 && "accepted" in judged ? judged.accepted : undefined,
  };
}

function refusal(problems: readonly Problem[]): UsageError {
  const [first] = problems;
  return new UsageError(
    "not_registered",
    `Expected a release that signs people in by OpenID Connect, got none${first === undefined ? "" : `: ${formatProblem(first)}`}`,
  );
}

/** The kinds whose installations can be read. */
const adoptable = Object.values(platforms).flatMap(({ kind, adoption }): { kind: PlatformSpec["kind"]; adoption: PlatformAdoption }[] =>
  adoption === undefined ? [] : [{ kind, adoption }],
);

function chooseRelease(
  releases: readonly FoundRelease[],
  wanted: string | undefined,
): { readonly release: FoundRelease; readonly kind: PlatformSpec["kind"]; readonly adoption: PlatformAdoption } {
  const known = releases.flatMap((release) =>
    adoptable.filter(({ adoption }) => adoption.chart === release.chart.name).map((row) => ({ release, ...row })),
  );
  const meant = wanted === undefined ? known : known.filter(({ release }) => `${release.namespace}/${release.name}` === wanted);
  const [only] = meant;
  if (only === undefined || meant.length > 1) {
    const charts = adoptable.map(({ adoption }) => adoption.chart).join(", ");
    const names = (meant.length > 1 ? meant : known).map(({ release }) => `${release.namespace}/${release.name}`);
    throw new UsageError(
      "not_registered",
      `Expected one Helm release of a chart that can be taken over (${charts})${wanted === undefined ? "" : ` called ${wanted}`}, got ${
        names.length === 0 ? "none" : names.join(", ")
      }.\nFix: name it with --release <namespace>/<name>.`,
    );
  }
  return only;
}

function identityProviderOfIssuer(
  issuer: string,
  wanted: IdpKind | undefined,
): { readonly idp: IdpKind; readonly reader: IdentityProviderAdoption } {
  const readers = Object.values(identityProviders).flatMap(({ kind, adoption }): { idp: IdpKind; reader: IdentityProviderAdoption }[] =>
    adoption === undefined ? [] : [{ idp: kind, reader: adoption }],
  );
  const found = readers.find(({ idp, reader }) => (wanted === undefined ? reader.isIssuer(issuer) : idp === wanted));
  if (found === undefined) {
    throw new UsageError(
      "flags",
      `Expected an issuer of ${readers.map(({ idp }) => idp).join(" or ")}, got ${issuer}${wanted === undefined ? "" : ` and --idp ${wanted}`}.\nFix: name its vendor with --idp, where its address is one of the organisation's own.`,
    );
  }
  return found;
}

/** The platform with some grant, which is what its definition's questions need; what is wrong with its settings where it has none. */
function probe(
  kind: PlatformSpec["kind"],
  { settings }: FoundPlatform,
  { platform, idp, today }: { readonly platform: string; readonly idp: unknown; readonly today: string },
): { readonly spec?: PlatformSpec; readonly problems: readonly Problem[] } {
  const roles: [string, { readonly scope: string }][] = Object.entries(platforms[kind].roles);
  const role = roles.find(([, { scope }]) => scope === "cluster")?.[0];
  const described = { kind, ...settings, access: [{ group: "probe", role }] };
  const parsed = platforms[kind].schema.safeParse(described);
  return parsed.success
    ? { spec: parsed.data, problems: [] }
    : {
        problems: judgeEnvironment({ idp, groups: { probe: { existing: "probe" } }, platforms: { [platform]: described } }, today).problems,
      };
}

type FindGroups = (claimValue: string) => Promise<readonly FoundGroup[]>;

/** Bindings of people whom the platform's tokens name: by the prefix, or, where there is none, by the platform's own roles. */
async function accessOf(
  spec: PlatformSpec,
  { prefixes, settings }: FoundPlatform,
  bindings: readonly PresentBinding[],
  find: FindGroups,
): Promise<AdoptedAccess> {
  const roles = new Set(roleNames(spec));
  const known = new Set<string>();
  if (prefixes.group === "") {
    for (const { name } of bindings.filter(({ roleRef }) => roles.has(roleRef.name)).flatMap(({ subjects }) => subjects)) {
      if (!/^(system|k10):/.test(name) && (await find(name)).length > 0) {
        known.add(name);
      }
    }
  }
  const byAddress = prefixes.user === "" && settings["usernameClaim"] === "email";
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

async function groupsOf(
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
function keysOf(groups: ReadonlyMap<string, FoundGroup>): Map<string, string> {
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

function grantsOf(grants: readonly AdoptedGrant[], keys: ReadonlyMap<string, string>): Record<string, unknown>[] {
  return grants.flatMap(({ subject, role, namespaces }) => {
    const group = keys.get(subject);
    return group === undefined ? [] : [{ group, role, ...(namespaces === undefined ? {} : { namespaces }) }];
  });
}
