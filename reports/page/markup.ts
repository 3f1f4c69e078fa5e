import { printable } from "../../model";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text as HTML shows it: nothing in it is markup, and no invisible character is left. */
export function escape(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Characters without a space that need no place to wrap: a narrow column is as wide. Thousands of rows would carry thousands of marks. */
const short = 18;

/** A long name that may wrap after its separators, and nowhere inside a word or a day. */
export function breakable(text: string): string {
  return escape(text)
    .split(/(\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?)/)
    .map((part, position) =>
      position % 2 === 1
        ? `<time>${part}</time>`
        : part.replace(/\S+/g, (word) => (word.length <= short ? word : word.replace(/([/:@.,_-]|&amp;)(?=\S)/g, "$1<wbr>"))),
    )
    .join("");
}

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

/** A cell of a table: a text, or markup. */
export type Cell = string | Markup;

const cellOf = (cell: Cell): string => (typeof cell === "string" ? breakable(cell) : cell.markup);

export interface Table {
  /** What the table holds, for people who hear it. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly marked?: "ended" | "bad" }[];
  /** What stands there instead of an empty table. */
  readonly empty: string;
}

/** A table that scrolls by itself where the page is narrow; the first cell of a row names it. */
export function table({ caption, columns, rows, empty }: Table): string {
  if (rows.length === 0) {
    return `<p class="empty">${escape(empty)}</p>`;
  }
  const head = columns.map((title) => `<th scope="col">${escape(title)}</th>`).join("");
  // HTML ends cells and rows by itself (html.spec.whatwg.org, "Optional tags"): a fifth of a page of thousands of rows.
  const body = rows.map(({ cells, marked }) => {
    const [first = "", ...rest] = cells.map(cellOf);
    const others = rest.map((cell) => `<td>${cell}`).join("");
    return `<tr${marked === undefined ? "" : ` class=${marked}`}><th scope=row>${first}${others}`;
  });
  return `<div class="scroll" role="region" aria-label="${escape(caption)}" tabindex="0"><table>
<caption>${escape(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

/** Characters from which a browser need not lay out a part that is out of sight: thousands of rows would make each turn of the wheel slow. */
const large = 100_000;

/** A part of the page under a heading. */
export function section(id: string, title: string, content: string): string {
  return `<section id="${id}"${content.length > large ? ' class="large"' : ""} aria-labelledby="${id}-title">
<h2 id="${id}-title">${escape(title)}</h2>
${content}
</section>`;
}

export function list(items: readonly string[], empty: string): string {
  return items.length === 0
    ? `<p class="empty">${escape(empty)}</p>`
    : `<ul>\n${items.map((item) => `<li>${breakable(item)}</li>`).join("\n")}\n</ul>`;
}
