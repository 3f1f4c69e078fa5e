import type { TokenRules } from "../../model";

/** A claim with a prefix, or a CEL expression in its place. */
export type Mapping = { readonly claim: string; readonly prefix: string } | { readonly expression: string };

/** A rule of `claimValidationRules`: a claim with a text that it must hold, or an expression that must be true. */
export type ClaimRule =
  { readonly claim: string; readonly requiredValue: string } | { readonly expression: string; readonly message: string };

/** One entry `jwt` of an AuthenticationConfiguration, or what the flags say: an issuer, and what its claims mean. */
export interface JwtRules {
  /** `iss`, byte for byte. */
  readonly issuer: string;
  /** Where discovery is, if not under the issuer. */
  readonly discoveryUrl?: string;
  /** PEM of the authorities that the issuer's certificate may come from. */
  readonly certificateAuthority?: string;
  /** Any of them in `aud` is enough; `audienceMatchPolicy` knows no other way. */
  readonly audiences: readonly string[];
  readonly username: Mapping;
  readonly groups?: Mapping;
  readonly uid?: { readonly claim: string } | { readonly expression: string };
  readonly extra: readonly { readonly key: string; readonly valueExpression: string }[];
  readonly claimRules: readonly ClaimRule[];
  readonly userRules: readonly { readonly expression: string; readonly message: string }[];
  /**
   * A platform that signs people in by itself: it does not ask whether an address was verified, and may want `sub` as a text, or take
   * another claim where that of the username is no text or empty.
   */
  readonly login?: { readonly subject?: true; readonly otherName?: string };
}

/** How a Kubernetes API server, or another reader of tokens that is built like it, judges tokens of OpenID issuers. */
export interface ApiServerRules {
  /**
   * Where the rules are written: a file decides by another list of algorithms than the flags. `go-oidc`: a platform with the same library
   * (Kasten K10), `go-oidc-login`: one that only signs people in with it (KubeSphere). `token-endpoint`: a platform that takes what the token endpoint answers without a look at signature or times (OpenUnison).
   */
  readonly writtenAs: TokenRules;
  readonly issuers: readonly JwtRules[];
  /** Signature algorithms; any other is refused. */
  readonly algorithms: readonly string[];
  /** Whether a request without any token is let in as system:anonymous. A bad token never is. */
  readonly anonymous?: { readonly enabled: boolean; readonly paths: readonly string[] };
  /** Settings that were read and say nothing about a token, in words. */
  readonly notJudged: readonly string[];
}

/**
 * All that kube-apiserver can verify (k8s.io/apiserver v0.36.3, plugin/pkg/authenticator/token/oidc/oidc.go `allowedSigningAlgs`): a
 * configuration file allows each of them, the flags only RS256 unless `--oidc-signing-algs` says more.
 */
export const signatureAlgorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"] as const;

/** Who a token makes of a person: the `user` that TokenReview and SelfSubjectReview answer, without `system:authenticated`. */
export interface KubernetesUser {
  readonly username: string;
  /** As the API server has them: in the token's order, doubles included. */
  readonly groups: readonly string[];
  readonly uid: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}
