/**
 * What decides about tokens and sign-in at an identity provider, and that no resource of the stack reads back: a refresh is silent about
 * it. Each kind that has such things brings a reader with its definition; the network and the environment are handed in.
 */

/** A client of the environment, as the document describes it. */
export interface DeclaredClient {
  readonly clientId: string;
  /** Empty where the platform reads no groups. */
  readonly groupsClaim: string;
  readonly usernameClaim: string;
  /** The groups with a grant on the platform. */
  readonly groups: readonly { readonly id: string; readonly claimValue: string; readonly displayName: string }[];
  /** The people with a grant of their own: their ids. */
  readonly people: readonly string[];
}

export interface UnseenSource {
  /** The issuer, as the document has it. */
  readonly issuer: string;
  readonly variable: (name: string) => string | undefined;
  readonly fetch: (
    url: string,
    init: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: string },
  ) => Promise<{ readonly status: number; text(): Promise<string> }>;
}

/** One thing that somebody changed where no refresh looks. */
export interface UnseenChange {
  /** The object: `mapper 'x' of client k10-lab`. */
  readonly what: string;
  readonly detail: string;
  /** A remedy that works: what no resource of the stack has, `pulumi up` does not take away. */
  readonly fix: string;
}

export interface UnseenReader {
  /** What it reads, in words that follow "not looked at". */
  readonly what: string;
  /** What stays unseen all the same, in such words. */
  readonly beyond: readonly string[];
  /** Which credentials it reads with, and which rights they need. */
  readonly credentials: string;
  /** Whether those credentials are there. */
  given(variable: UnseenSource["variable"]): boolean;
  /** @throws Error in words for people when it cannot be read: what is not known to be right is not called right */
  read(source: UnseenSource, clients: readonly DeclaredClient[]): Promise<readonly UnseenChange[]>;
}
