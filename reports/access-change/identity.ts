import { contentHash, compareText, reviewCycles, type DocumentGrant, type DocumentPlatform, type EnvironmentDocument } from "../../model";
import { platformNames, type Decider } from "./facts";
import type { SignInChange } from "./sign-in";
import { unknownUntilUp, type FactChange } from "./types";

type Document = EnvironmentDocument;

/**
 * Changes by which the same grants reach other people, or give something else, although no line of access says so: another provider, client
 * or authority behind it, a group that is another one at the provider, a binding that names another role or subject.
 */
export function identityChanges(before: Document | undefined, after: Document): FactChange[] {
  if (before === undefined) {
    return [];
  }
  return [
    ...changes(null, providerFacts(before), providerFacts(after)),
    ...platformNames(before, after).flatMap((name) => {
      const [old, now] = [before.platforms[name], after.platforms[name]];
      return old === undefined || now === undefined ? [] : changes(name, platformFacts(old), platformFacts(now));
    }),
    ...Object.keys(after.groups).flatMap((key) => {
      const [old, now] = [before.groups[key], after.groups[key]];
      return old === undefined || now === undefined ? [] : changes(null, groupFacts(key, old), groupFacts(key, now));
    }),
    ...grantChanges(before, after),
  ];
}

type Facts = Readonly<Record<string, string | undefined>>;

function providerFacts({ identityProvider: { kind, issuer, claimValue, groupLimit } }: Document): Facts {
  return {
    "identity provider": kind,
    "issuer of the environment": issuer,
    "groups in tokens by": claimValue,
    "most groups in a token": groupLimit === undefined ? undefined : String(groupLimit),
  };
}

function platformFacts({ kind, clientId, url, tokenRules, issuerCertificateAuthority: pem, installed, ...rest }: DocumentPlatform): Facts {
  return {
    "kind of platform": kind,
    client: clientId,
    address: url,
    "token rules": tokenRules,
    "authority behind the issuer": pem === undefined ? "public" : `private ${contentHash({ pem })}`,
    "installed by": installed === true ? "its owner" : "the stack",
    "gatehouse login authenticates by": rest.diagnosticRedirect?.clientAuthentication,
  };
}

function groupFacts(key: string, { id, origin, members }: Document["groups"][string]): Facts {
  return {
    [`object of group '${key}'`]: id,
    [`group '${key}'`]: origin,
    [`members of group '${key}'`]: members === undefined ? "managed elsewhere" : "listed in the stack",
  };
}

/** What is absent in one of them was not written down by an earlier version, and is no change. */
function changes(platform: string | null, before: Facts, after: Facts): FactChange[] {
  return Object.entries(after).flatMap(([what, now]) => {
    const old = before[what];
    return old === undefined || now === undefined || old === now || [old, now].some((text) => text.includes(unknownUntilUp))
      ? []
      : [{ platform, what, before: old, after: now }];
  });
}

/** Grants that stay and bind otherwise. Where the prefix or a group's value moves every subject, that is told once, as itself. */
function grantChanges(before: Document, after: Document): FactChange[] {
  const old = new Map(before.access.map((grant) => [grantKey(grant), grant]));
  return after.access.flatMap((grant) => {
    const was = old.get(grantKey(grant));
    if (was === undefined) {
      return [];
    }
    const holder = grant.person?.login ?? `group '${after.groups[grant.group]?.displayName ?? grant.group}'`;
    const about = `${grant.role} of ${holder}`;
    const facts = (one: DocumentGrant): Facts => ({
      [`${about} is bound by`]: bindingsText(one),
      [`${about} leads to`]: (one.reach ?? []).join(" ") || "nothing further",
    });
    const named = subjectToldElsewhere(grant, before, after)
      ? []
      : changes(grant.platform, subjectFacts(about, was), subjectFacts(about, grant));
    return [...named, ...changes(grant.platform, facts(was), facts(grant))];
  });
}

function subjectFacts(about: string, { subject, person }: DocumentGrant): Facts {
  return { [`${about} names`]: `${subject.kind} ${subject.name}`, [`${about} is`]: person?.claimValue };
}

function grantKey({ platform, group, role, namespaces, workspaces, person }: DocumentGrant): string {
  return JSON.stringify([platform, group, role, namespaces ?? [], workspaces ?? [], person?.login ?? null]);
}

function bindingsText({ bindings }: DocumentGrant): string {
  return bindings
    .map(
      ({ kind, name, namespace, workspace, roleRef }) =>
        `${kind} ${[namespace ?? workspace, name].filter(Boolean).join("/")} to ${roleRef.kind} ${roleRef.name}`,
    )
    .sort(compareText)
    .join(", ");
}

