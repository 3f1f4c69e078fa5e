/**
 * A relying party in place of KubeSphere's console and API server, for a cluster that runs no pods: configured by what the
 * stack wrote into the cluster, it follows KubeSphere's rules of sign-in, and answers as KubeSphere's authoriser would.
 */
import { randomBytes } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { authority, type Route } from "../../sign-in/transport";
import { questionSchema } from "../access-questions";
import { clusterApi, type ClusterApi } from "../cluster-api";
import { bodyOf, cookieOf, describeError, html, json } from "../http";
import { askKubeSphere } from "./access";
import { providerFor, usersOf } from "./configuration";
import { identityOf, KubeSphereRefusal, mappedAccount, requestedScopes, type Provider } from "./rules";
import { discover, type ClientConfiguration, type OpenIdClient } from "../oidc-client";
import { consolePage, errorPage } from "../pages";
import type { RelyingParty, RelyingPartySurroundings } from "../relying-party";

export interface KubeSphereOptions extends Omit<RelyingPartySurroundings, "trusted"> {
  readonly release: 3 | 4;
  /** The callback as it is registered; its last part names the provider. */
  readonly redirectUri: string;
  /** Where the identity provider's host really listens, when DNS does not know it. */
  readonly hostMap?: Route["hostMap"];
}

interface Session {
  readonly account: string;
  readonly username: string;
  readonly email: string;
  readonly groups: readonly [];
  readonly idToken: string;
}

const cookieName = "kubesphere-session";

export async function startKubeSphere(options: KubeSphereOptions): Promise<RelyingParty> {
  const { redirectUri } = options;
  const api = clusterApi(options.kubeconfigPath);
  const library = await import("openid-client");
  const platformConsole = new Console(options, api, library);
  await platformConsole.read();
  const handler: http.RequestListener = (request, response) => {
    platformConsole.answer(request, response).catch((error: unknown) => {
      const refused = error instanceof KubeSphereRefusal;
      html(response, refused ? 403 : 502, errorPage(describeError(error)));
    });
  };
  const url = new URL(redirectUri);
  const { certPem: cert, keyPem: key } = options.certificate;
  const server = url.protocol === "http:" ? http.createServer(handler) : https.createServer({ cert, key }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: authority(url),
    address: `127.0.0.1:${port}`,
    startUrl: `${url.origin}/`,
    session: (user) => platformConsole.session(user),
    // Its API server watches the objects: there is nothing to roll.
    restartIfRolled: async () => {
      await platformConsole.read();
      return [];
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

class Console {
  private readonly sessions = new Map<string, Session>();
  private readonly pending = new Set<string>();
  private current: { readonly provider: Provider; readonly client: ClientConfiguration } | undefined;

  public constructor(
    private readonly options: KubeSphereOptions,
    private readonly api: ClusterApi,
    private readonly library: OpenIdClient,
  ) {}

  /** Reads the provider anew and discovers its issuer, as a change of the Secret or the custom resource makes KubeSphere do. */
  public async read(): Promise<void> {
    const provider = await providerFor(this.api, this.options.release, this.options.redirectUri);
    const { issuer, clientID, clientSecret } = provider.provider;
    const client = await discover(this.library, { providerUrl: issuer, clientId: clientID, clientSecret }, this.options);
    this.current = { provider, client };
  }

  public session(user: string): Session | undefined {
    return [...this.sessions.values()].reverse().find((session) => [session.account, session.username, session.email].includes(user));
  }

  public async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const callback = new URL(this.options.redirectUri);
    const url = new URL(request.url ?? "/", callback.origin);
    const session = this.sessions.get(cookieOf(request, cookieName) ?? "");
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case "GET /": {
        if (session === undefined) {
          this.begin(response);
          return;
        }
        html(response, 200, consolePage(session.account));
        return;
      }
      case `GET ${callback.pathname}`:
        return this.finish(url, response);
      case "GET /whoami": {
        if (session === undefined) {
          signInFirst(response);
          return;
        }
        json(response, 200, { account: session.account, username: session.username });
        return;
      }
      case "POST /can-i": {
        if (session === undefined) {
          signInFirst(response);
          return;
        }
        const questions = z.array(questionSchema).parse(JSON.parse(await bodyOf(request)));
        const ask = (question: (typeof questions)[number]) => askKubeSphere(this.api, this.options.release, session.account, question);
        json(response, 200, await Promise.all(questions.map(ask)));
        return;
      }
      default: {
        html(response, 404, errorPage(`no page at ${url.pathname}`));
        return;
      }
    }
  }

  /** The console's own redirect: a code flow without PKCE and nonce, with KubeSphere's treatment of scopes. */
  private begin(response: http.ServerResponse): void {
    const { client, provider } = this.running();
    const state = randomBytes(16).toString("base64url");
    this.pending.add(state);
    const target = this.library.buildAuthorizationUrl(client, {
      redirect_uri: provider.provider.redirectURL,
      scope: requestedScopes(provider.provider.scopes).join(" "),
      state,
    });
    response.writeHead(302, { location: target.href, "cache-control": "no-store" }).end();
  }

  private async finish(url: URL, response: http.ServerResponse): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    if (!this.pending.delete(state)) {
      html(response, 400, errorPage("expected the answer to a sign-in that was started here, got an unknown or used state"));
      return;
    }
    if (url.searchParams.has("error")) {
      const reason = url.searchParams.get("error_description") ?? "no description";
      html(response, 403, errorPage(`${url.searchParams.get("error") ?? ""}: ${reason}`));
      return;
    }
    const { client, provider } = this.running();
    const tokens = await this.library.authorizationCodeGrant(client, url, { expectedState: state, idTokenExpected: true });
    const fromToken = tokens.claims();
    if (tokens.id_token === undefined || fromToken === undefined) {
      throw new KubeSphereRefusal("no id_token in token response");
    }
    const more = provider.provider.getUserInfo ? await this.library.fetchUserInfo(client, tokens.access_token, fromToken.sub) : {};
    const identity = identityOf({ ...fromToken, ...more }, provider.provider);
    const users = await usersOf(this.api, this.options.release);
    const mapping = mappedAccount(this.options.release, provider, identity, users);
    if (mapping.takesOver !== undefined) {
      throw new KubeSphereRefusal("mapping method auto would make or take over an account; the lab's stacks map every person beforehand");
    }
    const cookie = randomBytes(24).toString("base64url");
    const { account } = mapping;
    this.sessions.set(cookie, { account, username: identity.subject, email: identity.email, groups: [], idToken: tokens.id_token });
    const secure = new URL(this.options.redirectUri).protocol === "https:" ? "; Secure" : "";
    response
      .writeHead(302, {
        location: "/",
        "set-cookie": `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Lax${secure}`,
        "cache-control": "no-store",
      })
      .end();
  }

  private running(): NonNullable<Console["current"]> {
    if (this.current === undefined) {
      throw new Error("KubeSphere: the identity provider was not read yet");
    }
    return this.current;
  }
}

function signInFirst(response: http.ServerResponse): void {
  json(response, 401, { error: "expected a signed-in session, got none: open the console first" });
}
