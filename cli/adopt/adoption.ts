/** Puts together what cluster and identity provider say, and judges whether a stack would leave it as it is. */
import {
  formatProblem,
  identityProviderFacts,
  identityProviders,
  judgeEnvironment,
  platforms,
  type AskManagement,
  type BindingTarget,
  type FoundClient,
  type FoundGroup,
  type FoundPlatform,
  type IdentityProviderAdoption,
  type ImportedResource,
  type Installation,
  type ParsedEnvironment,
  type PlatformAdoption,
  type PlatformSpec,
  type Problem,
  type WantedClient,
} from "../../model";
import { UsageError } from "../errors";
import { accessOf, grantsOf, keysOf, type FoundAccess, type Lookup } from "./access";
import { chooseIdentityProvider, chooseInstallation, type IdpKind, type PlatformKind } from "./choice";
import { adoptedPeople, nobody, type AdoptedPeople } from "./people";
import { leftProblems, noGrants, requiredClaimProblems, sharedClientProblems, signInProblems } from "./equality";
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
  readonly held: FoundAccess;
  /** The people whom the stack takes one by one; nobody where the platform reads groups. */
  readonly people: AdoptedPeople;
  /** Whether people keep the name that RBAC sees. */
  readonly keepsUserNames: boolean;
  /** Groups of the stack by key. */
  readonly groups: Readonly<Record<string, FoundGroup>>;
  /** What of the stack's resources is there already, components included, in the order that `pulumi import` needs. */
  readonly resources: readonly ImportedResource[];
  /** Why it cannot be taken over with access unchanged; empty when it can. */
  readonly problems: readonly Problem[];
  /** The environment as a stack would accept it; undefined where there are problems. */
  readonly accepted?: ParsedEnvironment;
}

/** Reads an installation. Nothing is changed, and nothing is written. */
export async function readAdoption(choice: AdoptionChoice, sources: Sources, today: string): Promise<Adoption> {
  const { kind, adoption: reader, installation } = await chooseInstallation(sources.cluster, choice);
  const platform = choice.platform ?? installation.key;
  const found = await reader.read(installation, sources.cluster);
  const { issuer, clientId } = found;
  if (issuer === "" || clientId === "" || !URL.canParse(issuer)) {
    throw refusal(found.problems);
  }
  const { idp, reader: provider } = chooseIdentityProvider(issuer, choice.idp);
  const ask = await sources.provider(provider, issuer);
  const client = await provider.client(ask, wantedClient(found, platform, today));
  const common = { platform, kind, reader, installation, found, client };
  const idpSettings = { kind: idp, ...provider.settings(issuer), ...settingsWithSecret(client, found, platform) };
  const { spec, problems: unreadable } = probe(kind, found, { platform, idp: idpSettings, today });
  if (spec === undefined) {
    return { ...common, ...nothingHeld, problems: [...(found.problems.length > 0 ? found.problems : unreadable), ...client.problems] };
  }
  const bindings = await sources.bindings(bindingKindsOf(kind));
  const held = await accessOf(spec, found, bindings, lookupOf(provider, ask, { found, client }));
  const keys = keysOf(held.groups);
  const groups = Object.fromEntries([...held.groups].map(([subject, group]) => [keys.get(subject) ?? "", group]));
  // People are granted roles by the claim that names them for good: it takes the place of another.
  const stable = held.people.size === 0 || found.usernameClaim === identityProviders[idp].capabilities.stableUsernameClaim;
  const keepsUserNames = found.keepsUserNames && stable;
  const granted = reader.ofGrants?.(held.access.grants);
  const raw = {
    idp: idpSettings,
    groups: Object.fromEntries(Object.entries(groups).map(([key, { existing }]) => [key, { existing }])),
    platforms: {
      [platform]: {
        kind,
        ...settingsOf(found, stable),
        ...granted?.settings,
        ...reader.ofPeople?.(held.people),
        access: grantsOf(held, keys),
      },
    },
  };
  const judged = held.access.grants.length === 0 ? { problems: [noGrants(held)] } : judgeEnvironment(raw, today);
  const judgedEnvironment = "accepted" in judged ? judged.accepted?.environment : undefined;
  const people = judgedEnvironment === undefined ? nobody : adoptedPeople(judgedEnvironment, platform, { held, found, bindings });
  const problems = [
    ...[...found.problems, ...client.problems, ...held.problems],
    ...(client.problems.length > 0 ? [] : signInProblems(client, held)),
    ...leftProblems(held, { found, keepsUserNames }),
    ...(judgedEnvironment === undefined ? [] : sharedClientProblems(client, judgedEnvironment, platform)),
    ...requiredClaimProblems(found, requiredClaimsOf(idp, idpSettings)),
    ...people.problems,
    ...(found.problems.length > 0 ? [] : judged.problems),
  ];
  return {
    ...{ ...common, found: { ...found, remarks: [...found.remarks, ...(granted?.remarks ?? [])] } },
    ...{ raw, held, people, keepsUserNames, groups, problems },
    resources: [
      ...(problems.length === 0 ? await client.resources({ groups, people: [...held.people.values()] }) : []),
      ...reader.resources(platform, installation, people.taken),
    ],
    accepted: problems.length === 0 && "accepted" in judged ? judged.accepted : undefined,
  };
}

