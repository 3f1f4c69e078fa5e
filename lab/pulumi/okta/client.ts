// Client of the Okta management API: authentication, retries, paging, one error class.
import { createPrivateKey, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { sendRequest, type HttpReply } from "../provider/http";
import { objectOf, objectsOf, parseJson, sortedJson, textOf } from "../provider/json";
import type { Properties, Value } from "../provider/values";
import type { OktaConfig } from "./config";

/** A refusal by the API: the request, the status, and the vendor's own code and summary. */
export class OktaError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Renew this long before a token expires, in milliseconds. */
const tokenMargin = 60_000;

export class OktaClient {
  /** True for an access token or a private key: the groups claim of an app is then silently skipped, as by the official plugin. */
  readonly usesOAuth: boolean;
  private classic: Promise<boolean> | undefined;
  private token: { readonly value: Promise<string>; expires: number } | undefined;
  private ruleQueue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: OktaConfig,
    private readonly wait: (milliseconds: number) => Promise<unknown> = delay,
  ) {
    this.usesOAuth = config.credentials.kind !== "apiToken";
  }

  /** Asks who the token belongs to, twice as two SDKs of the official plugin do. Needs no request for OAuth credentials. */
  async verifyCredentials(): Promise<void> {
    if (this.usesOAuth) {
      return;
    }
    await this.send("GET", "/api/v1/users/me");
    await this.send("GET", "/api/v1/users/me");
  }

  /** @returns the reply's JSON object; empty for a reply without a body @throws OktaError for a status of 400 or more */
  async send(method: string, path: string, body?: Properties): Promise<Properties> {
    return objectOf(await this.exchange(method, path, body));
  }

  /** Like GET by `send`, but undefined for a 404. */
  async find(path: string): Promise<Properties | undefined> {
    return this.send("GET", path).catch(undefinedIfGone);
  }

  /** Reads one page of a list. */
  page(path: string): Promise<Value> {
    return this.exchange("GET", path);
  }

  /** Reads every page of a list, following the header `Link: <...>; rel="next"`. */
  async list(path: string): Promise<Properties[]> {
    const found: Properties[] = [];
    for (let next: string | undefined = path; next;) {
      const reply = await this.request("GET", next);
      found.push(...objectsOf(replyJson(reply, `GET ${next}`)));
      next = nextPage(reply);
    }
    return found;
  }

  /** True on a Classic Engine org, where app sign-on policies do not exist. */
  isClassic(): Promise<boolean> {
    return (this.classic ??= this.send("GET", "/.well-known/okta-organization").then((org) => org.pipeline !== "idx"));
  }

  /** @throws Error on a Classic Engine org */
  async requireIdentityEngine(resource: string): Promise<void> {
    if (await this.isClassic()) {
      throw new Error(`${resource}: only available on Okta Identity Engine, this is a Classic Engine org`);
    }
  }

  /** Policy rules are changed one at a time: the vendor shifts their priorities (terraform-provider-okta pull request 1248). */
  oneRuleAtATime<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.ruleQueue.then(change);
    this.ruleQueue = result.catch(() => undefined);
    return result;
  }

  private async exchange(method: string, path: string, body?: Properties): Promise<Value> {
    return replyJson(await this.request(method, path, body), `${method} ${path}`);
  }

  private async request(method: string, path: string, body?: Properties): Promise<HttpReply> {
    const reply = await this.retried(async () => ({
      method,
      path,
      headers: { authorization: await this.authorization(), ...(body ? { "content-type": "application/json" } : {}) },
      body: body && sortedJson(body),
    }));
    if (reply.status < 400) {
      return reply;
    }
    throw new OktaError(reply.status, `${method} ${path.split("?")[0]}: ${reply.status}${vendorSummary(reply)}`);
  }

  /** Repeats after a failure to connect, a 429 and every 5xx but 500, waiting longer each time. */
  private async retried(
    prepare: () => Promise<{ method: string; path: string; headers: Record<string, string>; body?: string }>,
  ): Promise<HttpReply> {
    for (let attempt = 0; ; attempt++) {
      const { method, path, headers, body } = await prepare();
      const last = !this.config.backoff || attempt >= this.config.maxRetries;
      const url = new URL(path, this.config.orgUrl);
      const sent = sendRequest({
        method,
        url,
        headers: { accept: "application/json", ...headers },
        body,
        timeout: this.config.requestTimeout,
      });
      const reply = last ? await sent : await sent.catch(() => undefined);
      if (reply && (last || !isTransient(reply.status))) {
        return reply;
      }
      await this.wait(this.waitBefore(attempt, reply));
    }
  }

  private waitBefore(attempt: number, reply: HttpReply | undefined): number {
    const { minWait, maxWait } = this.config;
    const reset = Number(reply?.headers["x-rate-limit-reset"]);
    const untilReset = reply?.status === 429 && reset > 0 ? reset - serverTime(reply) / 1_000 + 1 : 0;
    return 1_000 * Math.min(maxWait, Math.max(untilReset, minWait * 2 ** attempt));
  }

  private async authorization(): Promise<string> {
    const { credentials } = this.config;
    if (credentials.kind === "apiToken") {
      return `SSWS ${credentials.token}`;
    }
    if (credentials.kind === "accessToken") {
      return `Bearer ${credentials.token}`;
    }
    if (!this.token || Date.now() > this.token.expires) {
      const token = { value: this.requestToken(), expires: Number.POSITIVE_INFINITY };
      this.token = token;
      token.value.catch(() => (this.token = undefined));
    }
    return `Bearer ${await this.token.value}`;
  }

  /** Client credentials with a signed assertion (private_key_jwt); the assertion's audience is the token endpoint. */
  private async requestToken(): Promise<string> {
    const { credentials, orgUrl } = this.config;
    if (credentials.kind !== "privateKey") {
      throw new Error("okta: a token is only requested for a private key");
    }
    const endpoint = new URL("/oauth2/v1/token", orgUrl).href;
    const { SignJWT } = await import("jose");
    const reply = await this.retried(async () => {
      const assertion = await new SignJWT()
        .setProtectedHeader({ alg: "RS256", ...(credentials.keyId ? { kid: credentials.keyId } : {}) })
        .setIssuer(credentials.clientId)
        .setSubject(credentials.clientId)
        .setAudience(endpoint)
        .setIssuedAt()
        .setExpirationTime("1h")
        .setJti(randomUUID())
        .sign(createPrivateKey(credentials.privateKey));
      const form = new URLSearchParams({
        client_assertion: assertion,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        grant_type: "client_credentials",
        scope: credentials.scopes.join(" "),
      });
      return {
        method: "POST",
        path: "/oauth2/v1/token",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: form.toString(),
      };
    });
    if (reply.status >= 400) {
      throw new OktaError(reply.status, `POST /oauth2/v1/token: ${reply.status}${vendorSummary(reply)}`);
    }
    const answer = objectOf(parseJson(reply.body, "POST /oauth2/v1/token"));
    const token = textOf(answer.access_token);
    if (!token) {
      throw new Error("POST /oauth2/v1/token: expected access_token in the reply, got none");
    }
    const lifetime = typeof answer.expires_in === "number" ? answer.expires_in * 1_000 : 0;
    if (this.token) {
      this.token.expires = Date.now() + lifetime - tokenMargin;
    }
    return token;
  }
}

