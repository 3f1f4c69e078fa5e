import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWK } from "jose" with { "resolution-mode": "import" };
import type * as oidc from "oidc-provider" with { "resolution-mode": "import" };
import type { Adapter, AdapterPayload, Configuration, KoaContextWithOIDC, Provider, ResponseType } from "oidc-provider" with {
  "resolution-mode": "import",
};
import type { Directory, DirectoryClient } from "./directory";
import { readBody, replayRequest, requestTarget, sameText } from "../../machine/http";
import { requestedScopes, signInPolicy } from "./openid-policy";
import { errorPage, signedOutPage } from "./pages";
import { handleSignIn } from "./sign-in";
import type { TokenStorage } from "./token-storage";

/** Paths below the mount, as the vendor has them. */
export interface OpenIdPaths {
  readonly discovery: string;
  readonly authorization: string;
  readonly token: string;
  readonly jwks: string;
  readonly userinfo: string;
  readonly endSession: string;
  /** The sign-in pages live at `<signIn>/<id>`. */
  readonly signIn: string;
}

export interface OpenIdProviderOptions {
  readonly directory: Directory;
  /** Path prefix of every URL of this issuer, e.g. "" or `/oauth2/aus1`. */
  readonly mount: string;
  readonly paths: OpenIdPaths;
  /** Private RSA key with `kid`; signs RS256. */
  readonly signingKey: JWK;
  readonly storage: TokenStorage;
  /** Cookies ignore ports: two vendors on 127.0.0.1 need different names. Letters only. */
  readonly cookiePrefix: string;
  /** Shared by the issuers of a vendor, so that they share its session cookie. */
  readonly cookieKey: string;
  /** Shown on pages, e.g. "Okta". */
  readonly vendor: string;
  /** The vendor's text for an error page, from the OAuth code and description. */
  readonly errorText?: (code: string, description: string) => string;
  /** Added to the discovery document (and over it). */
  readonly discovery?: Readonly<Record<string, unknown>>;
}

export interface OpenIdProvider {
  /** True when the path (query excluded) belongs to this issuer. */
  owns(path: string): boolean;
  /** Answers a request; `body` when the caller has already read it. */
  handle(request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<void>;
}

const knownResponseTypes: readonly ResponseType[] = [
  "code",
  "id_token",
  "id_token token",
  "code id_token",
  "code token",
  "code id_token token",
];
const knownGrantTypes = ["authorization_code", "refresh_token", "implicit"];
const wellKnown = "/.well-known/openid-configuration";
const neverASecret = randomBytes(32).toString("base64url");
const hour = 3600;

/** The secret that the request being answered presents; lets a client with several secrets (Entra ID) use any of them. */
const presentedSecret = new AsyncLocalStorage<string | undefined>();

function secretOf(request: IncomingMessage, body: Buffer): string | undefined {
  const [scheme, value] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "basic" && value !== undefined) {
    const text = Buffer.from(value, "base64").toString("utf8");
    try {
      return decodeURIComponent(text.slice(text.indexOf(":") + 1).replace(/\+/g, "%20"));
    } catch {
      return undefined;
    }
  }
  return new URLSearchParams(body.toString("utf8")).get("client_secret") ?? undefined;
}

/** A directory's client in the words of dynamic client registration, or undefined when nobody can sign in with it. */
function clientMetadata(client: DirectoryClient | undefined, presented: string | undefined): AdapterPayload | undefined {
  if (client === undefined || !client.active || client.redirectUris.length === 0) {
    return undefined;
  }
  const grantTypes = client.grantTypes.filter((grant) => knownGrantTypes.includes(grant));
  const implicit = grantTypes.includes("implicit");
  const parts = new Set(client.responseTypes);
  const responseTypes = knownResponseTypes.filter(
    (type) => (implicit || type === "code") && type.split(" ").every((part) => parts.has(part)),
  );
  if (responseTypes.length === 0) {
    return undefined;
  }
  const secrets = client.secrets();
  const secret = secrets.find((candidate) => presented !== undefined && sameText(candidate, presented)) ?? secrets[0] ?? neverASecret;
  const custom = client.redirectUris.some((uri) => !/^https?:/.test(uri));
  return {
    client_id: client.clientId,
    ...(client.tokenEndpointAuthMethod === "none" ? {} : { client_secret: secret }),
    token_endpoint_auth_method: client.tokenEndpointAuthMethod as AdapterPayload["token_endpoint_auth_method"],
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    grant_types: grantTypes,
    response_types: responseTypes,
    // `native` loosens the redirect check on loopback ports; vendors compare byte for byte, so only custom schemes get it.
    application_type: custom ? "native" : "web",
  };
}

