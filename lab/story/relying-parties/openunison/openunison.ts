/**
 * OpenUnison's login portal and kube-oidc-proxy in one, for a cluster that runs no pods.
 *
 * Configured by what the charts rendered in the cluster and by nothing else: it signs people in at the callback of the `oidc` mechanism as
 * OpenIDConnectAuthMech does (secret in the body, PKCE where the provider knows it, max_age=0, no nonce), maps the claims as the chain says,
 * and asks the API server as the person, by impersonation, as the proxy does.
 */
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { questionSchema } from "../access-questions";
import { clusterApi } from "../cluster-api";
import { bodyOf, cookieOf, describeError, html, json, redirect } from "../http";
import { oidcClient, type OidcClient, type PendingSignIn } from "../oidc-client";
import { readPortal, type PortalConfiguration } from "./configuration";
import { directAccess, impersonation } from "./access";
import { withGroupNames } from "./directory";
import { mapClaims, OpenUnisonRefusal } from "./identity";
import { errorPage, signedInPage } from "../pages";
import type { RelyingParty, RelyingPartySurroundings } from "../relying-party";
import { Sessions } from "../sessions";

const sessionCookie = "tremolosession";
const stateCookie = "ou-state";

interface Portal {
  readonly configuration: PortalConfiguration;
  readonly oidc: OidcClient;
}

export interface OpenUnisonSurroundings extends RelyingPartySurroundings {
  /** The AuthenticationConfiguration that the stack exported, with direct trust. */
  readonly exportedTrust?: string;
}

export async function startOpenUnisonPortal(surroundings: OpenUnisonSurroundings): Promise<RelyingParty> {
  const api = clusterApi(surroundings.kubeconfigPath);
  const start = async (): Promise<Portal> => {
    const configuration = await readPortal(api);
    // What the stack made OpenUnison trust, and nothing else: an authority that is not in trusted_certs must fail here.
    const oidc = await oidcClient(
      {
        providerUrl: configuration.issuer,
        clientId: configuration.clientId,
        clientSecret: configuration.clientSecret,
        scopes: configuration.scopes,
        prompt: "",
        pkce: "auto",
        clientAuthentication: "client_secret_post",
        nonce: false,
        ...(configuration.forceAuthentication ? { maxAge: 0 } : {}),
      },
      `https://${configuration.host}${configuration.callbackPath}`,
      { ca: configuration.trusted.join("\n") },
    );
    return { configuration, oidc };
  };
  let portal = await start();
  const sessions = new Sessions();
  const pending = new Map<string, { readonly signIn: PendingSignIn; readonly portal: Portal }>();
  const server = createServer({ cert: surroundings.certificate.certPem, key: surroundings.certificate.keyPem }, (request, response) => {
    answer(request, response).catch((error: unknown) => html(response, 502, errorPage(describeError(error))));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { host } = portal.configuration;
  const origin = `https://${host}`;
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access =
    portal.configuration.proxy === undefined
      ? await directAccess(origin, address, surroundings)
      : await impersonation(api, portal.configuration.proxy, surroundings.kubeconfigPath);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    const session = sessions.get(cookieOf(request, sessionCookie));
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case "GET /": {
        if (session === undefined) {
          return begin(response);
        }
        html(response, 200, signedInPage(session.username));
        return;
      }
      case `GET ${portal.configuration.callbackPath}`:
        return finish(request, response, url);
      case "POST /can-i": {
        if (session === undefined) {
          json(response, 401, { error: "expected a signed-in session, got none" });
          return;
        }
        const questions = z.array(questionSchema).parse(JSON.parse(await bodyOf(request)));
        json(response, 200, await Promise.all(questions.map((question) => access.ask(session, question))));
        return;
      }
      default: {
        const document = request.method === "GET" ? access.document(url.pathname) : undefined;
        if (document === undefined) {
          html(response, 404, errorPage(`no page at ${url.pathname}`));
        } else {
          json(response, 200, document);
        }
        return;
      }
    }
  }

  async function begin(response: ServerResponse): Promise<void> {
    const signIn = await portal.oidc.begin();
    pending.set(signIn.state, { signIn, portal });
    redirect(response, signIn.authorizationUrl, `${stateCookie}=${signIn.state}; Path=/; HttpOnly; Secure; SameSite=Lax`);
  }

  async function finish(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    const waiting = pending.get(state);
    pending.delete(state);
    if (waiting === undefined || cookieOf(request, stateCookie) !== state) {
      html(response, 400, errorPage("expected the answer to a sign-in that this browser started, got an unknown state"));
      return;
    }
    if (url.searchParams.has("error")) {
      const reason = url.searchParams.get("error_description") ?? "no description";
      html(response, 403, errorPage(`${url.searchParams.get("error") ?? ""}: ${reason}`));
      return;
    }
    const { configuration } = waiting.portal;
    const tokens = await waiting.portal.oidc.finish(waiting.signIn, url);
    const userInfo = configuration.claimsFrom === "userinfo" ? await tokens.userInfo() : undefined;
    try {
      const person = mapClaims(userInfo ?? tokens.claims, configuration.mappings);
      const route = { ca: configuration.trusted.join("\n") };
      const identity = await access.identify(
        configuration.directory === undefined
          ? person
          : await withGroupNames(person, tokens.claims, configuration.directory, configuration.issuer, route),
      );
      const seconds = configuration.sessionSeconds;
      const value = sessions.add({
        ...identity,
        idToken: tokens.idToken,
        userInfo,
        claims: { ...tokens.claims, ...userInfo },
        tokenExpiresAt: new Date(Number(tokens.claims["exp"]) * 1000).toISOString(),
        endsAt: Date.now() + seconds * 1000,
      });
      redirect(response, `${origin}/`, `${sessionCookie}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`);
    } catch (error) {
      if (!(error instanceof OpenUnisonRefusal)) {
        throw error;
      }
      html(response, 403, errorPage(error.message));
    }
  }

  return {
    host: `${host}:443`,
    address,
    startUrl: `${origin}/`,
    // The proxy stands between: the API server knows neither the identity provider nor OpenUnison.
    tokensReachApiServer: false,
    session: (user) => sessions.of(user),
    async restartIfRolled() {
      const { generation } = await readPortal(api);
      if (generation === portal.configuration.generation) {
        return [];
      }
      portal = await start();
      return ["openunison-orchestra"];
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
