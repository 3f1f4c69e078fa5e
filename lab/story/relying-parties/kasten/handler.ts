/** The pages of the relying party, under the chart's prefix path. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import { askApiServer, questionSchema, rawCallSchema } from "../access-questions";
import type { ClusterApi } from "../cluster-api";
import { dashboardUrl, type KastenConfiguration } from "./configuration";
import { bodyOf, cookieOf, describeError, html, json, redirect } from "../http";
import { kastenIdentity, KastenRefusal } from "./identity";
import type { OidcClient, PendingSignIn, Tokens } from "../oidc-client";
import { dashboardPage, errorPage } from "../pages";
import type { KastenSession, Sessions } from "../sessions";

/** What the running pods hold. */
export interface Running {
  readonly configuration: KastenConfiguration;
  readonly callback: string;
  readonly oidc: OidcClient;
}

export interface HandlerContext {
  current(): Running;
  readonly api: ClusterApi;
  readonly sessions: Sessions;
  readonly groupsFromUserInfo: boolean;
}

const sessionCookie = "k10-session";
const stateCookie = "k10-oidc-state";

/** A sign-in that is not finished after this many seconds starts anew. */
const pendingSeconds = 600;

export function kastenHandler(context: HandlerContext): RequestListener {
  const pending = new Map<string, { readonly signIn: PendingSignIn; readonly running: Running; readonly until: number }>();
  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      // Messages of openid-client and of ours name claims and codes, never a token or a secret.
      html(response, error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 502, errorPage(describeError(error)));
    });
  };

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const running = context.current();
    const callback = new URL(running.callback);
    const url = new URL(request.url ?? "/", callback.origin);
    const home = homePath(running);
    const session = context.sessions.get(cookieOf(request, sessionCookie));
    const target = `${request.method ?? ""} ${url.pathname}`;
    switch (target) {
      case `GET ${home.slice(0, -1)}`:
      case `GET ${home}`: {
        if (session === undefined) {
          return begin(running, response);
        }
        html(response, 200, dashboardPage(session.username, session.groups));
        return;
      }
      case `GET ${callback.pathname}`:
        return finish(request, response, url);
      case `GET ${home}whoami`:
        return withSession(session, response, ({ username, groups, tokenExpiresAt }) => {
          json(response, 200, { groups, tokenExpiresAt, username });
        });
      case `POST ${home}can-i`:
        return withSession(session, response, async (who) => {
          const questions = z.array(questionSchema).parse(JSON.parse(await bodyOf(request)));
          json(
            response,
            200,
            await Promise.all(questions.map(async (question) => ({ ...question, ...(await askApiServer(context.api, who, question)) }))),
          );
        });
      case `POST ${home}raw`:
        return withSession(session, response, async (who) => {
          const call = rawCallSchema.parse(JSON.parse(await bodyOf(request)));
          const answer = await context.api.callAs(who, call.method, call.path, call.body);
          json(response, 200, { body: answer.body, status: answer.status });
        });
      default: {
        html(response, 404, errorPage(`no page at ${url.pathname}; the dashboard is at ${home}`));
        return;
      }
    }
  }

  async function begin(running: Running, response: ServerResponse): Promise<void> {
    const signIn = await running.oidc.begin();
    for (const [state, { until }] of pending) {
      if (until < Date.now()) {
        pending.delete(state);
      }
    }
    pending.set(signIn.state, { signIn, running, until: Date.now() + pendingSeconds * 1000 });
    redirect(response, signIn.authorizationUrl, setCookie(running, stateCookie, signIn.state, pendingSeconds));
  }

  async function finish(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    const waiting = pending.get(state);
    // The cookie ties the answer to the browser that asked (OAuth 2.0 security best practice, login CSRF); a state works once.
    if (!waiting || waiting.until < Date.now() || cookieOf(request, stateCookie) !== state) {
      html(response, 400, errorPage("expected the answer to a sign-in that this browser started, got an unknown or used state"));
      return;
    }
    pending.delete(state);
    if (url.searchParams.has("error")) {
      const reason = url.searchParams.get("error_description") ?? "no description";
      html(response, 403, errorPage(`${url.searchParams.get("error") ?? ""}: ${reason}`));
      return;
    }
    const { running } = waiting;
    const tokens = await running.oidc.finish(waiting.signIn, url);
    let session: KastenSession;
    try {
      session = await sessionOf(tokens, running.configuration);
    } catch (error) {
      if (error instanceof KastenRefusal) {
        html(response, 403, errorPage(error.message));
        return;
      }
      throw error;
    }
    const value = context.sessions.add(session);
    redirect(response, homePath(running), setCookie(running, sessionCookie, value, running.configuration.sessionSeconds));
  }

  async function sessionOf(tokens: Tokens, configuration: KastenConfiguration): Promise<KastenSession> {
    const { groupClaim } = configuration;
    const missing = context.groupsFromUserInfo && groupClaim !== "" && tokens.claims[groupClaim] === undefined;
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

async function withSession(
  session: KastenSession | undefined,
  response: ServerResponse,
  act: (session: KastenSession) => void | Promise<void>,
): Promise<void> {
  if (session === undefined) {
    json(response, 401, { error: "expected a signed-in session, got none: open the dashboard first" });
    return;
  }
  await act(session);
}

function homePath(running: Running): string {
  return new URL(dashboardUrl(running.callback)).pathname;
}

function setCookie(running: Running, name: string, value: string, seconds: number): string {
  const secure = new URL(running.callback).protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=${homePath(running)}; Max-Age=${Math.floor(seconds)}; HttpOnly; SameSite=Lax${secure}`;
}
