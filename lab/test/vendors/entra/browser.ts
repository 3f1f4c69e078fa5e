import * as client from "openid-client";
import type { Answer, Bench } from "./support";

export const redirectUrl = "https://k10.example.com/k10/auth-svc/v0/oidc/redirect";

/** A browser without script: keeps cookies, follows redirects within the lab, and stops at a page or at the relying party. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly bench: Bench) {}

  /** `at`: the address of the page, or the relying party's address that the browser was sent to (then `answer` is the redirect). */
  async open(url: string, form?: Record<string, string>): Promise<{ at: URL; answer: Answer }> {
    let at = new URL(url);
    let body = form === undefined ? undefined : new URLSearchParams(form).toString();
    for (let hop = 0; hop < 15; hop += 1) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await this.bench.send(body === undefined ? "GET" : "POST", at.href, {
        headers: {
          ...(cookie === "" ? {} : { cookie }),
          ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
        const [pair = ""] = line.split(";");
        const [name = "", value = ""] = pair.split(/=(.*)/s);
        if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) {
          this.cookies.delete(name);
        } else {
          this.cookies.set(name, value);
        }
      }
      const location = answer.headers["location"];
      if (typeof location !== "string" || answer.status < 300 || answer.status > 399) {
        return { at, answer };
      }
      at = new URL(location, at);
      body = undefined;
      if (!at.href.startsWith(this.bench.lab.graphUrl)) {
        return { at, answer };
      }
    }
    throw new Error(`more than 15 redirects, the last to ${at.pathname}`);
  }
}

export function alertOf(answer: Answer): string {
  return (/role="alert"[^>]*>([^<]*)</.exec(answer.text)?.[1] ?? "").replaceAll("&#39;", "'");
}

export function challengeOf(answer: Answer): string {
  return /name="challenge" value="([^"]+)"/.exec(answer.text)?.[1] ?? "";
}

export interface Registration {
  readonly clientId: string;
  readonly secret?: string;
  readonly redirectUri?: string;
  readonly scope?: string;
}

export interface Flow {
  readonly configuration: client.Configuration;
  readonly url: URL;
  readonly redirectUri: string;
  finish(callback: URL): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>;
}

function fetchThrough(bench: Bench): client.CustomFetch {
  return async (url, options) => {
    const answer = await bench.send(options.method, url, {
      headers: options.headers,
      ...(options.body === undefined || options.body === null
        ? {}
        : { body: new URLSearchParams(options.body as URLSearchParams).toString() }),
    });
    return new Response(answer.text === "" ? null : answer.text, {
      status: answer.status,
      headers: Object.entries(answer.headers).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
    });
  };
}

/** The authorization code flow with PKCE and nonce, as a relying party runs it with openid-client: discovery, issuer, signature and all. */
export async function startFlow(bench: Bench, registration: Registration, extra: Record<string, string> = {}): Promise<Flow> {
  const { clientId, secret, redirectUri = redirectUrl, scope = "openid profile email" } = registration;
  const authentication = secret === undefined ? client.None() : client.ClientSecretPost(secret);
  const configuration = await client.discovery(new URL(bench.lab.issuer), clientId, undefined, authentication, {
    [client.customFetch]: fetchThrough(bench),
  });
  configuration[client.customFetch] = fetchThrough(bench);
  const verifier = client.randomPKCECodeVerifier();
  const [nonce, state] = [client.randomNonce(), client.randomState()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    nonce,
    state,
    ...extra,
  });
  return {
    configuration,
    url,
    redirectUri,
    finish: (callback) =>
      client.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state }),
  };
}

/** Signs in to the end. @throws Error with the page's alert when a page refuses. */
export async function signIn(
  bench: Bench,
  registration: Registration,
  person: { login: string; password: string; otp?: string },
  browser = new Browser(bench),
): Promise<{ claims: Record<string, unknown>; tokens: client.TokenEndpointResponse }> {
  const flow = await startFlow(bench, registration);
  let page = await browser.open(flow.url.href);
  if (page.answer.text.includes('name="username"')) {
    page = await browser.open(page.at.href, { username: person.login, password: person.password });
  }
  if (page.answer.text.includes('name="otp"')) {
    page = await browser.open(page.at.href, { challenge: challengeOf(page.answer), otp: person.otp ?? "" });
  }
  if (!page.at.href.startsWith(flow.redirectUri)) {
    throw new Error(alertOf(page.answer) || page.answer.text);
  }
  const tokens = await flow.finish(page.at);
  return { claims: { ...tokens.claims() }, tokens };
}