function clientAdapter(directory: Directory): Adapter {
  const refuse = (): Promise<never> => Promise.reject(new Error("clients are registered through the vendor's management API only"));
  return {
    find: (id) => Promise.resolve(clientMetadata(directory.client(id), presentedSecret.getStore())),
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

function withAccessToken(ctx: KoaContextWithOIDC): boolean {
  const type = ctx.oidc.params?.response_type;
  return typeof type === "string" ? type.split(" ").includes("token") : true;
}

type FindAccount = NonNullable<Configuration["findAccount"]>;

function accounts(directory: Directory): FindAccount {
  return (ctx, id, token) => {
    const person = directory.person(id);
    const clientId = ctx.oidc.client?.clientId ?? "";
    if (person === undefined) {
      return undefined;
    }
    // At the token endpoint: rights may have gone since the sign-in (the refresh token then stops working).
    const scope = token !== undefined && "scope" in token && typeof token.scope === "string" ? token.scope.split(" ") : [];
    if (token !== undefined && directory.authorise(person, clientId, scope) !== undefined) {
      return undefined;
    }
    return {
      accountId: person.id,
      claims: (use, scopeText) => {
        const scopes = scopeText.split(" ").filter((word) => word !== "");
        if (use === "userinfo") {
          return { ...directory.userInfoClaims(person.id, clientId, scopes), sub: person.id };
        }
        const claims = directory.idTokenClaims(person.id, clientId, scopes, { withAccessToken: withAccessToken(ctx) });
        // The library hashes what stands here. At the token endpoint `at_hash` is optional (OIDC Core 3.1.3.6); the vendors send it.
        const accessToken = ctx.oidc.entities.AccessToken?.jti;
        return { ...claims, ...(accessToken === undefined ? {} : { at_hash: accessToken }), sub: person.id };
      },
    };
  };
}

function configuration(options: OpenIdProviderOptions, library: typeof oidc): Configuration {
  const { directory, paths, mount, vendor } = options;
  return {
    adapter: (model: string): Adapter => (model === "Client" ? clientAdapter(directory) : options.storage.adapter(directory.issuer, model)),
    jwks: { keys: [{ ...options.signingKey, alg: "RS256", use: "sig" }] },
    scopes: directory.scopesSupported.filter((scope) => scope !== "openid").concat("openid"),
    responseTypes: [...knownResponseTypes],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "none"],
    claims: {
      openid: ["sub", "ver", "idp", "amr", "auth_time"],
      profile: ["name", "preferred_username", "given_name", "family_name", "locale", "zoneinfo", "updated_at"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    cookies: cookies(options),
    features: features(vendor),
    interactions: {
      policy: signInPolicy(library, directory),
      url: (_ctx, interaction) => `${mount}${paths.signIn}/${interaction.uid}`,
    },
    pkce: { required: (_ctx, client) => directory.client(client.clientId)?.pkceRequired ?? false },
    routes: {
      authorization: paths.authorization,
      token: paths.token,
      jwks: paths.jwks,
      userinfo: paths.userinfo,
      end_session: paths.endSession,
    },
    rotateRefreshToken: (ctx) => directory.client(ctx.oidc.client?.clientId ?? "")?.rotatesRefreshTokens ?? false,
    ttl: lifetimes,
    findAccount: accounts(directory),
    loadExistingGrant: grantOfRequest,
    renderError: (ctx, out) => {
      const text = options.errorText?.(out.error, out.error_description ?? "") ?? out.error_description ?? out.error;
      ctx.type = "html";
      ctx.body = errorPage(vendor, out.error, text);
    },
  };
}

/** Seconds. */
const lifetimes = {
  AccessToken: hour,
  AuthorizationCode: 300,
  IdToken: hour,
  RefreshToken: 100 * 24 * hour,
  Session: 2 * hour,
  Grant: 100 * 24 * hour,
  Interaction: 600,
};

function cookies({ cookieKey, cookiePrefix }: OpenIdProviderOptions): Configuration["cookies"] {
  const cookie = { path: "/", secure: true, sameSite: "lax", signed: true, httpOnly: true } as const;
  return {
    keys: [cookieKey],
    names: { session: `${cookiePrefix}session`, interaction: `${cookiePrefix}interaction`, resume: `${cookiePrefix}resume` },
    long: cookie,
    short: cookie,
  };
}

function features(vendor: string): Configuration["features"] {
  return {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: false },
    revocation: { enabled: false },
    introspection: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      // A vendor signs out at once when the relying party asks; the form is the library's guard against cross-site requests.
      logoutSource: (ctx: KoaContextWithOIDC, form: string) => {
        ctx.body = `<!doctype html><title>${vendor}: sign out</title><body onload="document.forms[0].submit()">${form.replace(
          "</form>",
          '<input type="hidden" name="logout" value="yes"><button id="sign-out">Sign out</button></form>',
        )}</body>`;
      },
      postLogoutSuccessSource: (ctx: KoaContextWithOIDC) => {
        ctx.body = signedOutPage(vendor);
      },
    },
  };
}

/** Whoever may sign in has agreed: the vendor asks nobody for consent. */
const grantOfRequest: NonNullable<Configuration["loadExistingGrant"]> = async (ctx) => {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) {
    return undefined;
  }
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(requestedScopes(ctx).join(" "));
  await grant.save();
  return grant;
};

