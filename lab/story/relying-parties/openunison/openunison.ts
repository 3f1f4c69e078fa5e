/**
 * OpenUnison's login portal and kube-oidc-proxy in one, for a cluster that runs no pods.
 *
 * Configured by what the charts rendered in the cluster and by nothing else: it signs people in at the callback of the `oidc` mechanism as
 * OpenIDConnectAuthMech does (secret in the body, PKCE where the provider knows it, max_age=0, no nonce), maps the claims as the chain says,
 * and asks the API server as the person, by impersonation, as the proxy does.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieOf, redirect, sendHtml, sendJson } from "../../../machine/http";
import { clusterApi, type ClusterApi } from "../cluster-api";
import type { RelyingParty } from "../contract";
import { oidcClient, type OidcClient, type PendingSignIn, type Tokens } from "../oidc-client";
import { expectNoError, NotSignedIn, questionsOf, servePages, SignInRefusal, type PageServer } from "../page-server";
import { errorPage, signedInPage } from "../pages";
import { Sessions, type KastenSession } from "../sessions";
import { directAccess, impersonation, type Access, type OpenUnisonSurroundings } from "./access";
import { readPortal, type PortalConfiguration } from "./configuration";
import { withGroupNames } from "./directory";
import { mapClaims } from "./identity";

const sessionCookie = "tremolosession";
const stateCookie = "ou-state";
const attributes = "HttpOnly; Secure; SameSite=Lax";

interface Running {
  readonly configuration: PortalConfiguration;
  readonly oidc: OidcClient;
}

export async function startOpenUnisonPortal(surroundings: OpenUnisonSurroundings): Promise<RelyingParty> {
  const api = clusterApi(surroundings.kubeconfigPath);
  const portal = new Portal(api, await start(api));
  const pages = await servePages({ url: portal.origin, certificate: surroundings.certificate }, (request, response) =>
    portal.answer(request, response),
  );
  await portal.open(pages, surroundings);
  return {
    host: pages.host,
    address: pages.address,
    startUrl: portal.origin.href,
    // The proxy stands between: the API server knows neither the identity provider nor OpenUnison.
    tokensReachApiServer: false,
    session: (user) => portal.sessions.of(user),
    restartIfRolled: () => portal.restartIfRolled(),
    stop: () => pages.stop(),
  };
}

/** What the stack made OpenUnison trust, and nothing else: an authority that is not in trusted_certs must fail here. */
async function start(api: ClusterApi): Promise<Running> {
  const configuration = await readPortal(api);
  const settings = {
    providerUrl: configuration.issuer,
    clientId: configuration.clientId,
    clientSecret: configuration.clientSecret,
    scopes: configuration.scopes,
    prompt: "",
    pkce: "auto",
    clientAuthentication: "client_secret_post",
    nonce: false,
    ...(configuration.forceAuthentication ? { maxAge: 0 } : {}),
  } as const;
  const callback = `https://${configuration.host}${configuration.callbackPath}`;
  return { configuration, oidc: await oidcClient(settings, callback, routeOf(configuration)) };
}

const routeOf = ({ trusted }: PortalConfiguration): { readonly ca: string } => ({ ca: trusted.join("\n") });

class Portal {
  public readonly sessions = new Sessions();
  public readonly origin: URL;
  private readonly pending = new Map<string, { readonly signIn: PendingSignIn; readonly running: Running }>();
  private access: Access | undefined;

  public constructor(
    private readonly api: ClusterApi,
    private running: Running,
  ) {
    this.origin = new URL(`https://${running.configuration.host}/`);
  }

  /** Chooses the way to the API server, once it is known where the portal's own documents are served. */
  public async open({ address }: PageServer, surroundings: OpenUnisonSurroundings): Promise<void> {
    const { proxy } = this.running.configuration;
    this.access =
      proxy === undefined
        ? await directAccess(this.origin.origin, address, surroundings)
        : await impersonation(this.api, proxy, surroundings.kubeconfigPath);
  }

  public async restartIfRolled(): Promise<readonly string[]> {
    const { generation } = await readPortal(this.api);
    if (generation === this.running.configuration.generation) {
      return [];
    }
    this.running = await start(this.api);
    return ["openunison-orchestra"];
  }

  public async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin);
    const session = this.sessions.get(cookieOf(request, sessionCookie));
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case "GET /": {
        if (session === undefined) {
          return this.begin(response);
        }
        sendHtml(response, 200, signedInPage(session.username));
        return;
      }
      case `GET ${this.running.configuration.callbackPath}`:
        return this.finish(request, response, url);
      case "POST /can-i": {
        sendJson(response, 200, await this.decisions(request, session));
        return;
      }
      default: {
        this.document(request, response, url);
        return;
      }
    }
  }

  private async decisions(request: IncomingMessage, session: KastenSession | undefined): Promise<unknown> {
    if (session === undefined) {
      throw new NotSignedIn("expected a signed-in session, got none");
    }
    const questions = await questionsOf(request);
    return Promise.all(questions.map((question) => this.wayIn().ask(session, question)));
  }

  private document(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const document = request.method === "GET" ? this.wayIn().document(url.pathname) : undefined;
    if (document === undefined) {
      sendHtml(response, 404, errorPage(`no page at ${url.pathname}`));
    } else {
      sendJson(response, 200, document);
    }
  }

  private async begin(response: ServerResponse): Promise<void> {
    const signIn = await this.running.oidc.begin();
    this.pending.set(signIn.state, { signIn, running: this.running });
    redirect(response, signIn.authorizationUrl, `${stateCookie}=${signIn.state}; Path=/; ${attributes}`);
  }

  private async finish(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    const waiting = this.pending.get(state);
    this.pending.delete(state);
    if (waiting === undefined || cookieOf(request, stateCookie) !== state) {
      throw new SignInRefusal("expected the answer to a sign-in that this browser started, got an unknown state", 400);
    }
    expectNoError(url.searchParams);
    const { configuration, oidc } = waiting.running;
    const value = this.sessions.add(await this.sessionOf(await oidc.finish(waiting.signIn, url), configuration));
    redirect(response, this.origin.href, `${sessionCookie}=${value}; Path=/; Max-Age=${configuration.sessionSeconds}; ${attributes}`);
  }

  private async sessionOf(tokens: Tokens, configuration: PortalConfiguration): Promise<KastenSession> {
    const { claims, idToken } = tokens;
    const { claimsFrom, directory, issuer, mappings, sessionSeconds } = configuration;
    const userInfo = claimsFrom === "userinfo" ? await tokens.userInfo() : undefined;
    const mapped = mapClaims(userInfo ?? claims, mappings);
    const person = directory === undefined ? mapped : await withGroupNames(mapped, claims, directory, issuer, routeOf(configuration));
    return {
      ...(await this.wayIn().identify(person)),
      idToken,
      userInfo,
      claims: { ...claims, ...userInfo },
      tokenExpiresAt: new Date(Number(claims["exp"]) * 1000).toISOString(),
      endsAt: Date.now() + sessionSeconds * 1000,
    };
  }

  private wayIn(): Access {
    if (this.access === undefined) {
      throw new Error("OpenUnison: the portal is still starting");
    }
    return this.access;
  }
}
