import { guidPattern } from "../../../model/text/guid";

/** One answered request; neither bodies nor queries, which may hold secrets. `status` 0: the connection was dropped. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Anywhere in a path. */
const guids = new RegExp(guidPattern.source.slice(1, -1), "gi");

export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
  }

  all(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }

  /** Numbers by `METHOD /path status`, ids replaced by `{id}`; keys are sorted. */
  counts(): Record<string, number> {
    const counts = new Map<string, number>();
    for (const { method, path, status } of this.entries) {
      const shown = path.replace(guids, "{id}").replace(/(appRoleAssignedTo)\/[^/]+/, "$1/{id}");
      const key = `${method} ${shown} ${String(status)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}
