import type { Cookie } from "./cookies";

/** Who signs in, and where. The password is typed into the page and appears in no message. */
export interface Credentials {
  /** The platform's address, where a person would start: `https://k10.example.com/k10/`. */
  readonly startUrl: string;
  readonly login: string;
  readonly password: string;
  /** Typed in when the identity provider asks for a second factor. Left out: the person has none. */
  readonly otp?: string;
}

/** An address fit for a log: the query of a callback holds the authorization code. */
export function withoutQuery(url: URL): string {
  return url.origin + url.pathname;
}

/** How a sign-in ended. `signed-in`: back at the platform with a page that is no error. */
export type Outcome = SignedIn | Refused;

export interface SignedIn {
  readonly outcome: "signed-in";
  /** Without query and fragment. */
  readonly finalUrl: string;
  readonly cookies: readonly Cookie[];
}

export interface Refused {
  readonly outcome: "refused";
  readonly finalUrl: string;
  readonly cookies: readonly Cookie[];
  /** HTTP status of the page. */
  readonly status: number;
  /** Visible text of the page. */
  readonly page: string;
  /** What the page tells the person: its alert, or else the beginning of its text. */
  readonly reason: string;
}

/** A way to sign in. A driver keeps nothing between two sign-ins: each is a fresh browser profile or cookie jar. */
export interface Driver {
  readonly kind: "browser" | "http";
  signIn(credentials: Credentials): Promise<Outcome>;
  close(): Promise<void>;
}
