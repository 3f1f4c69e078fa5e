import { createHash } from "node:crypto";
import type { EnvironmentDocument } from "../document/schema";
import { grantKey } from "../evidence/read";
import type { Evidence } from "../evidence/schema";
import { compareText, stableJson } from "../text/stable-order";
import { reviewVersion, type Review, type ReviewMembers, type ReviewRow } from "./schema";

/** What is known beside the declaration: who is in the groups, and when a grant was last used. */
export type ReviewSupplement = Pick<Evidence, "grants">;

/** A review with nothing decided yet: every grant of the matrix, and every group whose members the stack lists. */
export function openReview(document: EnvironmentDocument, today: string, supplement?: ReviewSupplement): Review {
  const grants = reviewRows(document, supplement);
  const members = reviewMembers(document);
  return { version: reviewVersion, stack: document.stack, opened: today, of: reviewDigest(document), grants, members };
}

/**
 * Digest of what is decided about. What does not concern who holds what, such as a client secret or the words for a role, may change
 * while a review is open.
 */
export function reviewDigest(document: EnvironmentDocument): string {
  const facts = { stack: document.stack, grants: reviewRows(document).map(factsOf), members: reviewMembers(document) };
  return `sha256:${createHash("sha256").update(stableJson(facts)).digest("hex")}`;
}

/** What of a row must be as the document has it. */
export const rowFacts = ["platform", "group", "groupName", "role", "where", "until", "people", "reviewers"] as const;

function factsOf(row: ReviewRow): Pick<ReviewRow, (typeof rowFacts)[number] | "grant"> {
  const { grant, platform, group, groupName, role, where, until, people, reviewers } = row;
  return { grant, platform, group, groupName, role, where, until, people, reviewers };
}

/** One row for each grant of the stack file; whom it names one by one stand in it together. */
export function reviewRows(document: EnvironmentDocument, supplement?: ReviewSupplement): ReviewRow[] {
  const rows = new Map<string, ReviewRow>();
  for (const grant of document.access) {
    const key = grantKey({ ...grant, person: undefined });
    const present = rows.get(key);
    if (present === undefined) {
      rows.set(key, rowOf(document, grant, key, supplement));
    } else if (grant.person !== undefined) {
      rows.set(key, { ...present, people: [...(present.people ?? []), grant.person.login].sort(compareText) });
    }
  }
  return [...rows.values()];
}

function rowOf(
  document: EnvironmentDocument,
  grant: EnvironmentDocument["access"][number],
  key: string,
  supplement?: ReviewSupplement,
): ReviewRow {
  const group = document.groups[grant.group];
  const found = supplement?.grants.filter((other) => grantKeyOf(other) === key) ?? [];
  const seen = found.flatMap(({ people }) => people ?? []);
  const members = group?.members ?? null;
  const lastUses = found.flatMap(({ lastUse }) => (lastUse === undefined ? [] : [lastUse ?? ""]));
  return {
    grant: key,
    platform: grant.platform,
    group: grant.group,
    groupName: group?.displayName ?? grant.group,
    role: grant.role,
    permits: grant.permits,
    where: [...(grant.namespaces ?? grant.workspaces ?? [])],
    until: grant.until,
    people:
      grant.person !== undefined
        ? [grant.person.login]
        : (members ?? (found.some(({ people }) => people !== null) ? [...new Set(seen)].sort(compareText) : null)),
    ...(lastUses.length === 0 ? {} : { lastUse: lastUses.sort(compareText).at(-1) || "none in the audit log" }),
    reviewed: grant.review?.reviewed ?? null,
    reviewers: [...(group?.reviewers ?? document.platforms[grant.platform]?.reviewers ?? [])],
    risks: [...(grant.until === null ? ["It has no last day."] : []), ...(grant.reach ?? [])],
    decision: null,
    reason: null,
    by: null,
  };
}

/** The key of an evidence's grant without the person. */
function grantKeyOf({ platform, group, role, where }: Evidence["grants"][number]): string {
  return grantKey({ platform, group, role, namespaces: where });
}

/** The groups whose members the stack lists and that hold something. */
function reviewMembers({ groups, access }: EnvironmentDocument): ReviewMembers[] {
  return Object.entries(groups).flatMap(([key, { displayName, members }]) =>
    members === undefined || !access.some(({ group }) => group === key)
      ? []
      : [{ group: key, groupName: displayName, people: [...members], remove: [] }],
  );
}
