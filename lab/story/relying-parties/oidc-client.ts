/** The authorization code flow, as a relying party: state, nonce, PKCE, code exchange, ID token validation. On openid-client. */
import { fetchThrough, type Route } from "../sign-in/transport";

export type OpenIdClient = typeof import("openid-client");
export type ClientConfiguration = InstanceType<OpenIdClient["Configuration"]>;

/** How one platform signs in. */
export interface OidcSettings {
  /** Issuer, byte for byte. */
  readonly providerUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Empty: none is sent. */
  readonly prompt: string;
  /** required sends S256 always, disabled never, auto when the provider says that it knows S256. */
  readonly pkce: "auto" | "required" | "disabled";
  /** Left out: basic where the provider knows it. */
  readonly clientAuthentication?: "client_secret_post";
  /** Seconds after which people must sign in anew; 0 asks for it each time. */
  readonly maxAge?: number;
  /** @default true */
  readonly nonce?: boolean;
}

/** What must come back unchanged for a sign-in to count. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce?: string;
  readonly codeVerifier?: string;
  readonly authorizationUrl: string;
}

export interface Tokens {
  readonly idToken: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Claims of the userinfo endpoint. */
  userInfo(): Promise<Readonly<Record<string, unknown>>>;
}

export interface OidcClient {
  begin(): Promise<PendingSignIn>;
  /** @param currentUrl the callback's full URL, with the provider's answer in its query */
  finish(pending: PendingSignIn, currentUrl: URL): Promise<Tokens>;
}

/**
 * Discovers the provider at once. `provider-url` must equal the `issuer` of the discovery document byte for byte, as K10's library demands:
 * a slash too many is an error and is not mended.
 */
export async function oidcClient(configuration: OidcSettings, callback: string, route: Route): Promise<OidcClient> {
  const library = await import("openid-client");
  const config = await discover(library, configuration, route);
  const metadata = config.serverMetadata();
  const s256 = metadata.code_challenge_methods_supported?.includes("S256") ?? false;
  const usePkce = configuration.pkce === "required" || (configuration.pkce === "auto" && s256);
  // Scopes are "required for userinfo" in the vendor's words and its sample leaves openid out, so it must be added by K10.
  const scope = [...new Set(["openid", ...configuration.scopes])].join(" ");
  return {
    async begin() {
      const codeVerifier = usePkce ? library.randomPKCECodeVerifier() : undefined;
      const state = library.randomState();
      const nonce = configuration.nonce === false ? undefined : library.randomNonce();
      const url = library.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope,
        state,
        ...(nonce === undefined ? {} : { nonce }),
        ...(configuration.maxAge === undefined ? {} : { max_age: String(configuration.maxAge) }),
        ...(configuration.prompt === "" ? {} : { prompt: configuration.prompt }),
        ...(codeVerifier === undefined
          ? {}
          : { code_challenge: await library.calculatePKCECodeChallenge(codeVerifier), code_challenge_method: "S256" }),
      });
      return { state, nonce, codeVerifier, authorizationUrl: url.href };
    },
    async finish(pending, currentUrl) {
      const tokens = await library.authorizationCodeGrant(config, currentUrl, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!tokens.id_token || !claims) {
        throw new Error("token endpoint: expected an ID token, got none");
      }
      return {
        idToken: tokens.id_token,
        claims,
        userInfo: () => library.fetchUserInfo(config, tokens.access_token, claims.sub),
      };
    },
  };
}

/** An openid-client configuration of one client; the provider's metadata is fetched at once. */
export async function discover(
  library: OpenIdClient,
  configuration: Pick<OidcSettings, "providerUrl" | "clientId" | "clientSecret" | "clientAuthentication">,
  route: Route,
): Promise<ClientConfiguration> {
  const { providerUrl, clientId, clientSecret } = configuration;
  const customFetch = fetchThrough(route);
  const issuer = new URL(providerUrl);
  const options = {
    // Signature of the ID token too, although it comes straight from the token endpoint: K10 verifies it, and so does this.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; only tests use a provider without TLS
    execute: [library.enableNonRepudiationChecks, ...(issuer.protocol === "http:" ? [library.allowInsecureRequests] : [])],
    [library.customFetch]: (url: string, init: Parameters<typeof customFetch>[1]) => customFetch(url, init),
  };
  const first = await library.discovery(issuer, clientId, undefined, library.None(), options);
  const metadata = first.serverMetadata();
  if (metadata.issuer !== providerUrl) {
    throw new Error(
      `provider-url: expected the issuer of its discovery document, "${metadata.issuer}", byte for byte, got "${providerUrl}"`,
    );
  }
  // OAuth's default is client_secret_basic when the document says nothing (RFC 8414).
  const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const basic = configuration.clientAuthentication === undefined && methods.includes("client_secret_basic");
  const authentication = basic ? library.ClientSecretBasic(clientSecret) : library.ClientSecretPost(clientSecret);
  const config = new library.Configuration(metadata, clientId, undefined, authentication);
  config[library.customFetch] = options[library.customFetch];
  options.execute.forEach((apply) => apply(config));
  return config;
}
