/** One answered request; never a header, a query value or a body, since those can hold secrets. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** The route's pattern, e.g. `/api/v1/groups/:groupId`; the path itself when no route matched. */
  readonly route: string;
  /** 0: the connection was dropped on purpose. */
  readonly status: number;
}

export interface RequestCounts {
  readonly total: number;
  /** By `METHOD route`, sorted. */
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

function counted(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}

export class RequestLog {
  private readonly entries: LoggedRequest[] = [];

  /** @param listener told of every request, e.g. to write it to a file. */
  constructor(private readonly listener: (entry: LoggedRequest) => void = () => undefined) {}

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    this.listener(entry);
  }

  all(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries.length = 0;
  }

  counts(): RequestCounts {
    return {
      total: this.entries.length,
      byRoute: counted(this.entries.map(({ method, route }) => `${method} ${route}`)),
      byStatus: counted(this.entries.map(({ status }) => String(status))),
    };
  }
}
