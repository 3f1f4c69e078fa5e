import type { EnvironmentDocument } from "../../model";
import { escape } from "./markup";

/** Pixels of the picture. */
const row = 26;
const width = 860;
const column = 300;

interface Node {
  readonly label: string;
  readonly y: number;
}

/** How wide a character is at most, in the fonts that systems bring, as a part of the letters' size. */
const wideAs = (character: string): number =>
  /[WMw@mÆŒ%—…]/.test(character)
    ? 1
    : /[A-Z0-9]/.test(character)
      ? 0.75
      : /[iljtfrI .,:;'|!()[\]/-]/.test(character)
        ? 0.42
        : character < "\u0250"
          ? 0.64
          : 1.1;
const lettersSize = 13;
/** What a box has for its name; the table has the whole of a longer one. */
const room = column - 16;

function shortened(text: string): string {
  const characters = [...text];
  const fits = (count: number): boolean =>
    characters.slice(0, count).reduce((sum, character) => sum + wideAs(character) * lettersSize, 0) <= room;
  if (fits(characters.length)) {
    return text;
  }
  const kept = characters.findLastIndex((_character, position) => fits(position + 2)) + 1;
  return `${characters.slice(0, kept).join("")}…`;
}

/** Nodes one below the other, in the middle of the taller column. */
function stack(labels: readonly string[], most: number): Map<string, Node> {
  const top = ((most - labels.length) * row) / 2;
  return new Map(labels.map((label, position) => [label, { label, y: top + position * row + row / 2 }]));
}

/**
 * Who reaches what, as lines from groups and people to roles. The rows grow with the groups, so that a hundred can be read; the table
 * below says the same in words.
 * @param administers whether a role of a platform administers it, to draw its lines apart
 */
export function accessPicture(document: EnvironmentDocument, administers: (platform: string, role: string) => boolean): string {
  const holderOf = (grant: EnvironmentDocument["access"][number]) =>
    grant.person?.login ?? document.groups[grant.group]?.displayName ?? grant.group;
  const roleOf = (grant: EnvironmentDocument["access"][number]) => `${grant.platform}: ${grant.role}`;
  const holders = [...new Set(document.access.map(holderOf))];
  const roles = [...new Set(document.access.map(roleOf))];
  const most = Math.max(holders.length, roles.length);
  const [left, right] = [stack(holders, most), stack(roles, most)];
  const edges = [...new Map(document.access.map((grant) => [`${holderOf(grant)}\n${roleOf(grant)}`, grant])).values()];
  const lines = edges.map((grant) => {
    const [from, to] = [left.get(holderOf(grant))?.y ?? 0, right.get(roleOf(grant))?.y ?? 0];
    const [start, end, middle] = [column, width - column, width / 2];
    const kind = administers(grant.platform, grant.role) ? ' class="admin"' : "";
    return `<path${kind} d="M${start} ${from} C${middle} ${from} ${middle} ${to} ${end} ${to}"/>`;
  });
  const boxes = (nodes: ReadonlyMap<string, Node>, x: number) =>
    [...nodes.values()].map(
      ({ label, y }) =>
        `<rect x="${x}" y="${y - row / 2 + 2}" width="${column}" height="${row - 4}" rx="4"/><text x="${x + 8}" y="${y + 4.5}"><title>${escape(label)}</title>${escape(shortened(label))}</text>`,
    );
  return `<div class="scroll" role="region" aria-label="Lines from groups to roles" tabindex="0"><svg role="img" aria-labelledby="drawing-title drawing-text" viewBox="0 0 ${width} ${most * row}" width="${width}" height="${most * row}">
<title id="drawing-title">Who reaches what</title>
<desc id="drawing-text">Lines from ${holders.length} groups or people to ${roles.length} roles of platforms. Thick lines administer. The tables by platform and by person say the same.</desc>
${[...lines, ...boxes(left, 0), ...boxes(right, width - column)].join("\n")}
</svg></div>`;
}
