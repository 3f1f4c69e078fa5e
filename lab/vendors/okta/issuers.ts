import type { JWK } from "jose" with { "resolution-mode": "import" };
import { orgDirectory, serverDirectory } from "./directory";
import type { OktaStore } from "./store";
import { createOpenIdProvider, type OpenIdPaths, type OpenIdProvider } from "../openid/openid-provider";
import type { TokenStorage } from "../openid/token-storage";

const customServerPath = /^\/oauth2\/([A-Za-z0-9]+)(\/.*)$/;
const vendor = "Okta";

/** Okta's own paths: developer.okta.com/docs/reference/api/oidc, "Composing your base URL". */
function paths(prefix: string): OpenIdPaths {
  return {
    discovery: "/.well-known/openid-configuration",
    authorization: `${prefix}/v1/authorize`,
    token: `${prefix}/v1/token`,
    jwks: `${prefix}/v1/keys`,
    userinfo: `${prefix}/v1/userinfo`,
    endSession: `${prefix}/v1/logout`,
    signIn: "/signin",
  };
}

/** Okta's words on its error pages, where they are known; the redirect URI's is what people search for. */
function errorText(code: string, description: string): string {
  if (description.includes("redirect_uri")) {
    return "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
  }
  if (code === "invalid_client") {
    return "Invalid value for 'client_id' parameter.";
  }
  return description;
}

/** The org authorization server and every custom one, found by the path of a request. */
export class OktaIssuers {
  private org: Promise<OpenIdProvider> | undefined;
  private readonly custom = new Map<string, { scopes: string; provider: Promise<OpenIdProvider> }>();

  constructor(
    private readonly store: OktaStore,
    private readonly orgUrl: string,
    private readonly signingKey: JWK,
    private readonly cookieKey: string,
    private readonly storage: TokenStorage,
  ) {}

  /** The issuer to which the path belongs, or undefined when it belongs to none (then it is the management API's). */
  async find(path: string): Promise<OpenIdProvider | undefined> {
    const [, id, rest] = customServerPath.exec(path) ?? [];
    const server =
      id === undefined || id === "v1" ? undefined : this.store.state.authorizationServers.find((candidate) => candidate.id === id);
    if (server !== undefined && rest !== undefined) {
      if (server.status !== "ACTIVE") {
        return undefined;
      }
      const provider = await this.customProvider(server.id);
      return provider.owns(path) ? provider : undefined;
    }
    this.org ??= createOpenIdProvider({
      ...this.common(),
      directory: orgDirectory(this.store, this.orgUrl),
      mount: "",
      paths: paths("/oauth2"),
    });
    const org = await this.org;
    return org.owns(path) ? org : undefined;
  }

  private common(): Omit<Parameters<typeof createOpenIdProvider>[0], "directory" | "mount" | "paths"> {
    const { signingKey, storage, cookieKey } = this;
    return { signingKey, storage, cookieKey, cookiePrefix: "okta", vendor: vendor, errorText };
  }

  /** The library fixes its scopes when it is made, so a server whose scopes have changed gets a new provider over the same storage. */
  private customProvider(id: string): Promise<OpenIdProvider> {
    const server = this.store.authorizationServer(id);
    const scopes = server.scopes.map((scope) => scope.name).join(" ");
    const known = this.custom.get(id);
    if (known?.scopes === scopes) {
      return known.provider;
    }
    const directory = serverDirectory(this.store, this.orgUrl, server);
    const provider = createOpenIdProvider({ ...this.common(), directory, mount: `/oauth2/${id}`, paths: paths("") });
    this.custom.set(id, { scopes, provider });
    return provider;
  }
}
