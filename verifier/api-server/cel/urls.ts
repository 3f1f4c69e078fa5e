import { succeeds, address as ipAddress } from "./addresses";
import type { Define } from "./define";
import { goStrings } from "./lists";
import type { Opaque } from "./values";

/** A URL as Go's net/url reads it (Go 1.26): nothing is normalised but the scheme's case. */
export class GoUrl implements Opaque {
  constructor(
    readonly text: string,
    readonly scheme: string,
    readonly host: string,
    readonly path: string,
    readonly query: string,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof GoUrl && other.text === this.text;
  }
}

/** `url(…)` and what belongs to it (pkg/cel/library/urls.go). */
export function defineUrls(define: Define): void {
  define("url(string): URL", url);
  define("isURL(string): bool", (text: string) => succeeds(() => parsed(text, true)));
  define("URL.getScheme(): string", ({ scheme }: GoUrl) => scheme);
  define("URL.getHost(): string", ({ host }: GoUrl) => host);
  define("URL.getHostname(): string", ({ host }: GoUrl) => host.replace(/:[0-9]*$/, "").replace(/^\[(.*)\]$/, "$1"));
  define("URL.getPort(): string", ({ host }: GoUrl) => /:([0-9]*)$/.exec(host)?.[1] ?? "");
  define("URL.getEscapedPath(): string", ({ path }: GoUrl) => escapedPath(path));
  define("URL.getQuery(): map<string, list<string>>", ({ query }: GoUrl) => queryOf(query));
}

/** @throws Error where it is no absolute URL */
function url(text: string): GoUrl {
  parsed(text, true);
  const [before = "", ...fragment] = text.split("#");
  unescaped(fragment.join("#"), "path");
  return parsed(before, false);
}

/** `net/url.parse`. @throws Error */
export function parsed(text: string, viaRequest: boolean): GoUrl {
  if (/[\u0000-\u0020\u007f]/.test(text.replaceAll(" ", ""))) {
    throw new Error("net/url: invalid control character in URL");
  }
  if (text === "" && viaRequest) {
    throw new Error("empty url");
  }
  if (text === "*") {
    return new GoUrl(text, "", "", "*", "");
  }
  if (text.startsWith(":")) {
    throw new Error("missing protocol scheme");
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? "";
  const [rest = "", ...queries] = text.slice(scheme === "" ? 0 : scheme.length + 1).split("?");
  const query = queries.join("?");
  if (!rest.startsWith("/")) {
    if (scheme !== "") {
      return new GoUrl(text, scheme.toLowerCase(), "", "", query);
    }
    if (viaRequest || (rest.split("/")[0] ?? "").includes(":")) {
      throw new Error("invalid URI for request");
    }
  }
  const withAuthority = rest.startsWith("//") && (scheme !== "" || (!viaRequest && !rest.startsWith("///")));
  const [, authority = "", path = rest] = withAuthority ? (/^\/\/([^/]*)(.*)$/s.exec(rest) ?? []) : [];
  unescaped(path, "path");
  return new GoUrl(text, scheme.toLowerCase(), withAuthority ? hostOf(authority, scheme.toLowerCase()) : "", path, query);
}

function hostOf(authority: string, scheme: string): string {
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) {
      throw new Error("net/url: invalid userinfo");
    }
    unescaped(user, "path");
  }
  const host = authority.slice(at + 1);
  if (host.lastIndexOf("[") > 0) {
    throw new Error("invalid IP-literal");
  }
  if (host.startsWith("[")) {
    const close = host.lastIndexOf("]");
    const name = host.slice(1, close);
    const literal = unescaped(name.split("%25")[0] ?? "", "host");
    if (close < 0 || !/^(:[0-9]*)?$/.test(host.slice(close + 1)) || !literal.includes(":") || !isLiteral(literal)) {
      throw new Error("invalid IP-literal");
    }
    return name.includes("%25") ? host.replace("%25", "%") : host;
  }
  const colon = scheme === "http" || scheme === "https" ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0 && !/^:[0-9]*$/.test(host.slice(colon))) {
    throw new Error(`invalid port ${JSON.stringify(host.slice(colon))} after host`);
  }
  return unescaped(host, "host");
}

function isLiteral(text: string): boolean {
  return /^::ffff:\d/i.test(text) || succeeds(() => ipAddress(text));
}

/** Percents become bytes; in a host only those beyond ASCII may. @throws Error */
function unescaped(text: string, part: "path" | "host" | "query"): string {
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(text);
  if (
    bad !== null ||
    (part === "host" && (/%[0-7]/.test(text.replaceAll("%25", "")) || /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.test(text)))
  ) {
    throw new Error(`invalid URL escape or host in ${JSON.stringify(text)}`);
  }
  const plain = part === "query" ? text.replaceAll("+", " ") : text;
  return plain.includes("%") ? Buffer.from(bytes(plain)).toString("utf8") : plain;
}

function bytes(text: string): number[] {
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .flatMap((piece, index) => (index % 2 === 1 ? [parseInt(piece.slice(1), 16)] : [...Buffer.from(piece)]));
}

/** The path as it was written, where every letter may stand so; else as Go would write it. */
function escapedPath(path: string): string {
  if (path === "*" || /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/]*$/.test(path)) {
    return path;
  }
  return bytes(path)
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[A-Za-z0-9\-_.~$&+,/:;=@]/.test(letter) ? letter : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

function queryOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of query.split("&").filter((each) => each !== "" && !each.includes(";"))) {
    const [key = "", ...rest] = pair.split("=");
    try {
      const name = unescaped(key, "query");
      values.set(name, goStrings([...(values.get(name) ?? []), unescaped(rest.join("="), "query")]));
    } catch {
      // Go leaves a pair out that it cannot read.
    }
  }
  return values;
}