/** The vendor alone decides what a token says; the library's own scope-to-claim mask knows nothing of claims named by an administrator. */
function letDirectoryDecideClaims(provider: Provider, directory: Directory): void {
  interface Open {
    available: Record<string, unknown>;
    client: { clientId: string };
  }
  provider.Claims.prototype.result = function (this: unknown): Promise<Record<string, unknown>> {
    const { available, client } = this as Open;
    const withheld = new Set(directory.withheldClaims);
    const said = Object.fromEntries(Object.entries(available).filter(([name]) => !withheld.has(name)));
    return Promise.resolve({ ...said, sub: directory.subject(String(available.sub), client.clientId) });
  };
}

function describeItself(provider: Provider, options: OpenIdProviderOptions): void {
  provider.use(async (ctx, next) => {
    await next();
    if (!ctx.path.endsWith(wellKnown) || typeof ctx.body !== "object" || ctx.body === null) {
      return;
    }
    ctx.body = { ...(ctx.body as object), subject_types_supported: [options.directory.subjectType ?? "public"], ...options.discovery };
  });
}

/** `offline_access` alone asks for a refresh token at the vendors; the library also wants `prompt=consent` (OIDC Core 11), which nobody sees here. */
function withConsentForOfflineAccess(target: URL): URL {
  const scopes = (target.searchParams.get("scope") ?? "").split(" ");
  const prompts = (target.searchParams.get("prompt") ?? "").split(" ").filter((word) => word !== "");
  if (scopes.includes("offline_access") && !prompts.includes("none") && !prompts.includes("consent")) {
    target.searchParams.set("prompt", [...prompts, "consent"].join(" "));
  }
  return target;
}

/** The library announces on import that it is tested on Node 22 and later; this project runs on 20.19 too and tests that itself. */
async function loadLibrary(): Promise<typeof oidc> {
  const { warn } = console;
  console.warn = (...words: unknown[]): void => {
    if (!String(words[0]).includes("Unsupported runtime")) {
      warn(...words);
    }
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

/** A real OpenID Provider for one issuer. Serve it over TLS only: its cookies are `Secure`. */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const library = await loadLibrary();
  const { directory, mount, paths } = options;
  const provider = new library.Provider(directory.issuer, configuration(options, library));
  letDirectoryDecideClaims(provider, directory);
  describeItself(provider, options);
  const callback = provider.callback() as (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const host = new URL(directory.issuer).host;
  const exact = new Set([paths.discovery, paths.token, paths.jwks, paths.userinfo].map((path) => mount + path));
  const prefixes = [paths.authorization, paths.endSession, paths.signIn].map((path) => mount + path);
  const owns = (path: string): boolean => exact.has(path) || prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));

  return {
    owns,
    handle: async (request, response, given) => {
      const target = requestTarget(request);
      if (target.pathname === mount + paths.authorization) {
        withConsentForOfflineAccess(target);
      }
      const body = given ?? (request.method === "GET" || request.method === "HEAD" ? Buffer.alloc(0) : await readBody(request));
      if (target.pathname.startsWith(`${mount}${paths.signIn}/`)) {
        await handleSignIn({ provider, directory, vendor: options.vendor, target }, request, response, body);
        return;
      }
      const path = target.pathname === mount + paths.discovery ? wellKnown : target.pathname.slice(mount.length);
      const copy = replayRequest(request, path + target.search, body);
      copy.headers.host = host;
      Object.assign(copy, { originalUrl: mount + path + target.search });
      await presentedSecret.run(secretOf(request, body), () => callback(copy, response));
    },
  };
}
