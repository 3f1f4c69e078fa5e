import { randomBytes } from "node:crypto";
import type { Identity } from "./cluster-api";

/** One signed-in person. The ID token stays in this process: no page shows it and no log holds it. */
export interface KastenSession extends Identity {
  readonly idToken: string;
  /** What the userinfo endpoint said, where it had to be asked for the groups. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC. */
  readonly tokenExpiresAt: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export class Sessions {
  private readonly byCookie = new Map<string, KastenSession>();

  /** @returns the cookie's value */
  public add(session: KastenSession): string {
    const value = randomBytes(24).toString("base64url");
    this.byCookie.set(value, session);
    return value;
  }

  public get(cookie: string | undefined, now = Date.now()): KastenSession | undefined {
    const session = cookie === undefined ? undefined : this.byCookie.get(cookie);
    if (session && session.endsAt <= now && cookie !== undefined) {
      this.byCookie.delete(cookie);
      return undefined;
    }
    return session;
  }

  /** The latest session of a person, named by effective username or by one of the login-like claims. */
  public of(user: string): KastenSession | undefined {
    return [...this.byCookie.values()]
      .reverse()
      .find((session) =>
        [session.username, session.claims["preferred_username"], session.claims["email"], session.claims["sub"]].includes(user),
      );
  }
}