function subjectToldElsewhere({ platform, group }: DocumentGrant, before: Document, after: Document): boolean {
  const of = ({ platforms, groups }: Document): string => {
    const { username, groups: claim, groupsFrom } = platforms[platform] ?? {};
    const { claimValue, displayName } = groups[group] ?? {};
    return JSON.stringify([username, claim, groupsFrom, claimValue, groupsFrom === "directory" ? displayName : undefined]);
  };
  return of(before) !== of(after);
}

/** What must hold beside a grant, and who decides whether it stays: levels and claims that a sign-in must have, reviews, reviewers. */
export function conditionChanges(before: Document | undefined, after: Document): SignInChange[] {
  if (before === undefined) {
    return [];
  }
  const acr = condition(null, "level that each sign-in must have", before.identityProvider.requiredAcr, after.identityProvider.requiredAcr);
  const ofPlatforms = platformNames(before, after).flatMap((name) => {
    const [old, now] = [before.platforms[name], after.platforms[name]];
    if (old === undefined || now === undefined) {
      return [];
    }
    const claims = [...new Set([...Object.keys(old.requiredClaims ?? {}), ...Object.keys(now.requiredClaims ?? {})])].sort(compareText);
    return [
      ...claims.flatMap((claim) =>
        condition(name, `claim ${claim} of each token`, old.requiredClaims?.[claim], now.requiredClaims?.[claim]),
      ),
      ...reviewerChange(name, "reviewers", old.reviewers, now.reviewers),
    ];
  });
  const ofGroups = Object.keys(after.groups).flatMap((key) =>
    before.groups[key] === undefined
      ? []
      : reviewerChange(null, `reviewers of group '${key}'`, before.groups[key].reviewers, after.groups[key]?.reviewers),
  );
  return [...acr, ...ofPlatforms, ...ofGroups, ...reviewChanges(before, after)];
}

/** A condition that goes, or is another, may be weaker. */
function condition(platform: string | null, what: string, before: string | undefined, after: string | undefined): SignInChange[] {
  return before === after ? [] : [{ platform, what, before: before ?? null, after: after ?? null, weakens: before !== undefined }];
}

/** No list: anybody may decide. */
function reviewerChange(platform: string | null, what: string, before?: readonly string[], after?: readonly string[]): SignInChange[] {
  const [was, is] = [before?.join(", ") ?? "anybody", after?.join(", ") ?? "anybody"];
  const weakens = before !== undefined && (after === undefined || after.some((name) => !before.includes(name)));
  return was === is ? [] : [{ platform, what, before: was, after: is, weakens }];
}

/** How often somebody decides about a grant, and what becomes of one about which nobody did. The days themselves move with each review. */
function reviewChanges(before: Document, after: Document): SignInChange[] {
  const old = new Map(before.access.map((grant) => [grantKey(grant), grant]));
  return after.access.flatMap((grant) => {
    const was = old.get(grantKey(grant));
    const [then, now] = [was?.review, grant.review];
    const text = (review: typeof then): string | null => (review === undefined ? null : `${review.every}, a missed one: ${review.missed}`);
    if (was === undefined || text(then) === text(now)) {
      return [];
    }
    const longer = then !== undefined && (now === undefined || reviewCycles[now.every] > reviewCycles[then.every]);
    const milder = then?.missed === "end" && now?.missed !== "end";
    const holder = grant.person?.login ?? after.groups[grant.group]?.displayName ?? grant.group;
    return [
      {
        platform: grant.platform,
        what: `review of ${grant.role} of '${holder}'`,
        before: text(then),
        after: text(now),
        weakens: longer || milder,
      },
    ];
  });
}

/** Facts by which grants reach others; the rest is told and decides nothing by itself. */
const deciding =
  /^(?:identity provider|issuer of the environment|groups in tokens by|kind of platform|client|authority behind the issuer|object of group .*|group '.*'|members of group .*|.* of (?:group '.*'|\S+) (?:names|is|is bound by|leads to))$/;

/** Each as one that decides about administration where somebody administers. */
export function identityDeciders(
  identity: readonly FactChange[],
  conditions: readonly SignInChange[],
  administered: (platform: string | null) => boolean,
): Decider[] {
  const text = ({ what, before, after }: FactChange): string => `${what}: ${before ?? "none"} -> ${after ?? "none"}.`;
  const where = (platform: string | null): string => (platform === null ? "" : ` on '${platform}'`);
  return [
    ...identity
      .filter(({ what }) => deciding.test(what))
      .map((change) => ({
        change,
        text: `Whom grants${where(change.platform)} reach, or what they give, is decided otherwise: ${text(change)}`,
      })),
    ...conditions
      .filter(({ weakens }) => weakens)
      .map((change) => ({ change, text: `What must hold beside the grants${where(change.platform)} is weakened: ${text(change)}` })),
  ].map(({ change: { platform }, text: told }) => ({ platform: platform ?? "", administers: administered(platform), text: told }));
}
