/** What goes wrong on purpose, for tests: a rate limit, a server error, a dropped connection, a slow answer. */
export interface Fault {
  readonly kind: "rate-limit" | "server-error" | "drop" | "delay";
  /** How many matching requests are hit. */
  readonly times: number;
  readonly method?: string;
  /** Tested against the path without the query. Default: every path. */
  readonly path?: RegExp;
  /** `rate-limit`: seconds until `X-Rate-Limit-Reset`. Default 1. `delay`: seconds to wait before the normal answer. Default 1. */
  readonly seconds?: number;
}

export class Faults {
  private readonly pending: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.pending.push({ fault, left: fault.times });
  }

  clear(): void {
    this.pending.length = 0;
  }

  /** The fault for this request, if one is due; counts it. */
  take(method: string, path: string): Fault | undefined {
    const due = this.pending.find(
      ({ fault, left }) => left > 0 && (fault.method ?? method) === method && (fault.path === undefined || fault.path.test(path)),
    );
    if (due === undefined) {
      return undefined;
    }
    due.left -= 1;
    return due.fault;
  }
}
