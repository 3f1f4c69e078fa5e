/** What happens instead of the answer. `drop`: the connection is closed without one; 404: as a replica answers that has not heard of it. */
export type FaultKind =
  { readonly status: 429; readonly retryAfterSeconds: number } | { readonly status: 404 | 500 | 502 | 503 | 504 } | { readonly drop: true };

export interface Fault {
  /** All methods when left out. */
  readonly method?: string;
  /** Start of the path, e.g. `/v1.0/applications`; all paths when left out. */
  readonly path?: string;
  /** How many matching requests fail. */
  readonly times: number;
  readonly with: FaultKind;
}

/** Faults that wait for their requests, first come first served. */
export class Faults {
  private waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    if (!Number.isInteger(fault.times) || fault.times < 1) {
      throw new RangeError(`fault.times: expected an integer above 0, got ${String(fault.times)}`);
    }
    this.waiting.push({ fault, left: fault.times });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault for this request, used up by one. */
  take(method: string, path: string): FaultKind | undefined {
    const entry = this.waiting.find(
      ({ fault }) => (fault.method === undefined || fault.method === method) && (fault.path === undefined || path.startsWith(fault.path)),
    );
    if (entry === undefined) {
      return undefined;
    }
    entry.left -= 1;
    if (entry.left === 0) {
      this.waiting = this.waiting.filter((other) => other !== entry);
    }
    return entry.fault.with;
  }
}

const codes: Readonly<Record<number, string>> = {
  404: "Request_ResourceNotFound",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

export function faultBody(status: number): object {
  return { error: { code: codes[status] ?? "UnknownError", message: `The lab was told to answer ${String(status)} here.` } };
}
