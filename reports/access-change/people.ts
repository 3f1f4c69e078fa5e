import { compareText, type DocumentGrant, type EnvironmentDocument } from "../../model";
import type { AccessLine, EndChange, Holder } from "./types";

type Group = EnvironmentDocument["groups"][string];

/** Whether a role administers. Every platform names such roles so; test/reports holds the model's roles to it. */
export function administers(role: string): boolean {
  return /(^|-)admin$/.test(role);
}

/** Who gains, who loses, and whose access ends on another day. */
export function compareHolders(
  before: EnvironmentDocument | undefined,
  after: EnvironmentDocument,
): { gains: AccessLine[]; losses: AccessLine[]; ends: EndChange[] } {
  const old = before === undefined ? new Map<string, Reached>() : reach(before, (key) => before.groups[key]?.members);
  // People of a list that is given up stay members until somebody takes them out: they lose nothing by this update.
  const now = reach(after, (key) => after.groups[key]?.members ?? releasedMembers(before, after, key));
  // What becomes of a group says more than its name: one that is made anew holds nobody, whatever one of that name holds now.
  const groupNote = ({ made }: Reached, other: EnvironmentDocument | undefined, note: string): string | null =>
    made === undefined || other === undefined || other.groups[made]?.origin === "created" ? null : note;
  const gains = [...now]
    .filter(([key]) => !old.has(key))
    .map(([, reached]) => {
      const note = groupNote(reached, before, "a new group: nobody is in it at first");
      return withNote({ ...reached.line, note }, before, after);
    });
  const losses = [...old]
    .filter(([key]) => !now.has(key))
    .map(([, reached]) => ({ ...reached.line, note: groupNote(reached, after, "the stack deletes the group") }));
  const ends = [...now].flatMap(([key, { line }]) => {
    const earlier = old.get(key)?.line;
    return earlier === undefined || earlier.until === line.until ? [] : [endChange(earlier, line)];
  });
  return { gains: sorted(gains), losses: sorted(losses), ends: sorted(ends) };
}

/** A role that somebody holds. */
interface Reached {
  readonly line: AccessLine;
  /** Key of the group that holds it, where the stack makes that group. */
  readonly made: string | undefined;
}

/** Every role that anybody holds, by holder and place. Of two grants that give the same, the one that ends later counts. */
function reach(document: EnvironmentDocument, membersOf: (group: string) => readonly string[] | undefined): Map<string, Reached> {
  const lines = new Map<string, Reached>();
  for (const grant of document.access) {
    const group = document.groups[grant.group];
    for (const holder of holders(grant, group, membersOf(grant.group))) {
      const made = holder.kind === "group" && group?.origin === "created" ? grant.group : undefined;
      for (const place of placesOf(grant)) {
        const key = JSON.stringify([grant.platform, grant.role, place, holder.kind, identityOf(holder, made)]);
        const through = group?.displayName ?? grant.group;
        const earlier = lines.get(key)?.line;
        const line = {
          holder,
          platform: grant.platform,
          platformTitle: document.platforms[grant.platform]?.title ?? grant.platform,
          role: grant.role,
          permits: grant.permits,
          administers: administers(grant.role),
          place,
          until: earlier === undefined ? grant.until : later(earlier.until, grant.until),
          through: [...new Set([...(earlier?.through ?? []), through])].sort(compareText),
          note: null,
        };
        lines.set(key, { line, made });
      }
    }
  }
  return lines;
}

function holders(grant: DocumentGrant, group: Group | undefined, members: readonly string[] | undefined): Holder[] {
  if (grant.person !== undefined) {
    return [{ kind: "person", name: grant.person.login }];
  }
  const people = (members ?? []).map((name): Holder => ({ kind: "person", name }));
  return group?.members === undefined ? [...people, { kind: "group", name: group?.displayName ?? grant.group }] : people;
}

/**
 * Who a holder is, whatever it is called: directories compare sign-in names without regard to case; a group that the stack makes is
 * what its key names (a new key is a new group, a new display name is not); one that is there already is what its name finds.
 */
function identityOf(holder: Holder, made: string | undefined): string {
  if (made !== undefined) {
    return `created ${made}`;
  }
  return `${holder.kind === "group" ? "existing " : ""}${holder.name.toLowerCase()}`;
}

/** The members so far of a group whose list the stack gives up. */
function releasedMembers(before: EnvironmentDocument | undefined, after: EnvironmentDocument, key: string): readonly string[] | undefined {
  const old = before?.groups[key];
  return old?.origin === "created" && after.groups[key]?.origin === "created" ? old.members : undefined;
}

/** A person who is newly listed may have been in the group all along, where others managed it. */
function withNote(line: AccessLine, before: EnvironmentDocument | undefined, after: EnvironmentDocument): AccessLine {
  const wasOpen = Object.entries(after.groups).some(
    ([key, group]) =>
      line.through.includes(group.displayName) &&
      group.members !== undefined &&
      before?.groups[key] !== undefined &&
      before.groups[key].members === undefined,
  );
  return line.holder.kind === "person" && wasOpen
    ? { ...line, note: "may hold it already: others managed the group's members until now" }
    : line;
}

function placesOf(grant: DocumentGrant): string[] {
  return [...(grant.namespaces ?? grant.workspaces?.map((workspace) => `workspace ${workspace}`) ?? ["everywhere"])];
}

function later(left: string | null, right: string | null): string | null {
  return left === null || right === null ? null : left > right ? left : right;
}

function endChange(earlier: AccessLine, line: AccessLine): EndChange {
  const becomes =
    line.until === null ? "permanent" : earlier.until === null ? "temporary" : line.until > earlier.until ? "longer" : "shorter";
  return { ...line, before: earlier.until, becomes };
}

/** Administration first, then by platform, role, place and holder. */
function sorted<Line extends AccessLine>(lines: readonly Line[]): Line[] {
  const order = (line: Line): string =>
    [line.administers ? "0" : "1", line.platform, line.role, line.place, line.holder.kind === "person" ? "0" : "1", line.holder.name].join(
      "\n",
    );
  return [...lines].sort((left, right) => compareText(order(left), order(right)));
}
