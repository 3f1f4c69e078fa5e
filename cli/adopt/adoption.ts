/** Puts together what cluster and identity provider say, and judges whether a stack would leave it as it is. */
import {
  formatProblem,
  judgeEnvironment,
  platforms,
  type AdoptedAccess,
  type BindingTarget,
  type FoundClient,
  type FoundGroup,
  type FoundPlatform,
  type Installation,
  type ParsedEnvironment,
  type PlatformAdoption,
  type PlatformSpec,
  type Problem,
} from "../../model";
import { UsageError } from "../errors";
import { accessOf, grantsOf, groupsOf, keysOf, type FindGroups } from "./access";
import { chooseIdentityProvider, chooseInstallation, type IdpKind, type PlatformKind } from "./choice";
import { leftProblems, noGrants, signInProblems } from "./equality";
import type { Sources } from "./sources";

/** What was asked for on the command line. */
export interface AdoptionChoice {
  /** Key of the platform in the stack file; left out: the installation's own. */
  readonly platform?: string;
  /** What kind it is, and its place, `namespace/name`, where the cluster has several that could be meant. */
  readonly kind?: PlatformKind;
  readonly place?: string;
  /** Left out: by the issuer's address. */
  readonly idp?: IdpKind;
}

/** An installation as a stack, and what must be known of it. */
export interface Adoption {
  readonly platform: string;
  readonly kind: PlatformKind;
  readonly reader: PlatformAdoption;
  readonly installation: Installation;
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
  const { kind, adoption: platformReader, installation } = await chooseInstallation(sources.cluster, choice);
  const platform = choice.platform ?? installation.key;
  const found = await platformReader.read(installation, sources.cluster);
  if (found.issuer === "" || found.clientId === "" || !URL.canParse(found.issuer)) {
    throw refusal(found.problems);
  }
  const { idp, reader } = chooseIdentityProvider(found.issuer, choice.idp);
  const ask = await sources.provider(reader, found.issuer);
  const { clientId, groupsClaim, issuer } = found;
  const client = await reader.client(ask, { platform, clientId, groupsClaim, issuer });
  const idpSettings = {
    kind: idp,
    ...reader.settings(issuer),
    ...client.settings,
    ...(found.secret === undefined ? {} : { secret: { adopted: { [platform]: `clients:${platform}` } } }),
  };
  const { spec, problems: unreadable } = probe(kind, found, { platform, idp: idpSettings, today });
  if (spec === undefined) {
    const nothing = { held: [], grants: [], left: [] };
    return {
      ...{ platform, kind, reader: platformReader, installation, found, client },
      raw: {},
      access: nothing,
      groups: {},
      problems: [...found.problems, ...unreadable],
    };
  }
  const find: FindGroups = (value) => reader.groups(ask, value);
  const access = await accessOf(spec, found, await sources.bindings(bindingKindsOf(kind)), find);
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
    ...{ platform, kind, reader: platformReader, installation, found, client, raw, access, problems },
    groups: Object.fromEntries([...groups.found].map(([subject, group]) => [keys.get(subject) ?? "", group])),
    accepted: problems.length === 0 && "accepted" in judged ? judged.accepted : undefined,
  };
}

function bindingKindsOf(kind: PlatformKind): Set<BindingTarget["kind"]> {
  const { bindingApi } = platforms[kind];
  return new Set<BindingTarget["kind"]>(["ClusterRoleBinding", "RoleBinding", ...(bindingApi?.lists.map((list) => list.kind) ?? [])]);
}

function refusal(problems: readonly Problem[]): UsageError {
  const [first] = problems;
  return new UsageError(
    "not_registered",
    `Expected an installation that signs people in by OpenID Connect, got none${first === undefined ? "" : `: ${formatProblem(first)}`}`,
  );
}

/** The platform with some grant, which is what its definition's questions need; what is wrong with its settings where it has none. */
function probe(
  kind: PlatformKind,
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
