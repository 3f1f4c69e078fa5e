import type { DocumentGrant, EnvironmentDocument } from "../model";

export interface ReportOptions {
  /** The day in UTC, `YYYY-MM-DD`, by which grants and secrets have ended. Without it the report names dates only. */
  readonly today?: string;
  /** Moment of its making (RFC 3339 in UTC), who ran it and with which version, for the page's head. */
  readonly made?: { readonly moment: string; readonly by: string; readonly tool: string };
}

/** One line of the access matrix. */
export interface MatrixRow {
  readonly platform: string;
  readonly platformTitle: string;
  /** Display name of the group; `user:` and the sign-in name for a grant to one person. */
  readonly group: string;
  /** The same for people to read: a person is called one. */
  readonly holder: string;
  /** What a token carries for it. */
  readonly claimValue: string;
  /** Sign-in names; null where the stack does not own the membership. */
  readonly members: readonly string[] | null;
  readonly role: string;
  readonly permits: string;
  /** What the role's rules lead to beyond that, in sentences; empty where nothing is known to follow. */
  readonly reach: readonly string[];
  /** `everywhere`, or the namespaces or workspaces. */
  readonly where: string;
  /** Last day, or null. */
  readonly until: string | null;
  /** True when the last day has passed: the binding is there until the next up. */
  readonly ended: boolean;
  /** What RBAC names. */
  readonly subject: string;
  /** The RBAC objects, `RoleBinding shop/gatehouse-k10-k10-basic -> ClusterRole k10-basic`. */
  readonly bindings: readonly string[];
}

/** The access matrix in the document's order. */
export function matrixRows(document: EnvironmentDocument, { today }: ReportOptions = {}): MatrixRow[] {
  return [...grantRows(document, today), ...accountRows(document, today)];
}

/** Programs, whom no group holds: the service account stands in the group's place. */
function accountRows({ serviceAccounts = [], platforms }: EnvironmentDocument, today: string | undefined): MatrixRow[] {
  return serviceAccounts.map(({ platform, account, role, permits, namespaces, owner, until, roles }) => ({
    platform,
    platformTitle: platforms[platform]?.title ?? platform,
    group: `${account.namespace}/${account.name}`,
    holder: `${account.namespace}/${account.name} (a service account; ${owner} answers for it)`,
    claimValue: "",
    members: null,
    role,
    permits,
    reach: [],
    where: namespaces?.join(", ") ?? "everywhere",
    until,
    ended: today !== undefined && until !== null && until < today,
    subject: `system:serviceaccount:${account.namespace}:${account.name}`,
    bindings: roles.map(
      ({ kind, namespace, roleRef }) =>
        `${kind}${namespace === undefined ? "" : ` in ${namespace}`}, not the stack's -> ${roleRef.kind} ${roleRef.name}`,
    ),
  }));
}

function grantRows(document: EnvironmentDocument, today: string | undefined): MatrixRow[] {
  return document.access.map((grant) => {
    const group = document.groups[grant.group];
    return {
      platform: grant.platform,
      platformTitle: document.platforms[grant.platform]?.title ?? grant.platform,
      group: group?.displayName ?? grant.group,
      // Of a member of a group, whom a platform knows by name alone, it is still the group that holds the grant.
      holder: group?.displayName ?? (grant.person === undefined ? grant.group : `${grant.person.login} (a person)`),
      claimValue: group?.claimValue ?? grant.person?.claimValue ?? "",
      members: grant.person === undefined ? (group?.members ?? null) : [grant.person.login],
      role: grant.role,
      permits: grant.permits,
      reach: grant.reach ?? [],
      where: (grant.namespaces ?? grant.workspaces?.map((workspace) => `workspace ${workspace}`))?.join(", ") ?? "everywhere",
      until: grant.until,
      ended: today !== undefined && grant.until !== null && grant.until < today,
      subject: grant.subject.name,
      bindings: grant.bindings.map(bindingText),
    };
  });
}

function bindingText({ kind, name, namespace, workspace, roleRef }: DocumentGrant["bindings"][number]): string {
  const place = namespace ?? workspace;
  return `${kind} ${place === undefined ? "" : `${place}/`}${name} -> ${roleRef.kind} ${roleRef.name}`;
}

