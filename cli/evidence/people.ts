import {
  compareText,
  GatehouseError,
  identityProviderOfKind,
  type Directory,
  type DirectoryMembers,
  type EnvironmentDocument,
  type Evidence,
  type EvidenceFinding,
  type EvidenceGroup,
} from "../../model";
import type { ClusterGet } from "../cluster";
import type { Io } from "../io";
import { providerFetch } from "../provider-fetch";
import { compareSecret, type InCluster, type SecretComparison } from "./secrets";

/** What the identity provider says. */
export interface PeopleReading {
  readonly groups: Evidence["groups"];
  readonly signIn: Evidence["signIn"];
  readonly secrets: Evidence["secrets"];
  readonly mayChange: Evidence["mayChange"];
  readonly findings: readonly EvidenceFinding[];
  readonly incomplete: readonly string[];
  readonly clock?: Evidence["clocks"][number];
  /** By platform, where Secrets were compared. */
  readonly inCluster: Readonly<Record<string, InCluster>>;
}

/** Groups read at a time. */
const atOnce = 4;

/**
 * Reads everybody in every group of the environment, and what decides about sign-in; what cannot be read is said, never left out.
 * @param secretsIn the cluster whose Secrets are compared with the identity provider's newest; undefined: they are not
 */
export async function readPeople(document: EnvironmentDocument, io: Io, secretsIn?: ClusterGet): Promise<PeopleReading> {
  const { kind, issuer } = document.identityProvider;
  const definition = identityProviderOfKind(kind)?.directory;
  if (definition === undefined) {
    return unreadable(document, `No reader is known for the people of an identity provider of kind '${kind}'.`);
  }
  let directory: Directory;
  try {
    directory = await definition.open({
      issuer,
      variable: (name) => io.env[name],
      fetch: providerFetch(document, io),
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      now: io.now,
    });
  } catch (error) {
    return unreadable(document, reasonOf(error));
  }
  const reading = { ...(await readGroups(document, directory)), ...(await readSignIn(document, directory)) };
  const compared = await compareSecrets(document, directory, secretsIn);
  const seconds = directory.clock();
  return {
    ...reading,
    findings: [...reading.findings, ...compared.flatMap(({ finding }) => finding ?? [])],
    inCluster: Object.fromEntries(compared.flatMap(({ platform, inCluster }) => (inCluster === undefined ? [] : [[platform, inCluster]]))),
    incomplete: [...reading.groupFaults, ...reading.signInFaults, ...compared.flatMap(({ fault }) => fault ?? [])],
    ...(seconds !== undefined && { clock: { server: directory.address, seconds } }),
  };
}

function unreadable(document: EnvironmentDocument, reason: string): PeopleReading {
  const groups = Object.entries(document.groups).map(([key, group]) => [key, unread(group, reason)] as const);
  return {
    groups: Object.fromEntries(groups),
    signIn: [],
    secrets: [],
    mayChange: [],
    findings: [],
    inCluster: {},
    incomplete: [`Who is in the groups, and how they sign in: ${reason}`],
  };
}

async function compareSecrets(
  document: EnvironmentDocument,
  directory: Directory,
  get: ClusterGet | undefined,
): Promise<(Partial<SecretComparison> & { readonly platform: string; readonly fault?: string })[]> {
  if (get === undefined) {
    return [];
  }
  return Promise.all(
    Object.keys(document.platforms).map(async (platform) => {
      try {
        return (await compareSecret(platform, document, directory, get)) ?? { platform };
      } catch (error) {
        return { platform, fault: `Whether '${platform}' has the newest client secret: ${reasonOf(error)}` };
      }
    }),
  );
}

type DocumentGroup = EnvironmentDocument["groups"][string];

function unread({ displayName, id, claimValue }: DocumentGroup, reason: string): EvidenceGroup {
  return { displayName, id, claimValue, people: null, unreadable: reason, listed: null, counted: null, others: [] };
}

/** A failure of ours in one line; any other is a fault and goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof GatehouseError) {
    return error.message.replace(/\s*\n\s*/g, " ");
  }
  throw error;
}

interface GroupsReading {
  readonly groups: Evidence["groups"];
  readonly findings: readonly EvidenceFinding[];
  readonly groupFaults: readonly string[];
}