/** For a `catch`: a resource that is not there is undefined, every other failure stays one. */
export function undefinedIfGone(error: unknown): undefined {
  if (error instanceof OktaError && error.status === 404) {
    return undefined;
  }
  throw error;
}

function isTransient(status: number): boolean {
  return status === 429 || (status > 500 && status < 600);
}

function serverTime(reply: HttpReply): number {
  const date = Date.parse(reply.headers.date ?? "");
  return Number.isNaN(date) ? Date.now() : date;
}

function replyJson(reply: HttpReply, what: string): Value {
  return reply.body.trim() === "" ? {} : parseJson(reply.body, what);
}

/** Only the next page's path and query: behind a proxy its host is not to be believed. */
function nextPage(reply: HttpReply): string | undefined {
  const header = reply.headers.link;
  const links = Array.isArray(header) ? header.join(",") : (header ?? "");
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(links)?.[1];
  if (!target) {
    return undefined;
  }
  const url = new URL(target, "https://next.invalid");
  return url.pathname + url.search;
}

function vendorSummary(reply: HttpReply): string {
  try {
    const { errorCode, errorSummary, errorCauses, error, error_description: description } = objectOf(JSON.parse(reply.body) as Value);
    const causes = objectsOf(errorCauses).map((cause) => textOf(cause.errorSummary));
    const words = [textOf(errorCode) ?? textOf(error), textOf(errorSummary) ?? textOf(description), ...causes].filter(Boolean);
    return words.length > 0 ? ` ${words.join(": ")}` : "";
  } catch {
    return "";
  }
}
