import type { Call, Reply } from "./call";
import { invalid } from "./errors";

export interface PageRules {
  /** Used when the caller gives no `limit`. */
  readonly defaultLimit: number;
  readonly maxLimit: number;
  /** Whether the answer names itself in `Link` also when there is no further page (the recordings differ by endpoint). */
  readonly selfLink: boolean;
}

function limitOf(call: Call, rules: PageRules): number {
  const text = call.query.get("limit");
  if (text === null) {
    return rules.defaultLimit;
  }
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw invalid("limit", `limit: expected a whole number from 1 to ${String(rules.maxLimit)}, got ${text}`);
  }
  return Math.min(limit, rules.maxLimit);
}

function linkUrl(call: Call, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(changes)) {
    query.set(name, value);
  }
  const text = query.toString();
  return `<${call.base}${call.path}${text === "" ? "" : `?${text}`}>`;
}

/**
 * One page of a list, with `Link: <...>; rel="self"` and `rel="next"` (developer.okta.com/docs/reference/core-okta-api, "Pagination").
 * `after` is the id of the last object of the former page.
 */
export function paged<T extends { id: string }>(call: Call, items: readonly T[], render: (item: T) => unknown, rules: PageRules): Reply {
  const limit = limitOf(call, rules);
  const after = call.query.get("after");
  let start = 0;
  if (after !== null) {
    const index = items.findIndex((item) => item.id === after);
    if (index < 0) {
      throw invalid("after", `after: expected a cursor from a Link header, got ${after}`);
    }
    start = index + 1;
  }
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const more = last !== undefined && start + limit < items.length;
  const links: string[] = [];
  if (rules.selfLink || more) {
    links.push(`${linkUrl(call, { limit: String(limit) })}; rel="self"`);
  }
  if (more) {
    links.push(`${linkUrl(call, { limit: String(limit), after: last.id })}; rel="next"`);
  }
  return { status: 200, body: page.map(render), headers: links.length === 0 ? {} : { link: links.join(", ") } };
}
