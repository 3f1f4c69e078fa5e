import { createHash } from "node:crypto";

/** A person as the organisation's directory has them. */
export interface Member {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  /** By name. */
  readonly groups: readonly string[];
}

/** What one make of issuer does in its own way. Each is an issuer of its own on the lab's one server, with the same people and clients. */
export interface Manner {
  /** Path of the issuer below the server's address; a slash at its end is part of the name. */
  readonly path: string;
  readonly scopes: readonly string[];
  /** Whether a scope beside those fails the sign-in; otherwise it is passed over. */
  readonly refusesUnknownScopes?: true;
  readonly subject: (person: Member, clientId: string) => string;
  readonly pairwise?: true;
  /** What ID tokens and userinfo carry of groups; nothing where the scope does not ask for it. */
  readonly groups: (person: Member, scopes: readonly string[]) => Readonly<Record<string, unknown>>;
}

const hashed = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A group's id, which no renaming changes. */
export function groupId(name: string): string {
  return hashed(`group ${name}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

const scopes = ["openid", "profile", "email", "offline_access"];
const byName = (person: Member): string => hashed(`person ${person.login}`).slice(0, 24);
/** Of an issuer that leaves the claim out for a person in no group. */
const listed = (claim: string, values: readonly unknown[]): Readonly<Record<string, unknown>> =>
  values.length === 0 ? {} : { [claim]: values };

/** The makes of issuer, by name; the sources are those of the presets (docs/presets.md) and the issues that are named. */
export const manners = {
  /** authentik: the issuer ends with a slash, groups come with the scope profile, and `sub` is a hash of the user's id. */
  authentik: {
    path: "/application/o/k10/",
    scopes,
    subject: ({ login }) => hashed(`authentik ${login}`),
    groups: (person, asked) => (asked.includes("profile") ? { groups: person.groups } : {}),
  },
  /** JumpCloud: `memberOf`, and one group alone comes as a text (goharbor/harbor#22289). */
  memberOf: {
    path: "/member-of",
    scopes,
    subject: byName,
    groups: ({ groups }) => (groups.length === 1 ? { memberOf: groups[0] } : listed("memberOf", groups)),
  },
  /** An issuer whose tokens carry ids in place of names, under a URL as the claim's name (Auth0 wants one). */
  ids: {
    path: "/ids",
    scopes,
    subject: byName,
    groups: ({ groups }) => listed("https://example.com/groups", groups.map(groupId)),
  },
  /** An issuer without a limit, and people in 150 groups beside their own. */
  many: {
    path: "/many",
    scopes,
    subject: byName,
    groups: ({ groups }) => ({ groups: [...Array.from({ length: 150 }, (_, number) => `team-${number}`), ...groups] }),
  },
  /** Dex: nothing of groups without the scope `groups`. `sub` differs from client to client here, as OpenID Connect Core 8.1 has it. */
  pairwise: {
    path: "/pairwise",
    scopes: [...scopes, "groups"],
    pairwise: true,
    subject: ({ login }, clientId) => hashed(`${clientId} ${login}`).slice(0, 43),
    groups: ({ groups }, asked) => (asked.includes("groups") ? listed("groups", groups) : {}),
  },
  /** Google: no groups, no such scope and none for refresh: each fails the sign-in (argoproj/argo-cd#1195, int128/kubelogin#405). */
  none: {
    path: "/none",
    scopes: ["openid", "profile", "email"],
    refusesUnknownScopes: true,
    subject: ({ login }) => BigInt(`0x${hashed(login).slice(0, 16)}`).toString(),
    groups: () => ({}),
  },
} as const satisfies Readonly<Record<string, Manner>>;

export type MannerName = keyof typeof manners;
