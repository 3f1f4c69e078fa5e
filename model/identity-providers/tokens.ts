import { entraTokens } from "./entra/tokens";
import { externalTokens } from "./external/tokens";
import { keycloakTokens } from "./keycloak/tokens";
import { oktaTokens } from "./okta/tokens";

/** Why a token does not fit the environment, and what to do about it. */
export interface TokenFault {
  readonly message: string;
  readonly remedy: string;
}

/** What is known about the tokens of one identity provider, for whoever looks for the cause of a refusal. No schema is loaded for it. */
export interface TokenFacts {
  /** Why a token may name this issuer where the environment has that one; undefined where nothing is known. */
  readonly issuerFault?: (named: string, expected: string) => TokenFault | undefined;
  /** Why a group that the token carries is none of the environment's, by the look of its value. */
  readonly groupFault?: (value: string) => TokenFault | undefined;
  /** Why the token does not carry a claim that the platform takes for the username. */
  readonly usernameFault?: (claim: string) => TokenFault | undefined;
  /** Claims that carry groups or roles where the groups claim is missing, and why. */
  readonly instead?: Readonly<Record<string, TokenFault>>;
  /** What a member must know who is in a group and whose token does not show it. */
  readonly membership?: string;
  /** How an object id looks, where groups have one. */
  readonly objectId?: RegExp;
  /** Classes (`acr`) that mean more than one factor. */
  readonly multiFactorClasses?: readonly string[];
}

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