async function readGroups(document: EnvironmentDocument, directory: Directory): Promise<GroupsReading> {
  const claims = [...new Set(Object.values(document.platforms).map(({ username }) => username.claim))];
  const entries = Object.entries(document.groups).sort(([left], [right]) => compareText(left, right));
  const found: { key: string; group: EvidenceGroup; findings: EvidenceFinding[] }[] = [];
  const next = entries.entries();
  const work = async (): Promise<void> => {
    for (const [position, [key, declared]] of next) {
      found[position] = { key, ...(await readGroup(declared, directory, claims)) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return {
    groups: Object.fromEntries(found.map(({ key, group }) => [key, group])),
    findings: found.flatMap(({ findings }) => findings),
    groupFaults: found.flatMap(({ group }) =>
      group.unreadable === undefined ? [] : [`Who is in '${group.displayName}': ${group.unreadable}`],
    ),
  };
}

async function readGroup(
  declared: DocumentGroup,
  directory: Directory,
  claims: readonly string[],
): Promise<{ group: EvidenceGroup; findings: EvidenceFinding[] }> {
  let members: DirectoryMembers;
  try {
    members = await directory.members(declared);
    if (members.listed !== members.counted) {
      // Somebody may have come or gone between the two.
      members = await directory.members(declared);
    }
  } catch (error) {
    return { group: unread(declared, reasonOf(error)), findings: [] };
  }
  const { displayName, id, claimValue } = declared;
  const { listed, counted, countedBy, nesting } = members;
  if (listed !== counted) {
    const reason = `expected ${counted} entries, by ${countedBy}, got a list of ${listed}, twice.`;
    return { group: { ...unread(declared, reason), listed, counted, countedBy }, findings: [] };
  }
  const people = [...members.people]
    .sort((left, right) => compareText(left.login, right.login))
    .map(({ login, id: person, active, through, claims: all }) => ({
      login,
      id: person,
      active,
      ...(through !== undefined && { through: [...through] }),
      claims: Object.fromEntries(Object.entries(all).filter(([claim]) => claims.includes(claim))),
    }));
  const others = [...members.others].sort(compareText);
  return {
    group: { displayName, id, claimValue, people, listed, counted, countedBy, others, nesting },
    findings: [...memberFindings(declared, people), ...nameFindings(declared, members.name)],
  };
}

function memberFindings({ displayName, members }: DocumentGroup, people: NonNullable<EvidenceGroup["people"]>): EvidenceFinding[] {
  if (members === undefined) {
    return [];
  }
  const declared = new Set(members.map((login) => login.toLowerCase()));
  const there = new Set(people.filter(({ through }) => through === undefined).map(({ login }) => login.toLowerCase()));
  const more = people.filter(({ login }) => !declared.has(login.toLowerCase())).map(({ login }) => login);
  const fewer = members.filter((login) => !there.has(login.toLowerCase()));
  const details = [
    ...(more.length === 0 ? [] : [`${more.join(", ")} ${more.length === 1 ? "is" : "are"} in it and not in the stack file`]),
    ...(fewer.length === 0 ? [] : [`${fewer.join(", ")} ${fewer.length === 1 ? "is" : "are"} in the stack file and not in it`]),
  ];
  const fix = "run `pulumi up --refresh`: it restores the list. If the change is wanted, write it into the stack file.";
  return details.length === 0 ? [] : [{ kind: "members", what: `group '${displayName}'`, detail: details.join("; "), fix }];
}

function nameFindings({ displayName, id }: DocumentGroup, name: string): EvidenceFinding[] {
  // A group of Keycloak is declared by its path.
  return name === displayName || displayName.split("/").at(-1) === name
    ? []
    : [
        {
          kind: "changed",
          what: `group '${displayName}'`,
          detail: `the identity provider calls ${id} '${name}'`,
          fix: "run `pulumi up --refresh`, or write the new name into the stack file.",
        },
      ];
}

interface SignInReading {
  readonly signIn: Evidence["signIn"];
  readonly secrets: Evidence["secrets"];
  readonly mayChange: Evidence["mayChange"];
  readonly signInFaults: readonly string[];
}

async function readSignIn(document: EnvironmentDocument, directory: Directory): Promise<SignInReading> {
  const platforms = Object.entries(document.platforms).sort(([left], [right]) => compareText(left, right));
  const faults: string[] = [];
  const source = directory.address;
  const read = await Promise.all(
    platforms.map(async ([platform, { clientId }]) => {
      try {
        const { facts, secrets } = await directory.signIn(clientId);
        return {
          signIn: facts.map((fact) => ({ platform, ...fact, source })),
          secrets: secrets.map((secret) => ({ platform, ...secret, source: "identity provider" as const })),
        };
      } catch (error) {
        faults.push(`How people sign in to '${platform}': ${reasonOf(error)}`);
        return { signIn: [], secrets: [] };
      }
    }),
  );
  let mayChange: Evidence["mayChange"] = [];
  try {
    const clientIds = platforms.map(([, { clientId }]) => clientId);
    const owned = await directory.mayChange(Object.values(document.groups), [...new Set(clientIds)]);
    mayChange = owned.map(({ what, who }) => ({ what, who: [...who], source }));
  } catch (error) {
    faults.push(`Who owns groups and apps: ${reasonOf(error)}`);
  }
  return {
    signIn: read.flatMap(({ signIn }) => signIn),
    secrets: read.flatMap(({ secrets }) => secrets),
    mayChange,
    signInFaults: faults.sort(compareText),
  };
}
