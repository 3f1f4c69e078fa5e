/**
 * The contract between a vendor's store (what its management API created) and the OpenID Provider that signs people in.
 * The provider asks at every request and remembers nothing, so what Pulumi registered a moment ago is what can sign in now,
 * and a removed client or a rotated secret stops working at once.
 */

/** A registered relying party, as the vendor's store has it at this moment. */
export interface DirectoryClient {
  readonly clientId: string;
  /** Every secret that is accepted now (Entra ID can hold several); empty for a public client. */
  secrets(): readonly string[];
  /** Compared with the request byte for byte. */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** OAuth names: `authorization_code`, `refresh_token`, `implicit`, ... */
  readonly grantTypes: readonly string[];
  /** `code`, `id_token`, `token`: the parts, which a request may combine. */
  readonly responseTypes: readonly string[];
  /** `client_secret_basic`, `client_secret_post` or `none`. */
  readonly tokenEndpointAuthMethod: string;
  /** True: an authorization request without `code_challenge` is refused. */
  readonly pkceRequired: boolean;
  /** True: each use of a refresh token gives a new one, and ends the old. Default false. */
  readonly rotatesRefreshTokens?: boolean;
  readonly applicationType: "web" | "native" | "browser";
  /** False: known, but deactivated; nobody can sign in. */
  readonly active: boolean;
}

export interface Person {
  /** The vendor's user id (Okta `00u...`, Entra object ID). */
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
}

/** A sign-in that the vendor refuses after the password was right; `reason` is the vendor's wording. */
export interface SignInRefusal {
  readonly code: "access_denied";
  readonly reason: string;
  /** `redirect` (the default; Okta): the relying party gets error and error_description. `page` (Entra ID): the vendor's own error page. */
  readonly shownAs?: "redirect" | "page";
}

/** What goes out together with an ID token: with an access token beside it, some vendors send a thinner ID token. */
export interface TokenOccasion {
  readonly withAccessToken: boolean;
}

/** One issuer. A vendor with several (Okta's org server and its custom ones) has one Directory for each. */
export interface Directory {
  /** Byte for byte what `iss` and the discovery document say. */
  readonly issuer: string;
  readonly scopesSupported: readonly string[];
  /** True (Okta): an authorization request without `state` is refused. Default false. */
  readonly stateRequired?: boolean;
  /** True (Okta): a scope that the issuer does not know fails the request with `invalid_scope`. Default false: it is ignored. */
  readonly unknownScopeRefused?: boolean;
  /** What the discovery document says of `sub`. Default `public`. */
  readonly subjectType?: "public" | "pairwise";
  /** What the protocol library knows of the session but the vendor's ID tokens do not say (Entra v2.0: `amr`, `auth_time`). */
  readonly withheldClaims?: readonly string[];
  client(clientId: string): DirectoryClient | undefined;
  /** The person, or undefined when login or password is wrong or the account may not sign in. */
  authenticate(login: string, password: string): Promise<Person | undefined>;
  /** Undefined when the person may use the client with these scopes; asked at sign-in and again whenever tokens are issued. */
  authorise(person: Person, clientId: string, scopes: readonly string[]): SignInRefusal | undefined;
  /** The person by id, when the account still exists and is active. */
  person(personId: string): Person | undefined;
  /** The `sub` claim: Okta the user id, Entra a value per client (pairwise). */
  subject(personId: string, clientId: string): string;
  /** The vendor's claims beside those of the protocol (iss, sub, aud, iat, exp, nonce, at_hash, auth_time). */
  idTokenClaims(personId: string, clientId: string, scopes: readonly string[], occasion: TokenOccasion): Record<string, unknown>;
  userInfoClaims(personId: string, clientId: string, scopes: readonly string[]): Record<string, unknown>;
}
