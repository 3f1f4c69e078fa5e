import type { DocumentPlatform } from "../../model";
import type { Fetch } from "../../verifier";
import { openCallback } from "./callback";
import { LoginError } from "./error";

type Library = typeof import("openid-client");
type Redirect = NonNullable<DocumentPlatform["diagnosticRedirect"]>;

export interface SignInOptions {
  readonly platform: DocumentPlatform;
  readonly redirect: Redirect;
  /** Needed exactly where the redirect's client authenticates. */
  readonly clientSecret?: string;
  readonly timeoutSeconds: number;
  readonly fetch: Fetch;
  /** Told the address that the person must open. */
  readonly onAddress: (address: string) => void;
}

/** What the token endpoint answered; empty until it did, or where it was no JSON object. */
interface TokenAnswer {
  readonly status?: number;
  readonly body?: Record<string, unknown>;
}

/** What one sign-in gave. The tokens go to the verifier and nowhere else. */
export interface SignInResult {
  readonly idToken: string;
  readonly accessToken?: string;
  readonly nonce: string;
}

/**
 * One authorization code flow with PKCE, state and nonce, as the platform's own client, over the loopback redirect.
 * Claims of the ID token are not judged here: the verifier does it, and says what is wrong.
 * @throws LoginError when there is no token to judge
 */
export async function signIn(options: SignInOptions): Promise<SignInResult> {
  const library = await import("openid-client");
  const answer: TokenAnswer = {};
  const config = await discover(library, options, answer);
  const callback = await openCallback(options.redirect.uri);
  try {
    const state = library.randomState();
    const nonce = library.randomNonce();
    const codeVerifier = library.randomPKCECodeVerifier();
    const address = library.buildAuthorizationUrl(config, {
      redirect_uri: options.redirect.uri,
      scope: options.platform.scopes.join(" "),
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    });
    const waiting = callback.wait(state, options.timeoutSeconds);
    options.onAddress(address.href);
    const url = await waiting;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true };
    // A claim that is wrong is found again by the verifier, which knows the remedy; no token at all is an error.
    const failure = await library.authorizationCodeGrant(config, url, checks).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { ...tokensOf(answer, library, failure, options), nonce };
  } finally {
    await callback.close();
  }
}

async function discover(
  library: Library,
  { platform, redirect, clientSecret, fetch }: SignInOptions,
  answer: TokenAnswer,
): Promise<InstanceType<Library["Configuration"]>> {
  const authentication = {
    none: () => library.None(),
    client_secret_basic: () => library.ClientSecretBasic(clientSecret),
    client_secret_post: () => library.ClientSecretPost(clientSecret),
  }[redirect.clientAuthentication]();
  const asked = { tokenEndpoint: "" };
  try {
    const config = await library.discovery(new URL(platform.issuer), platform.clientId, undefined, authentication, {
      [library.customFetch]: async (url, init) => {
        const response = await fetch(url, { ...init, headers: init.headers, signal: init.signal ?? AbortSignal.timeout(30_000) });
        if (url === asked.tokenEndpoint) {
          // Read here too: a refusal may come as a WWW-Authenticate challenge, and claims that are wrong are the verifier's.
          const body: unknown = await response
            .clone()
            .json()
            .catch(() => undefined);
          Object.assign(answer, typeof body === "object" && body !== null ? { status: response.status, body } : {});
        }
        return response;
      },
    });
    asked.tokenEndpoint = config.serverMetadata().token_endpoint ?? "";
    return config;
  } catch (error) {
    throw new LoginError(
      "provider_unreachable",
      `Expected the discovery document of ${platform.issuer}, got none that can be used: ${reason(error)}. ` +
        "Fix: check the network, the environment document's issuer and, behind a private certificate authority, NODE_EXTRA_CA_CERTS.",
      { cause: error },
    );
  }
}

function tokensOf(
  { status = 0, body }: TokenAnswer,
  library: Library,
  failure: unknown,
  { platform, redirect }: SignInOptions,
): Omit<SignInResult, "nonce"> {
  if (typeof body?.["id_token"] === "string") {
    const accessToken = body["access_token"];
    return { idToken: body["id_token"], accessToken: typeof accessToken === "string" ? accessToken : undefined };
  }
  if (failure instanceof library.AuthorizationResponseError) {
    throw new LoginError(
      "sign_in_refused",
      `The identity provider sent the person back with ${said(failure)} ${remedyOfRefusal(failure.error)}`,
      { cause: failure },
    );
  }
  if (body !== undefined && status === 200) {
    throw new LoginError(
      "no_id_token",
      `Expected an ID token from the token endpoint, got none. Fix: ask for the scope openid (the platform asks for: ${platform.scopes.join(" ")}).`,
    );
  }
  const error = body?.["error"];
  if (typeof error !== "string") {
    throw new LoginError(
      "provider_unreachable",
      `Expected tokens from the token endpoint of ${platform.issuer}, got none: ${reason(failure)}.`,
      { cause: failure },
    );
  }
  const description = body?.["error_description"];
  const words = said({ error, error_description: typeof description === "string" ? description : undefined });
  throw error === "invalid_client"
    ? new LoginError("client_refused", `The token endpoint refused the client: ${words} ${remedyOfClient(redirect)}`)
    : new LoginError(
        "code_refused",
        `The token endpoint refused the sign-in: ${words} Fix: sign in again; the code serves once, and for minutes only.`,
      );
}

function said(error: { readonly error: string; readonly error_description?: string }): string {
  const description = error.error_description?.split(/\r?\n/)[0]?.slice(0, 400);
  return description === undefined ? `${error.error}.` : `${error.error}: ${description.replace(/\.?$/, ".")}`;
}

function remedyOfRefusal(code: string): string {
  return code === "access_denied"
    ? "Fix: the person is not assigned to the application, or a sign-in policy stops them; add them to a group that holds a grant on this platform."
    : "Fix: run `pulumi up`, so that the registration is the one of the environment document, and sign in again.";
}

/** AADSTS7000218: the redirect is of the web kind, or the secret is missing. AADSTS7000215 and 7000222: a wrong or an ended one. */
function remedyOfClient({ clientAuthentication }: Redirect): string {
  return clientAuthentication === "none"
    ? "Fix: run `pulumi up`; the diagnostic redirect must be registered for public clients."
    : "Fix: give the secret that the platform has now with --client-secret-file; a secret that was replaced or has ended is refused.";
}

function reason(error: unknown): string {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: { message?: unknown } };
  return [cause?.message, message].find((text): text is string => typeof text === "string" && text !== "") ?? "unknown reason";
}
