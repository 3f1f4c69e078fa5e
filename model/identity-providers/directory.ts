import { createHash, timingSafeEqual } from "node:crypto";
import { GatehouseError, type ErrorCause } from "../text/errors";

/**
 * What an identity provider says of its own people, read through its API with read-only credentials. Each kind brings a reader with its
 * definition; here is what the readers have in common. The network and the environment are handed in.
 */
export interface DirectoryDefinition {
  /** Which credentials it reads with, in which environment variables, and which rights they need: a sentence. */
  readonly credentials: string;
  /** Environment variables that hold a secret. */
  readonly secretVariables: readonly string[];
  /** @throws UnreadableDirectoryError */
  open(source: DirectorySource): Promise<Directory>;
}

export interface DirectorySource {
  /** The issuer, as the document has it. */
  readonly issuer: string;
  readonly variable: (name: string) => string | undefined;
  readonly fetch: DirectoryFetch;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly now: () => Date;
}

export type DirectoryFetch = (
  url: string,
  init: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: string; readonly redirect?: "manual" },
) => Promise<{ readonly status: number; readonly headers: { get(name: string): string | null }; text(): Promise<string> }>;

export interface DirectoryPerson {
  readonly login: string;
  readonly id: string;
  /** Whether they can sign in. */
  readonly active: boolean;
  /** Names of the groups between, from the granted one inwards; left out for a direct member. */
  readonly through?: readonly string[];
  /** What a token of theirs carries for the claims that name a person. */
  readonly claims: Readonly<Record<string, string>>;
}

export interface DirectoryMembers {
  /** The group's present name. */
  readonly name: string;
  readonly people: readonly DirectoryPerson[];
  /** Members that are no people. */
  readonly others: readonly string[];
  /** How many different entries the listing had. */
  readonly listed: number;
  /** The same number, had in another way. */
  readonly counted: number;
  readonly countedBy: string;
  /** What nested membership means. */
  readonly nesting: string;
}

/** Something about the sign-in of one client. */
export interface DirectorySignIn {
  readonly facts: readonly { readonly what: string; readonly value: string }[];
  readonly secrets: readonly { readonly what: string; readonly endsAt: string | null }[];
}

/** The newest client secret of one client, which nobody here keeps. */
export interface NewestSecret {
  /** By what a value is compared with it: "its first three characters". */
  readonly by: string;
  matches(value: string): boolean;
}

/** Who may change something at the identity provider: what, and who. */
export interface MayChange {
  readonly what: string;
  readonly who: readonly string[];
}

export interface Directory {
  /** Where it is read, for people: the address of the API. */
  readonly address: string;
  /** @throws UnreadableDirectoryError */
  members(group: { readonly id: string }): Promise<DirectoryMembers>;
  /** @throws UnreadableDirectoryError */
  signIn(clientId: string): Promise<DirectorySignIn>;
  /**
   * @returns undefined where the client has no secret
   * @throws UnreadableDirectoryError
   */
  newestSecret(clientId: string): Promise<NewestSecret | undefined>;
  /**
   * Who may change it there: what, and who.
   * @throws UnreadableDirectoryError
   */
  mayChange(groups: readonly { readonly id: string; readonly displayName: string }[], clientIds: readonly string[]): Promise<MayChange[]>;
  /** How far the provider's clock is behind this machine's, in seconds, by its last answer; undefined where it does not tell. */
  clock(): number | undefined;
}

/** Why a directory could not be read. A closed union; docs/errors.md lists it. */
export const directoryCodes = {
  directory_credentials: "No credentials for the identity provider's API, or it does not take them.",
  directory_rights: "The credentials lack a right that is named.",
  directory_answer: "The identity provider's API gave no answer, an error, or one that this version does not read.",
} as const;
export type DirectoryCode = keyof typeof directoryCodes;

/** The identity provider could not be read; nothing is known of its people then. */
export class UnreadableDirectoryError extends GatehouseError<DirectoryCode> {
  override readonly name = "UnreadableDirectoryError";
  constructor(code: DirectoryCode, message: string, options?: ErrorCause) {
    super(code, "unavailable", message, options);
  }
}

/** Compared by their digests, so that no longer beginning in common is told by the time it takes. */
export function secretBySha256(secret: string): NewestSecret {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(secret);
  return { by: "its SHA-256", matches: (value) => timingSafeEqual(digest(value), expected) };
}

const attempts = 4;
const longestWaitMilliseconds = 60_000;

export interface Reply {
  readonly body: unknown;
  readonly header: (name: string) => string | null;
}

/** Asks a vendor's API over and over, as its patience allows, and remembers the clock that its answers show. */
export class DirectoryClient {
  private date: { readonly theirs: number; readonly ours: number } | undefined;

