/** The authorization code flow of a public client on a loopback address, as kubelogin does it. On openid-client. */
import { fetchThrough } from "../../sign-in/transport";
import type { KubeloginArguments } from "./kubelogin-arguments";

export interface PendingLogin {
  readonly state: string;
  readonly authorizationUrl: string;
  /** @param answer the query that the identity provider's redirect brought */
  finish(answer: URLSearchParams): Promise<{ readonly idToken: string; readonly claims: Readonly<Record<string, unknown>> }>;
}

/**
 * @param redirectUri `http://localhost:8000`, without a slash at the end: kubelogin sends it so, and it counts byte for byte
 */
export async function beginLogin(settings: KubeloginArguments, redirectUri: string): Promise<PendingLogin> {
  const library = await import("openid-client");
  // Trust as the kubeconfig says, and nothing else: a lab without the authority in it must fail.
  const send = fetchThrough({ ca: settings.certificateAuthority ?? "" });
  const config = await library.discovery(new URL(settings.issuer), settings.clientId, undefined, library.None(), {
    execute: [library.enableNonRepudiationChecks],
    [library.customFetch]: (url: string, init: Parameters<typeof send>[1]) => send(url, init),
  });
  if (config.serverMetadata().issuer !== settings.issuer) {
    throw new Error(
      `--oidc-issuer-url: expected the issuer of its discovery document, "${config.serverMetadata().issuer}", got "${settings.issuer}"`,
    );
  }
  const codeVerifier = library.randomPKCECodeVerifier();
  const state = library.randomState();
  const nonce = library.randomNonce();
  const url = library.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: settings.scopes.join(" "),
    state,
    nonce,
    code_challenge: await library.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  });
  return {
    state,
    authorizationUrl: url.href,
    async finish(answer) {
      const code = answer.get("code");
      if (answer.get("state") !== state || code === null) {
        throw new Error("expected the answer to the sign-in that was started, got another state or no code");
      }
      // The library's own grant would send the redirect URI with a slash, which the token endpoint refuses as another one.
      const tokens = await library.genericGrantRequest(config, "authorization_code", {
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      });
      const claims = tokens.claims();
      if (tokens.id_token === undefined || claims?.nonce !== nonce) {
        throw new Error("token endpoint: expected an ID token with the nonce that was sent, got none");
      }
      return { idToken: tokens.id_token, claims };
    },
  };
}
