/** A part of a comment: a title, and items of which the first ones may stand alone. */
export interface Section {
  readonly title: string;
  /** What stands before the items, as soon as there is one: a table's head. */
  readonly head: string;
  /** Finished Markdown, a line each. */
  readonly items: readonly string[];
  /** Folded away behind its title. */
  readonly folded?: true;
}

/** Characters of a comment at GitHub; GitLab takes a million, Azure Repos 150,000 (docs of each: comments, notes, threads). */
const longestComment = 65_536;
/** What the sentences about what was left out take at most. */
const reserve = 2_000;
/** A headline that nobody reads to its end is no headline. */
const longestHeadline = 16_000;

/**
 * A comment within what the platforms take: the summary first, then the sections in their order as far as they fit, then what was left
 * out and how to see it. A section that does not fit whole is cut between two items.
 * @param top never cut: the marker, the title, the verdict
 * @param headline the summary, a sentence each
 * @param bottom never cut: what the numbers leave out
 */
export function comment(top: readonly string[], headline: readonly string[], sections: readonly Section[], bottom: string): string {
  const summary = firstThatFit(headline, longestHeadline);
  const hidden = headline.length - summary.length;
  const parts = [...top, [...summary, ...(hidden > 0 ? [`- and ${hidden} sentences more`] : [])].join("\n")];
  let room = longestComment - reserve - bottom.length - parts.join("\n\n").length;
  const left: string[] = [];
  for (const { title, head, items, folded } of sections) {
    if (items.length === 0) {
      continue;
    }
    const [before, after] = folded === true ? [`<details><summary>${title}</summary>\n\n`, "\n\n</details>"] : [`#### ${title}\n\n`, ""];
    const frame = before.length + head.length + 1 + after.length + 2;
    const shown = firstThatFit(items, room - frame);
    if (shown.length < items.length) {
      left.push(`${title} (${items.length - shown.length} of ${items.length})`);
    }
    if (shown.length > 0) {
      const text = `${before}${head}${head === "" ? "" : "\n"}${shown.join("\n")}${after}`;
      parts.push(text);
      room -= text.length + 2;
    }
  }
  const more =
    left.length === 0
      ? []
      : [
          `**Left out, since a comment holds ${longestComment.toLocaleString("en")} characters:** ${left.join(", ")}. \`gatehouse preview\` with \`--format text\` or \`json\` says it whole.`,
        ];
  return `${[...parts, ...more, bottom].join("\n\n")}\n`;
}

function firstThatFit(items: readonly string[], room: number): string[] {
  const fitting: string[] = [];
  let length = 0;
  for (const item of items) {
    length += item.length + 1;
    if (length > room) {
      break;
    }
    fitting.push(item);
  }
  return fitting;
}