const nothingHeld = {
  raw: {},
  held: { access: { held: [], grants: [], left: [] }, groups: new Map(), people: new Map(), strangers: [], byHand: [], problems: [] },
  people: nobody,
  keepsUserNames: false,
  groups: {},
  resources: [],
} satisfies Partial<Adoption>;

/** What the platform says of its client. */
function wantedClient(found: FoundPlatform, platform: string, today: string): WantedClient {
  const { clientId, groupsClaim, readsDirectory, usernameClaim, scopes, issuer, secret } = found;
  return { platform, clientId, groupsClaim, readsDirectory, usernameClaim, scopes, issuer, isPublic: secret === undefined, today };
}

/** What the client says, with the place of the secret that it has today. */
function settingsWithSecret(client: FoundClient, { secret }: FoundPlatform, platform: string): Record<string, unknown> {
  const { settings, secretEndsOn } = client;
  const config = `clients:${platform}`;
  return secret === undefined || client.handsOutSecret === true
    ? { ...settings }
    : { ...settings, secret: { adopted: { [platform]: secretEndsOn === undefined ? config : { config, endsOn: secretEndsOn } } } };
}

/** The claims that the stack will ask a token for; none while its settings are not accepted. */
function requiredClaimsOf(idp: IdpKind, settings: unknown): Readonly<Record<string, string>> {
  const parsed = identityProviders[idp].schema.safeParse(settings);
  return parsed.success ? (identityProviderFacts(parsed.data).requiredClaims ?? {}) : {};
}

function settingsOf({ settings }: FoundPlatform, keepsClaim: boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== "usernameClaim" || keepsClaim));
}

function lookupOf(
  provider: IdentityProviderAdoption,
  ask: AskManagement,
  { found, client }: { readonly found: FoundPlatform; readonly client: FoundClient },
): Lookup {
  return {
    groups: asked((value) => client.groups(value)),
    people: asked((value) => provider.people(ask, found.usernameClaim, value)),
  };
}

/** The same question once. */
function asked<Answer>(ask: (value: string) => Promise<Answer>): (value: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (value) => {
    const answer = answers.get(value) ?? ask(value);
    answers.set(value, answer);
    return answer;
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

/** The platform with some grant of its weakest role, which is what its definition's questions need; what is wrong with its settings where it has none. */
function probe(
  kind: PlatformKind,
  { settings }: FoundPlatform,
  { platform, idp, today }: { readonly platform: string; readonly idp: unknown; readonly today: string },
): { readonly spec?: PlatformSpec; readonly problems: readonly Problem[] } {
  const roles: [string, { readonly scope: string }][] = Object.entries(platforms[kind].roles);
  const role = roles.findLast(([, { scope }]) => scope === "cluster")?.[0];
  const described = { kind, ...settings, access: [{ group: "probe", role }] };
  const parsed = platforms[kind].schema.safeParse(described);
  return parsed.success
    ? { spec: parsed.data, problems: [] }
    : {
        problems: judgeEnvironment({ idp, groups: { probe: { existing: "probe" } }, platforms: { [platform]: described } }, today).problems,
      };
}
