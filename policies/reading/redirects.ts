import { entraRedirectLimits } from "../../model/identity-providers/entra/redirects";
import type { Subject } from "../rule";
import { entra, keycloak, okta } from "../types";
import { at, items, text, unknownValue, type Value } from "../value";

/** A redirect URI as registered, with its place in the resource. `native` clients may use their own scheme (RFC 8252). */
export interface RegisteredUri {
  readonly path: string;
  readonly uri: Value;
  readonly native: boolean;
}

/** Resources that register redirect URIs. */
export const entraRedirectTypes = [entra.application, entra.redirectUris] as const;
export const oktaRedirectTypes = [okta.app, okta.redirectUri, okta.postLogoutRedirectUri] as const;
export const redirectTypes = [...entraRedirectTypes, ...oktaRedirectTypes, keycloak.client] as const;

/** All redirect URIs (sign-in and after logout) that a resource registers, unknown ones included. */
export function registeredUris(resource: Subject): RegisteredUri[] {
  const { type, properties } = resource;
  const list = (path: string, native: boolean): RegisteredUri[] =>
    at(properties, ...path.split(".")) === unknownValue
      ? [{ path, uri: unknownValue, native }]
      : items(properties, ...path.split(".")).map((uri, index) => ({ path: `${path}[${index}]`, uri, native }));
  switch (type) {
    case entra.application:
      return [
        ...list("web.redirectUris", false),
        ...list("singlePageApplication.redirectUris", false),
        ...list("publicClient.redirectUris", true),
      ];
    case entra.redirectUris:
      return list("redirectUris", text(properties, "type") === "PublicClient");
    case okta.app: {
      const native = text(properties, "type") === "native";
      return [...list("redirectUris", native), ...list("postLogoutRedirectUris", native)];
    }
    case okta.redirectUri:
    case okta.postLogoutRedirectUri:
      return [{ path: "uri", uri: at(properties, "uri") ?? null, native: false }];
    case keycloak.client:
      return [...list("validRedirectUris", false), ...list("validPostLogoutRedirectUris", false)].map((registered) => ({
        ...registered,
        uri: underRoot(registered.uri, at(properties, "rootUrl")),
      }));
    default:
      return [];
  }
}

/** Keycloak puts its rootUrl before a path (Server Administration Guide, "Root URL"). */
function underRoot(uri: Value, root: Value | undefined): Value {
  if (typeof uri !== "string" || !uri.startsWith("/") || uri.includes("*")) {
    return uri;
  }
  if (root === unknownValue) {
    return unknownValue;
  }
  return typeof root === "string" && root !== "" ? `${root.replace(/\/+$/, "")}${uri}` : uri;
}

export interface RedirectRequirements {
  readonly native: boolean;
  /** Whether `http` to the user's own machine is accepted (RFC 8252 section 7.3; Entra ID excepts localhost from https). */
  readonly allowLoopback: boolean;
  /** Whether Entra ID's own limits hold. */
  readonly entraLimits: boolean;
}

/** What is wrong with a redirect URI, worst first; nothing when it is exact and safe. */
export function redirectFaults(uri: string, { native, allowLoopback, entraLimits }: RedirectRequirements): string[] {
  if (uri.includes("*")) {
    return ["an exact URI without a wildcard"];
  }
  let parsed: URL;
  try {
    parsed = new URL(uri);
  } catch {
    return ["an absolute URI"];
  }
  const faults: string[] = [];
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(parsed.hostname);
  const web = parsed.protocol === "http:" || parsed.protocol === "https:";
  if (web ? parsed.protocol === "http:" && !(loopback && allowLoopback) : !native) {
    faults.push("https");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    faults.push("no user information");
  }
  if (uri.includes("#")) {
    faults.push("no fragment");
  }
  if (entraLimits && uri.length > entraRedirectLimits.longest) {
    faults.push(`at most ${entraRedirectLimits.longest} characters`);
  }
  if (entraLimits && entraRedirectLimits.refusedCharacter.test(uri)) {
    faults.push(`none of the characters ${entraRedirectLimits.refusedCharacters}`);
  }
  return faults;
}