/** Who the row is about, in words. */
export function membersText(members: MatrixRow["members"]): string {
  return members === null ? "managed elsewhere" : members.length === 0 ? "nobody" : members.join(", ");
}

/** The role in prose, with what is within its reach; how, and what would close it, stands among the risks. */
function permitsText({ permits, reach }: Pick<MatrixRow, "permits" | "reach">): string {
  return [permits, ...reach.map((sentence) => (sentence.split(/:|\.$/)[0] ?? sentence).replace(/^./, (first) => first.toLowerCase()))].join(
    "; ",
  );
}

/** The end of a grant in words. */
export function untilText({ until, ended }: Pick<MatrixRow, "until" | "ended">): string {
  return until === null ? "no end" : ended ? `ended ${until}; bound until the next up` : until;
}

/** One platform, as an auditor asks about it. */
export interface PlatformFacts {
  readonly name: string;
  readonly title: string;
  /** Label and value, in a fixed order. */
  readonly facts: readonly (readonly [string, string])[];
}

export function platformFacts(document: EnvironmentDocument, { today }: ReportOptions = {}): PlatformFacts[] {
  return Object.entries(document.platforms).map(([name, platform]) => ({
    name,
    title: platform.title,
    facts: [
      ["Address", platform.url],
      ["Issuer", platform.issuer],
      ...authorityFacts(document, today),
      ["Client id", platform.clientId],
      ["Redirect URIs", platform.redirectUris.join(" ")],
      ["Sign-out redirect URIs", platform.postLogoutRedirectUris.join(" ") || "none"],
      ["Grant types", platform.grantTypes.join(" ")],
      ["Scopes", platform.scopes.join(" ")],
      // A lone dash says that nothing is put before the claim (kubernetes.io, --oidc-username-prefix).
      ["Username", `${platform.username.prefix === "-" ? "" : platform.username.prefix}<${platform.username.claim}>`],
      [
        "Groups",
        platform.groups.claim === "" ? "not read: people are bound by name" : `${platform.groups.prefix}<${platform.groups.claim}>`,
      ],
      ["Groups in a token", platform.groupBound],
      [
        "Release",
        platform.release === undefined ? "none" : `${releaseText(platform.release)}${platform.installed === true ? " (its owner's)" : ""}`,
      ],
      ["Client secret", platform.secret === undefined ? "none" : secretText(platform.secret, today)],
    ],
  }));
}

/** Nothing is said of public authorities, which are nobody's to renew here. */
function authorityFacts({ identityProvider }: EnvironmentDocument, today: string | undefined): [string, string][] {
  const { certificateAuthorityEnds: end } = identityProvider;
  return end === undefined
    ? []
    : [["Issuer's authority", `private, ${today !== undefined && end.slice(0, 10) < today ? "ENDED" : "ends"} ${end}`]];
}

type Platform = EnvironmentDocument["platforms"][string];

function releaseText({ chart, version, namespace, release }: NonNullable<Platform["release"]>): string {
  return `${namespace}/${release}, chart ${chart} ${version}`;
}

function secretText({ namespace, name, expiresAt, rotatesAt }: NonNullable<Platform["secret"]>, today: string | undefined): string {
  const over = today !== undefined && expiresAt !== null && expiresAt.slice(0, 10) < today;
  const end = expiresAt === null ? "no end set by the identity provider" : `${over ? "EXPIRED" : "expires"} ${expiresAt}`;
  return `${namespace}/${name}, ${end}, ${rotatesAt === null ? "rotated by hand" : `rotates from ${rotatesAt}`}`;
}

/** Column titles of the matrix and how to fill them, shared by the tables. */
export const matrixColumns: readonly (readonly [string, (row: MatrixRow) => string])[] = [
  ["Platform", (row) => row.platform],
  ["Group", (row) => row.holder],
  ["Members", (row) => membersText(row.members)],
  ["Role", (row) => row.role],
  ["Permits", permitsText],
  ["Where", (row) => row.where],
  ["Until", (row) => untilText(row)],
  ["Subject", (row) => row.subject],
];
