// Client of Keycloak's admin API: signs in as a service account, sends, and never tries again (as the official plugin does not).
import { STATUS_CODES } from "node:http";
import { Agent } from "node:https";
import { sendRequest, type HttpReply } from "../provider/http";
import { objectOf, objectsOf, parseJson, textOf } from "../provider/json";
import type { Properties, Value } from "../provider/values";
import type { KeycloakConfig } from "./config";

/** A refusal by the server, in the words of the official plugin (keycloak/terraform-provider-keycloak keycloak/keycloak_client.go). */
export class KeycloakError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Renew this long before a token ends, in milliseconds. */
const tokenMargin = 10_000;

export class KeycloakClient {
  private readonly agent: Agent | undefined;
  private token: { readonly value: Promise<string>; expires: number } | undefined;

  constructor(private readonly config: KeycloakConfig) {
    this.agent = config.rootCaCertificate === undefined ? undefined : new Agent({ keepAlive: true, ca: config.rootCaCertificate });
  }

  /** Signs in and asks for the server's version, as the official plugin does at every start. */
  async login(): Promise<void> {
    if (this.config.initialLogin) {
      await this.accessToken().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`error initializing keycloak provider: failed to perform initial login to Keycloak: ${reason}`);
      });
      await this.exchange("GET", "/admin/serverinfo");
    }
  }

  /** @param path below `/admin/realms/`, with the realm's name first */
  async get(path: string): Promise<Properties> {
    return objectOf((await this.exchange("GET", realmPath(path))).value);
  }

  /** Like `get`, but undefined where the server answers 404. */
  find(path: string): Promise<Properties | undefined> {
    return this.get(path).catch(undefinedIfGone);
  }

  async list(path: string): Promise<Properties[]> {
    return objectsOf((await this.exchange("GET", realmPath(path))).value);
  }

  /** @returns the last segment of the new object's address */
  async create(path: string, body: Value): Promise<string> {
    const { location } = await this.exchange("POST", realmPath(path), body);
    return decodeURIComponent(location?.split("/").at(-1) ?? "");
  }

  async post(path: string, body?: Value): Promise<Properties> {
    return objectOf((await this.exchange("POST", realmPath(path), body)).value);
  }

  async put(path: string, body?: Value): Promise<void> {
    await this.exchange("PUT", realmPath(path), body);
  }

  async remove(path: string, body?: Value): Promise<void> {
    await this.exchange("DELETE", realmPath(path), body);
  }

  private async exchange(method: string, path: string, body?: Value): Promise<{ value: Value; location?: string }> {
    const reply = await this.request(method, path, { authorization: `Bearer ${await this.accessToken()}` }, body);
    const what = `${method} ${path}`;
    return { value: reply.body.trim() === "" ? {} : parseJson(reply.body, what), location: reply.headers.location };
  }

  private async request(method: string, path: string, headers: Record<string, string>, body?: Value): Promise<HttpReply> {
    const url = new URL(`${this.config.baseUrl}${path}`);
    const reply = await sendRequest({
      method,
      url,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      timeout: this.config.timeout,
      agent: this.agent,
    });
    if (reply.status >= 400) {
      const said = reply.body === "" ? "" : ` Response body: ${reply.body}`;
      throw new KeycloakError(reply.status, `error sending ${method} request to ${url.pathname}: ${statusLine(reply.status)}.${said}`);
    }
    return reply;
  }

  private accessToken(): Promise<string> {
    if (this.token === undefined || Date.now() > this.token.expires) {
      const token = { value: this.requestToken(), expires: Number.POSITIVE_INFINITY };
      this.token = token;
      token.value.catch(() => (this.token = undefined));
    }
    return this.token.value;
  }

  private async requestToken(): Promise<string> {
    const { baseUrl, realm, clientId, clientSecret, timeout } = this.config;
    const url = new URL(`${baseUrl}/realms/${encodeURIComponent(realm)}/protocol/openid-connect/token`);
    const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials" });
    const reply = await sendRequest({
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      timeout,
      agent: this.agent,
    });
    if (reply.status !== 200) {
      throw new KeycloakError(reply.status, `error sending POST request to ${url.href}: ${statusLine(reply.status)}`);
    }
    const answer = objectOf(parseJson(reply.body, "the token endpoint's answer"));
    const token = textOf(answer.access_token);
    if (token === undefined) {
      throw new Error("the token endpoint: expected access_token in the reply, got none");
    }
    if (this.token) {
      this.token.expires = Date.now() + Number(answer.expires_in ?? 0) * 1_000 - tokenMargin;
    }
    return token;
  }
}

/** For a `catch`: what is not there is undefined, every other failure stays one. */
export function undefinedIfGone(error: unknown): undefined {
  if (error instanceof KeycloakError && error.status === 404) {
    return undefined;
  }
  throw error;
}

const realmPath = (path: string): string => `/admin/realms/${path}`;
const statusLine = (status: number): string => `${status} ${STATUS_CODES[status] ?? ""}`.trim();