  constructor(
    private readonly source: DirectorySource,
    readonly address: string,
    private readonly headers: Record<string, string>,
    /** What to do about a refusal, by path. */
    private readonly rights: (path: string) => string,
    /** Whether a refusal says that the vendor does not offer this to the organisation at all: read like a 404. */
    private readonly notOffered: (body: unknown) => boolean = () => false,
  ) {}

  clock(): number | undefined {
    return this.date === undefined ? undefined : Math.round((this.date.ours - this.date.theirs) / 1000);
  }

  /** @returns the parsed body, or the text where it is no JSON; undefined for a 404, and for what the vendor does not offer here */
  async get(path: string, headers: Record<string, string> = {}): Promise<Reply | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.send(path, headers);
      if (reply === undefined || reply.status === 429 || reply.status >= 500) {
        if (attempt < attempts) {
          await this.source.pause(this.waitOf(reply?.header, attempt));
          continue;
        }
        throw new UnreadableDirectoryError(
          "directory_answer",
          `Expected an answer from ${this.address}${pathOnly(path)}, got ${reply === undefined ? "none" : `status ${reply.status}`}, ${attempts} times.\nFix: try again; nothing is partly read and called whole.`,
        );
      }
      if (reply.status === 404 || ([400, 403].includes(reply.status) && this.notOffered(parsed(reply.text)))) {
        return undefined;
      }
      if (reply.status === 401) {
        throw new UnreadableDirectoryError(
          "directory_credentials",
          `Expected ${this.address} to take the credentials, got status 401 at ${pathOnly(path)}.\nFix: ${this.rights(path)}`,
        );
      }
      if (reply.status !== 200) {
        throw new UnreadableDirectoryError(
          reply.status === 403 ? "directory_rights" : "directory_answer",
          `Expected ${pathOnly(path)} at ${this.address} to be readable, got status ${reply.status}.\nFix: ${this.rights(path)}`,
        );
      }
      return { body: parsed(reply.text), header: reply.header };
    }
  }

  private async send(path: string, headers: Record<string, string>) {
    try {
      const response = await this.source.fetch(`${this.address}${path}`, {
        headers: { accept: "application/json", ...this.headers, ...headers },
        redirect: "manual",
      });
      const theirs = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(theirs)) {
        this.date = { theirs, ours: this.source.now().getTime() };
      }
      return { status: response.status, text: await response.text(), header: (name: string) => response.headers.get(name) };
    } catch {
      return undefined;
    }
  }

  /** `Retry-After` is seconds; Okta's `X-Rate-Limit-Reset` is a moment. */
  private waitOf(header: ((name: string) => string | null) | undefined, attempt: number): number {
    const seconds = Number(header?.("retry-after") ?? Number.NaN);
    const reset = Number(header?.("x-rate-limit-reset") ?? Number.NaN) * 1000 - this.source.now().getTime();
    const asked = Number.isNaN(seconds) ? (Number.isNaN(reset) ? 250 * 2 ** attempt : Math.max(1000, reset)) : seconds * 1000;
    return Math.min(longestWaitMilliseconds, asked);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The path without its query, which may name people. */
export function pathOnly(path: string): string {
  return path.split("?")[0] ?? path;
}

/**
 * The query of a list's next page, from its header `Link: <https://…?after=…&limit=200>; rel="next"` (RFC 8288). Where the next page lies is
 * the vendor's to say, but never its host or its path: credentials go nowhere else.
 * @throws UnreadableDirectoryError when it lies below another path
 */
export function nextQuery(link: string | null, path: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  if (next === undefined) {
    return undefined;
  }
  const url = new URL(next);
  if (url.pathname !== pathOnly(path)) {
    throw new UnreadableDirectoryError("directory_answer", `Expected the next page below ${path}, got an address elsewhere.`);
  }
  return url.search.slice(1);
}

/** @throws UnreadableDirectoryError when a group that the stack knows is not there */
export function found(reply: Reply | undefined, what: string): Reply {
  if (reply === undefined) {
    throw new UnreadableDirectoryError(
      "directory_answer",
      `Expected ${what} at the identity provider, got status 404.\nFix: run \`pulumi up --refresh\`: it was deleted outside.`,
    );
  }
  return reply;
}

/** @throws UnreadableDirectoryError when an answer has another shape */
export function shaped<Shape>(
  schema: { safeParse(value: unknown): { success: true; data: Shape } | { success: false } },
  reply: Reply,
  what: string,
): Shape {
  const result = schema.safeParse(reply.body);
  if (!result.success) {
    throw new UnreadableDirectoryError("directory_answer", `Expected ${what} from the identity provider, got something else.`);
  }
  return result.data;
}
