/**
 * A relying party in place of KubeSphere's console and API server, for a cluster that runs no pods: configured by what the
 * stack wrote into the cluster, it follows KubeSphere's rules of sign-in, and answers as KubeSphere's authoriser would.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieOf, redirect, sendHtml, sendJson } from "../../../machine/http";
import type { Route } from "../../sign-in/transport";
import { clusterApi, type ClusterApi } from "../cluster-api";
import { askKubeSphere } from "./access";
import { providerFor, usersOf } from "./configuration";
import { identityOf, mappedAccount, requestedScopes, type Provider } from "./rules";
import { discover, type ClientConfiguration, type OpenIdClient } from "../oidc-client";
import type { RelyingParty, RelyingPartySurroundings } from "../contract";
import { expectNoError, NotSignedIn, questionsOf, servePages, SignInRefusal } from "../page-server";
import { consolePage, errorPage } from "../pages";

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
  const url = new URL(redirectUri);
  const pages = await servePages({ url, certificate: options.certificate }, (request, response) =>
    platformConsole.answer(request, response),
  );
  return {
    ...pages,
    startUrl: `${url.origin}/`,
    session: (user) => platformConsole.session(user),
    // Its API server watches the objects: there is nothing to roll.
    restartIfRolled: async () => {
      await platformConsole.read();
      return [];
    },
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

  public async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const callback = new URL(this.options.redirectUri);
    const url = new URL(request.url ?? "/", callback.origin);
    const session = this.sessions.get(cookieOf(request, cookieName) ?? "");
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case "GET /": {
        if (session === undefined) {
          this.begin(response);
        } else {
          sendHtml(response, 200, consolePage(session.account));
        }
        return;
      }
      case `GET ${callback.pathname}`:
        return this.finish(url, response);
      case "GET /whoami": {
        const { account, username } = signedIn(session);
        sendJson(response, 200, { account, username });
        return;
      }
      case "POST /can-i": {
        const { account } = signedIn(session);
        const questions = await questionsOf(request);
        const decisions = questions.map((question) => askKubeSphere(this.api, this.options.release, account, question));
        sendJson(response, 200, await Promise.all(decisions));
        return;
      }
      default: {
        sendHtml(response, 404, errorPage(`no page at ${url.pathname}`));
        return;
      }
    }
  }

  /** The console's own redirect: a code flow without PKCE and nonce, with KubeSphere's treatment of scopes. */
  private begin(response: ServerResponse): void {
    const { client, provider } = this.running();
    const state = randomBytes(16).toString("base64url");
    this.pending.add(state);
    const target = this.library.buildAuthorizationUrl(client, {
      redirect_uri: provider.provider.redirectURL,
      scope: requestedScopes(provider.provider.scopes).join(" "),
      state,
    });
    redirect(response, target.href);
  }

  private async finish(url: URL, response: ServerResponse): Promise<void> {
    const state = url.searchParams.get("state") ?? "";
    if (!this.pending.delete(state)) {
      throw new SignInRefusal("expected the answer to a sign-in that was started here, got an unknown or used state", 400);
    }
    expectNoError(url.searchParams);
    const { client, provider } = this.running();
    const tokens = await this.library.authorizationCodeGrant(client, url, { expectedState: state, idTokenExpected: true });
    const fromToken = tokens.claims();
    if (tokens.id_token === undefined || fromToken === undefined) {
      throw new SignInRefusal("no id_token in token response");
    }
    const more = provider.provider.getUserInfo ? await this.library.fetchUserInfo(client, tokens.access_token, fromToken.sub) : {};
    const identity = identityOf({ ...fromToken, ...more }, provider.provider);
    const users = await usersOf(this.api, this.options.release);
    const mapping = mappedAccount(this.options.release, provider, identity, users);
    if (mapping.takesOver !== undefined) {
      throw new SignInRefusal("mapping method auto would make or take over an account; the lab's stacks map every person beforehand");
    }
    const cookie = randomBytes(24).toString("base64url");
    const { account } = mapping;
    this.sessions.set(cookie, { account, username: identity.subject, email: identity.email, groups: [], idToken: tokens.id_token });
    const secure = new URL(this.options.redirectUri).protocol === "https:" ? "; Secure" : "";
    redirect(response, "/", `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Lax${secure}`);
  }

  private running(): NonNullable<Console["current"]> {
    if (this.current === undefined) {
      throw new Error("KubeSphere: the identity provider was not read yet");
    }
    return this.current;
  }
}

function signedIn(session: Session | undefined): Session {
  if (session === undefined) {
    throw new NotSignedIn("expected a signed-in session, got none: open the console first");
  }
  return session;
}
