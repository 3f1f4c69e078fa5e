import { entraTokens } from "./entra/tokens";
import { externalTokens } from "./external/tokens";
import { keycloakTokens } from "./keycloak/tokens";
import { oktaTokens } from "./okta/tokens";
import type { TokenFacts } from "./token-facts";

const facts: Readonly<Record<string, TokenFacts | undefined>> = {
  entra: entraTokens,
  external: externalTokens,
  keycloak: keycloakTokens,
  okta: oktaTokens,
};

/** What is known about the tokens of a kind; nothing for one that is newer than this program. */
export function tokenFactsOf(kind: string): TokenFacts {
  return (Object.hasOwn(facts, kind) ? facts[kind] : undefined) ?? {};
}

/** Classes that mean more than one factor, whoever issues the token. */
export function multiFactorClasses(): string[] {
  // OpenID EAP's phishing-resistant sign-ins, and the PAPE policy that several providers reuse.
  const common = ["phr", "phrh", "http://schemas.openid.net/pape/policies/2007/06/multi-factor"];
  return [...common, ...Object.values(facts).flatMap((each) => each?.multiFactorClasses ?? [])];
}

/** Whether a value looks like a group's object id at some identity provider. */
export function looksLikeObjectId(value: string): boolean {
  return Object.values(facts).some((each) => each?.objectId?.test(value) === true);
}
