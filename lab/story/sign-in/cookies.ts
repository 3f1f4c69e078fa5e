/** A cookie jar for one person's sign-in: host-only cookies with path, Secure and expiry, which is what the lab's servers set. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Host name without port; cookies do not tell ports apart. */
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
}

export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  /** Takes the `set-cookie` lines of an answer from `url`. A `Domain` attribute is ignored: every cookie is host-only. */
  public take(url: URL, lines: readonly string[] | undefined, now = new Date()): void {
    for (const line of lines ?? []) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const at = pair.indexOf("=");
      if (at < 1) {
        continue;
      }
      const attribute = new Map(attributes.map((text) => [text.replace(/=.*$/s, "").toLowerCase(), text.slice(text.indexOf("=") + 1)]));
      const path = attribute.get("path");
      const cookie: Cookie = {
        name: pair.slice(0, at),
        value: pair.slice(at + 1),
        host: url.hostname,
        path: path?.startsWith("/") ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf("/"))),
        secure: attribute.has("secure"),
      };
      const key = `${cookie.host};${cookie.path};${cookie.name}`;
      if (expired(attribute.get("max-age"), attribute.get("expires"), now)) {
        this.cookies.delete(key);
      } else {
        this.cookies.set(key, cookie);
      }
    }
  }

  /** The `cookie` header for a request to `url`, longest path first (RFC 6265, 5.4); empty when nothing applies. */
  public header(url: URL): string {
    return this.all()
      .filter(
        (cookie) => cookie.host === url.hostname && pathMatches(url.pathname, cookie.path) && (!cookie.secure || url.protocol === "https:"),
      )
      .sort((left, right) => right.path.length - left.path.length)
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join("; ");
  }

  public all(): Cookie[] {
    return [...this.cookies.values()];
  }

  /** Puts cookies that another client (a browser) holds. */
  public put(cookies: readonly Cookie[]): void {
    for (const cookie of cookies) {
      this.cookies.set(`${cookie.host};${cookie.path};${cookie.name}`, cookie);
    }
  }
}

function expired(maxAge: string | undefined, expires: string | undefined, now: Date): boolean {
  // Max-Age wins over Expires (RFC 6265, 5.3).
  if (maxAge !== undefined) {
    return Number(maxAge) <= 0;
  }
  return expires !== undefined && Date.parse(expires) <= now.getTime();
}

function pathMatches(requested: string, path: string): boolean {
  return requested === path || (requested.startsWith(path) && (path.endsWith("/") || requested[path.length] === "/"));
}
