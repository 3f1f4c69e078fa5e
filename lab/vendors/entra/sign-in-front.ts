import type { IncomingMessage, ServerResponse } from "node:http";
import type { JSONWebKeySet } from "jose" with { "resolution-mode": "import" };
import { readBody, sendHtml, sendJson } from "../../machine/http";
import type { OpenIdProvider } from "../openid/openid-provider";
import { errorPage } from "../openid/pages";
import type { TokenStorage } from "../openid/token-storage";
import type { AccessTokens } from "./access-tokens";
import { authenticateClient, grantClientCredentials, presentedCredentials } from "./client-credentials";
import type { EntraDirectory } from "./directory";
import type { TenantStore } from "./graph/store";
import { vendor } from "./pages";
import { TokenServiceError, parameterMissing, tenantNotFound } from "./sign-in-errors";
import { SignInGuard } from "./sign-in-guard";

export interface SignInFrontOptions {
  readonly store: TenantStore;
  readonly directory: EntraDirectory;
  readonly storage: TokenStorage;
  readonly provider: OpenIdProvider;
  /** `/<tenant>` */
  readonly mount: string;
  readonly graphUrl: string;
  readonly tokens: AccessTokens;
  readonly federatedIssuers: Readonly<Record<string, JSONWebKeySet>>;
  readonly domains: readonly string[];
}

const discovery = "/v2.0/.well-known/openid-configuration";

/** Everything of the tenant that is not Graph: Entra's own checks first, then the OpenID Provider. */
export class SignInFront {
  private readonly guard: SignInGuard;

  constructor(private readonly options: SignInFrontOptions) {
    this.guard = new SignInGuard(options.store, options.directory, options.storage);
  }

  async handle(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const { mount, provider, domains, store } = this.options;
    const { pathname } = target;
    const tenant = pathname.split("/")[1] ?? "";
    if (pathname === "/oidc/userinfo") {
      request.url = `${mount}/openid/userinfo${target.search}`;
      await provider.handle(request, response);
    } else if (domains.includes(tenant) && pathname === `/${tenant}${discovery}`) {
      request.url = mount + discovery;
      await provider.handle(request, response);
    } else if (pathname.endsWith("/oauth2/v2.0/token") && `/${tenant}` !== mount) {
      const error = tenantNotFound(tenant);
      sendJson(response, error.status, error.body(store.now()));
    } else if (!provider.owns(pathname)) {
      sendHtml(response, 404, errorPage(vendor, "AADSTS900561", `Nothing is served at ${pathname}.`));
    } else {
      await this.checked(request, response, target);
    }
  }

  /** What the provider serves, where Entra checks something before it. */
  private async checked(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const { mount, provider, directory } = this.options;
    const { pathname } = target;
    const authorize = `${mount}/oauth2/v2.0/authorize`;
    if (pathname === `${mount}/oauth2/v2.0/token`) {
      await this.token(request, response, target);
    } else if (pathname.startsWith(`${mount}/login/`)) {
      await this.signInPage(request, response, target);
    } else if (pathname.startsWith(`${authorize}/`)) {
      const facts = await this.guard.factsOf(pathname.slice(authorize.length + 1));
      await directory.during(facts, () => provider.handle(request, response));
    } else if (pathname === authorize) {
      const facts = this.guard.authorization(target, response);
      if (facts !== undefined) {
        request.url = target.pathname + target.search;
        await directory.during(facts, () => provider.handle(request, response));
      }
    } else {
      await provider.handle(request, response);
    }
  }

  private async token(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const body = await readBody(request);
    try {
      await this.grantToken(request, response, body);
    } catch (error) {
      if (!(error instanceof TokenServiceError)) {
        throw error;
      }
      sendJson(response, error.status, error.body(this.options.store.now()), { "x-ms-path": target.pathname });
    }
  }

  private async grantToken(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const form = new URLSearchParams(body.toString("utf8"));
    const presented = presentedCredentials(request.headers.authorization, form);
    const grant = form.get("grant_type");
    if (grant === null) {
      throw parameterMissing("grant_type");
    }
    const redirectUri = form.get("redirect_uri") ?? undefined;
    const application = await authenticateClient(this.options, presented, { redirectUri, refreshing: grant === "refresh_token" });
    if (grant === "client_credentials") {
      sendJson(response, 200, await grantClientCredentials(this.options, application, form));
      return;
    }
    if (presented.assertion !== undefined) {
      // The provider behind knows secrets only; federated clients are for client credentials here.
      const message = "Federated client credentials are emulated for client_credentials only.";
      throw new TokenServiceError(400, "invalid_request", 70003, message);
    }
    const facts = { redirectUri, secretIn: presented.secretIn, withoutSecret: presented.secret === undefined };
    await this.options.directory.during(facts, () => this.options.provider.handle(request, response, body));
  }

  private async signInPage(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const id = target.pathname.slice(target.pathname.lastIndexOf("/") + 1);
    const body = request.method === "POST" ? await readBody(request) : Buffer.alloc(0);
    const passed = await this.guard.interaction(id, request, response, target, body);
    if (passed !== undefined) {
      await this.options.directory.during(passed.facts, () => this.options.provider.handle(request, response, passed.body));
    }
  }
}
