import type { EnvironmentDocument } from "../../model";
import { requireAccepted, verifyToken } from "../../verifier";
import { accountUsername, groupSubjects, withImplicitGroups, type RbacIdentity } from "../../verifier/rbac";
import { text, type Parameter } from "../command";
import { UsageError } from "../errors";
import { readInput } from "../inputs";
import type { Io } from "../io";

/** Who is asked about. */
export interface WhoInput {
  readonly tokenFile?: string;
  readonly person?: string;
  readonly group?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly serviceAccount?: string;
  readonly platform?: string;
}

export const whoOptions = {
  tokenFile: text("--token-file <file>", "whom an ID token names; - for standard input"),
  person: text("--person <login>", "a person, by sign-in name: their groups are those whose members the stack lists"),
  group: text("--group <name>", "whoever is in a group of the environment, by key or display name"),
  serviceAccount: text("--service-account <namespace/name>", "a service account"),
  as: text("--as <user>", "a user name as RBAC has it"),
  asGroup: { flags: "--as-group <groups...>", summary: "groups as RBAC has them" } as Parameter<readonly string[] | undefined>,
  platform: text("--platform <name>", "at this platform (default: each of the environment)"),
} as const;

/** An identity with how it came about. */
export interface Somebody {
  readonly identity: RbacIdentity;
  /** `ana@example.com`, `Kasten Admins` */
  readonly name: string;
  /** The sign-in name, where one person is meant. */
  readonly person?: string;
  readonly platform?: string;
  /** What is not known about them. */
  readonly notes: readonly string[];
}

/** Whether the environment document is needed to know who is meant. */
export function needsDocument({ tokenFile, person, group }: WhoInput): boolean {
  return [tokenFile, person, group].some((given) => given !== undefined);
}

/**
 * Everybody that the input means: one identity, or one a platform, since each platform names groups by its own prefix.
 * @throws UsageError when nobody, several, or somebody unknown is meant
 */
export async function whoIsMeant(input: WhoInput, document: EnvironmentDocument | undefined, io: Io): Promise<Somebody[]> {
  const { tokenFile, person, group, serviceAccount } = input;
  const raw = input.as !== undefined || input.asGroup !== undefined;
  const given = [tokenFile, person, group, serviceAccount, raw || undefined].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new UsageError(
      "flags",
      `Expected one of --token-file, --person, --group, --service-account and --as (with --as-group), got ${given.length === 0 ? "none" : "several"}.`,
    );
  }
  if (raw) {
    const identity = withImplicitGroups({ username: input.as ?? "", groups: input.asGroup ?? [] });
    return [{ identity, name: input.as ?? (input.asGroup ?? []).join(", "), notes: [] }];
  }
  if (serviceAccount !== undefined) {
    const [namespace = "", name = "", more] = serviceAccount.split("/");
    if (namespace === "" || name === "" || more !== undefined) {
      throw new UsageError("flags", `Expected --service-account as namespace/name, got '${serviceAccount}'.`);
    }
    return [{ identity: withImplicitGroups({ username: accountUsername(namespace, name), groups: [] }), name: serviceAccount, notes: [] }];
  }
  if (document === undefined) {
    throw new UsageError("flags", "Expected an environment (--env or --stack).");
  }
  if (tokenFile !== undefined) {
    return [await fromToken(tokenFile, input.platform, document, io)];
  }
  const platforms = platformsOf(input.platform, document);
  return person === undefined ? fromGroup(group ?? "", platforms, document) : fromPerson(person, platforms, document);
}

function platformsOf(platform: string | undefined, document: EnvironmentDocument): string[] {
  const all = Object.keys(document.platforms);
  if (platform !== undefined && !all.includes(platform)) {
    throw new UsageError("flags", `Expected --platform to be one of ${all.join(", ")}, got '${platform}'.`);
  }
  return platform === undefined ? all : [platform];
}

async function fromToken(file: string, platform: string | undefined, document: EnvironmentDocument, io: Io): Promise<Somebody> {
  const token = (await readInput(file, "a token", io, true)).trim();
  const verdict = await verifyToken({ token, document, platform, now: io.now(), fetch: io.fetch });
  if (verdict.identity === null || verdict.outcome === "rejected") {
    // A bad token, such as one that has ended, is nobody's: it says so itself.
    requireAccepted(verdict);
    throw new UsageError(
      "unusable_input",
      "Expected a token that proves who somebody is, got one that does not. Fix: ask `gatehouse token verify` why.",
    );
  }
  const notes = verdict.outcome === "accepted" ? [] : [`The platform opens nothing to this token: ${verdict.code ?? "refused"}.`];
  return {
    identity: withImplicitGroups(verdict.identity),
    name: verdict.identity.username,
    person: verdict.identity.username,
    platform: verdict.platform ?? undefined,
    notes,
  };
}

function fromGroup(wanted: string, platforms: readonly string[], document: EnvironmentDocument): Somebody[] {
  const found = groupSubjects(document).filter(
    ({ group, displayName, platform }) => platforms.includes(platform) && (group === wanted || displayName === wanted),
  );
  if (found.length === 0) {
    const known = Object.keys(document.groups).join(", ");
    throw new UsageError("flags", `Expected --group to be a group that a platform reads (${known}), got '${wanted}'.`);
  }
  return found.map(({ subject, displayName, platform }) => ({
    identity: withImplicitGroups({ username: "", groups: [subject] }),
    name: `whoever is in ${displayName}`,
    platform,
    notes: [],
  }));
}

function fromPerson(login: string, platforms: readonly string[], document: EnvironmentDocument): Somebody[] {
  const same = (other: string): boolean => other.toLowerCase() === login.toLowerCase();
  return platforms.map((platform) => {
    const groups = groupSubjects(document).filter((group) => group.platform === platform);
    const personal = document.access.find(({ person, platform: of }) => of === platform && person !== undefined && same(person.login));
    const { claim, prefix } = document.platforms[platform]?.username ?? { claim: "", prefix: "" };
    const username =
      personal?.subject.name ?? (/^(email|preferred_username|upn)$/.test(claim) ? `${prefix === "-" ? "" : prefix}${login}` : "");
    const elsewhere = groups.filter(({ members }) => members === undefined).map(({ displayName }) => displayName);
    return {
      identity: withImplicitGroups({
        username,
        groups: groups.filter(({ members }) => members?.some(same) === true).map(({ subject }) => subject),
      }),
      name: login,
      person: login,
      platform,
      notes: [
        ...(elsewhere.length === 0 ? [] : [`Not counted, since others own the membership: ${elsewhere.join(", ")}.`]),
        ...(username === "" ? [`Not counted: bindings to the person alone; what '${claim}' carries for them is not known here.`] : []),
      ],
    };
  });
}
