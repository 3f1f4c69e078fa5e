/** The pages of the relying party, under the chart's prefix path. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieOf, readText, redirect, sendHtml, sendJson } from "../../../machine/http";
import { askApiServer, rawCallSchema } from "../access-questions";
import type { ClusterApi } from "../cluster-api";
import type { OidcClient, PendingSignIn, Tokens } from "../oidc-client";
import { expectNoError, NotSignedIn, questionsOf, SignInRefusal } from "../page-server";
import { dashboardPage, errorPage } from "../pages";
import type { KastenSession, Sessions } from "../sessions";
import { dashboardUrl, type KastenConfiguration } from "./configuration";
import { kastenIdentity } from "./identity";

/** What the running pods hold. */
export interface Running {
  readonly configuration: KastenConfiguration;
  readonly callback: string;
  readonly oidc: OidcClient;
}

export interface PagesContext {
  current(): Running;
  readonly api: ClusterApi;
  readonly sessions: Sessions;
  readonly groupsFromUserInfo: boolean;
}

const sessionCookie = "k10-session";
const stateCookie = "k10-oidc-state";

/** A sign-in that is not finished after this many seconds starts anew. */
const pendingSeconds = 600;

export class KastenPages {
  private readonly pending = new Map<string, { readonly signIn: PendingSignIn; readonly running: Running; readonly until: number }>();

  public constructor(private readonly context: PagesContext) {}

  public async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const running = this.context.current();
    const callback = new URL(running.callback);
    const url = new URL(request.url ?? "/", callback.origin);
    const home = homePath(running);
    const session = this.context.sessions.get(cookieOf(request, sessionCookie));
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case `GET ${home.slice(0, -1)}`:
      case `GET ${home}`: {
        if (session === undefined) {
          return this.begin(running, response);
        }
        sendHtml(response, 200, dashboardPage(session.username, session.groups));
        return;
      }
      case `GET ${callback.pathname}`:
        return this.finish(request, response, url);
      case `GET ${home}whoami`: {
        const { groups, tokenExpiresAt, username } = signedIn(session);
        sendJson(response, 200, { groups, tokenExpiresAt, username });
        return;
      }
      case `POST ${home}can-i`: {
        sendJson(response, 200, await this.decisions(signedIn(session), request));
        return;
      }
      case `POST ${home}raw`: {
        sendJson(response, 200, await this.call(signedIn(session), request));
        return;
      }
      default: {
        sendHtml(response, 404, errorPage(`no page at ${url.pathname}; the dashboard is at ${home}`));
        return;
      }
    }
  }

  private async decisions(who: KastenSession, request: IncomingMessage): Promise<unknown> {
    const questions = await questionsOf(request);
    return Promise.all(questions.map(async (question) => ({ ...question, ...(await askApiServer(this.context.api, who, question)) })));
  }

  private async call(who: KastenSession, request: IncomingMessage): Promise<unknown> {
    const { method, path, body } = rawCallSchema.parse(JSON.parse(await readText(request)));
    const answer = await this.context.api.callAs(who, method, path, body);
    return { body: answer.body, status: answer.status };
  }

  private async begin(running: Running, response: ServerResponse): Promise<void> {
    const signIn = await running.oidc.begin();
    for (const [state, { until }] of this.pending) {
      if (until < Date.now()) {
        this.pending.delete(state);
      }
    }
    this.pending.set(signIn.state, { signIn, running, until: Date.now() + pendingSeconds * 1000 });
    redirect(response, signIn.authorizationUrl, setCookie(running, stateCookie, signIn.state, pendingSeconds));
  }

  private async finish(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    const waiting = this.pending.get(state);
    // The cookie ties the answer to the browser that asked (OAuth 2.0 security best practice, login CSRF); a state works once.
    if (!waiting || waiting.until < Date.now() || cookieOf(request, stateCookie) !== state) {
      throw new SignInRefusal("expected the answer to a sign-in that this browser started, got an unknown or used state", 400);
    }
    this.pending.delete(state);
    expectNoError(url.searchParams);
    const { running, signIn } = waiting;
    const session = await this.sessionOf(await running.oidc.finish(signIn, url), running.configuration);
    const value = this.context.sessions.add(session);
    redirect(response, homePath(running), setCookie(running, sessionCookie, value, running.configuration.sessionSeconds));
  }

  private async sessionOf(tokens: Tokens, configuration: KastenConfiguration): Promise<KastenSession> {
    const { groupClaim } = configuration;
    const missing = this.context.groupsFromUserInfo && groupClaim !== "" && tokens.claims[groupClaim] === undefined;
    const userInfo = missing ? await tokens.userInfo() : undefined;
    const claims = userInfo === undefined ? tokens.claims : { ...tokens.claims, [groupClaim]: userInfo[groupClaim] };
    return {
      ...kastenIdentity(claims, configuration),
      idToken: tokens.idToken,
      userInfo,
      claims,
      tokenExpiresAt: new Date(Number(tokens.claims["exp"]) * 1000).toISOString(),
      endsAt: Date.now() + configuration.sessionSeconds * 1000,
    };
  }
}

function signedIn(session: KastenSession | undefined): KastenSession {
  if (session === undefined) {
    throw new NotSignedIn("expected a signed-in session, got none: open the dashboard first");
  }
  return session;
}

function homePath(running: Running): string {
  return new URL(dashboardUrl(running.callback)).pathname;
}

function setCookie(running: Running, name: string, value: string, seconds: number): string {
  const secure = new URL(running.callback).protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=${homePath(running)}; Max-Age=${Math.floor(seconds)}; HttpOnly; SameSite=Lax${secure}`;
}
