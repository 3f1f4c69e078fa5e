import { invalidValue } from "./errors";
import type { ApplicationBody } from "./shapes";

const redirectsAtMost = { work: 256, personal: 100 } as const;
const longest = 256;
const refused = /[!$'(),;]/;
const loopbackHosts = new Set(["localhost", "127.0.0.1"]);

/**
 * The rules of "Redirect URI (reply URL) restrictions and limitations" (learn.microsoft.com/entra/identity-platform/reply-url),
 * for the URIs of web, spa and publicClient together.
 * @throws GraphError 400 naming the property and the rule.
 */
export function checkRedirectUris(application: ApplicationBody): void {
  const platforms = {
    web: application.web?.redirectUris ?? [],
    spa: application.spa?.redirectUris ?? [],
    publicClient: application.publicClient?.redirectUris ?? [],
  };
  const personal = application.signInAudience?.includes("Personal") ?? false;
  const most = personal ? redirectsAtMost.personal : redirectsAtMost.work;
  const all = Object.values(platforms).flat();
  if (all.length > most) {
    throw invalid("web", `At most ${String(most)} redirect URIs are allowed, got ${String(all.length)}.`);
  }
  const seen = new Map<string, string>();
  for (const [platform, uris] of Object.entries(platforms)) {
    for (const uri of uris) {
      checkOne(platform, uri, personal);
      const before = seen.get(uri);
      if (before !== undefined) {
        throw invalid(platform, `The redirect URI '${uri}' is already configured under '${before}'.`);
      }
      seen.set(uri, platform);
    }
  }
}

function checkOne(platform: string, uri: string, personal: boolean): void {
  if (uri.length > longest) {
    throw invalid(platform, `A redirect URI has at most ${String(longest)} characters, got ${String(uri.length)}.`);
  }
  const character = refused.exec(uri)?.[0];
  if (character !== undefined) {
    throw invalid(platform, `The redirect URI '${uri}' contains '${character}'; none of ! $ ' ( ) , ; is supported.`);
  }
  if (!URL.canParse(uri)) {
    throw invalid(platform, `'${uri}' is not an absolute URI.`);
  }
  const url = new URL(uri);
  if (url.hash !== "") {
    throw invalid(platform, `The redirect URI '${uri}' must not have a fragment.`);
  }
  if (personal && (url.search !== "" || uri.includes("*"))) {
    throw invalid(platform, `The redirect URI '${uri}' has a query or a wildcard; apps for personal accounts may not.`);
  }
  if (platform === "publicClient" && url.protocol !== "http:") {
    return;
  } // native apps may use schemes of their own
  if (url.hostname === "[::1]") {
    throw invalid(platform, `The IPv6 loopback address in '${uri}' is not supported.`);
  }
  if (url.protocol === "http:" && loopbackHosts.has(url.hostname)) {
    return;
  }
  if (url.protocol !== "https:") {
    throw invalid(platform, `The redirect URI '${uri}' must begin with 'https' (or 'http' on localhost).`);
  }
}

function invalid(platform: string, why: string): Error {
  return invalidValue(platform, "Application", why);
}

/** "the port component is ignored for the purposes of matching a redirect URI" on loopback hosts; everything else byte for byte. */
export function redirectMatches(registered: string, requested: string): boolean {
  if (registered === requested) {
    return true;
  }
  return withoutLoopbackPort(registered) === withoutLoopbackPort(requested);
}

function withoutLoopbackPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+(?=[/?]|$)/, "$1");
}
