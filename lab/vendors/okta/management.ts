import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readBody, requestTarget, sameText, sendJson } from "../../machine/http";
import type { AccessTokens } from "./access-tokens";
import type { Caller, Reply, Route } from "./call";
import { OktaApiError, accessDenied, internalError, invalid, invalidToken, notWellFormed, tooManyRequests } from "./errors";
import type { Faults } from "./faults";
import type { RequestLog } from "./request-log";
import { findRoute } from "./router";
import type { OktaStore } from "./store";

export interface ManagementOptions {
  readonly store: OktaStore;
  readonly orgUrl: string;
  /** What `Authorization: SSWS <token>` must carry. */
  readonly apiToken: string;
  /** The user on whose behalf the API token was made. */
  readonly apiTokenUserId: string;
  readonly tokens: AccessTokens;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Told of faults in this program itself. */
  readonly onError?: (problem: unknown) => void;
}

const limitPerMinute = 600;

/** Requests of the running minute, for the `X-Rate-Limit-*` headers (developer.okta.com/docs/reference/rl-best-practices). Nothing is refused by it. */
class RateLimit {
  private minute = 0;
  private used = 0;

  headers(): Record<string, string> {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.used = 0;
    }
    this.used += 1;
    return {
      "x-rate-limit-limit": String(limitPerMinute),
      "x-rate-limit-remaining": String(Math.max(limitPerMinute - this.used, 0)),
      "x-rate-limit-reset": String((minute + 1) * 60),
    };
  }
}

/** Answers the management API and its token endpoint. */
export class ManagementApi {
  private readonly rateLimit = new RateLimit();

  constructor(private readonly options: ManagementOptions) {}

  /** @param base prefix of links in answers; `body` when the caller has read it. */
  async handle(request: IncomingMessage, response: ServerResponse, base: string, body?: Buffer): Promise<void> {
    const { faults, log } = this.options;
    const method = request.method ?? "GET";
    const target = requestTarget(request);
    const fault = faults.take(method, target.pathname);
    if (fault?.kind === "drop") {
      log.add({ method, path: target.pathname, route: target.pathname, status: 0 });
      request.socket.destroy();
      return;
    }
    if (fault?.kind === "delay") {
      await sleep((fault.seconds ?? 1) * 1000);
    }
    let route = target.pathname;
    let reply: Reply;
    try {
      if (fault?.kind === "rate-limit") {
        throw tooManyRequests(Math.floor(Date.now() / 1000) + (fault.seconds ?? 1));
      }
      if (fault?.kind === "server-error") {
        throw internalError();
      }
      const content = body ?? (await readBody(request));
      if (target.pathname === "/oauth2/v1/token" && method === "POST") {
        reply = await this.token(target, content);
      } else {
        const match = findRoute(method, target.pathname);
        route = match.route.path;
        reply = await this.answer(request, match.route, match.params, target, content, base);
      }
    } catch (problem) {
      reply = this.failure(problem);
    }
    log.add({ method, path: target.pathname, route, status: reply.status });
    this.send(response, reply);
  }

  private async answer(
    request: IncomingMessage,
    route: Route,
    params: Readonly<Record<string, string>>,
    target: URL,
    content: Buffer,
    base: string,
  ): Promise<Reply> {
    const caller = this.caller(request, route);
    for (const name of target.searchParams.keys()) {
      const known = route.query ?? [];
      if (!known.includes(name)) {
        throw invalid(name, `${name}: query parameter is not known here: expected ${known.join(", ") || "none"}`);
      }
    }
    const { store, orgUrl } = this.options;
    const body = this.json(content);
    return await route.handle({ store, orgUrl, base, params, path: target.pathname, query: target.searchParams, body, caller });
  }

  private caller(request: IncomingMessage, route: Route): Caller {
    const { apiToken, apiTokenUserId, tokens } = this.options;
    const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
    if (route.scope === "none") {
      return { kind: "bearer", clientId: "", scopes: [] };
    }
    if (scheme === "SSWS" && sameText(token, apiToken)) {
      return { kind: "ssws", userId: apiTokenUserId };
    }
    const issued = scheme.toLowerCase() === "bearer" ? tokens.find(token) : undefined;
    if (issued === undefined) {
      throw invalidToken();
    }
    if (route.scope === "ssws") {
      throw accessDenied("this endpoint is not reachable with an OAuth access token, only with an API token (SSWS)");
    }
    const sufficient = [route.scope, route.scope.replace(/\.read$/, ".manage")];
    if (!sufficient.some((scope) => issued.scopes.includes(scope))) {
      throw accessDenied(
        `The access token provided does not contain the required scopes: expected ${sufficient[0] ?? ""}, got ${issued.scopes.join(" ")}`,
      );
    }
    return { kind: "bearer", clientId: issued.clientId, scopes: issued.scopes };
  }

  private json(content: Buffer): unknown {
    if (content.length === 0) {
      return undefined;
    }
    try {
      return JSON.parse(content.toString("utf8")) as unknown;
    } catch {
      throw notWellFormed("body: expected JSON");
    }
  }

  private async token(target: URL, content: Buffer): Promise<Reply> {
    const form = new URLSearchParams(content.toString("utf8"));
    for (const [name, value] of target.searchParams) {
      if (!form.has(name)) {
        form.set(name, value);
      }
    }
    if (form.get("grant_type") !== "client_credentials") {
      return {
        status: 400,
        body: { error: "unsupported_grant_type", error_description: "grant_type: expected client_credentials at this address" },
      };
    }
    return this.options.tokens.clientCredentials(form);
  }

  private failure(problem: unknown): Reply {
    if (!(problem instanceof OktaApiError)) {
      this.options.onError?.(problem);
      const error = internalError();
      return { status: error.status, body: error.body() };
    }
    return { status: problem.status, body: problem.body(), headers: problem.headers };
  }

  private send(response: ServerResponse, reply: Reply): void {
    const headers = { ...this.rateLimit.headers(), "x-okta-request-id": randomUUID(), ...reply.headers };
    if (reply.body === undefined) {
      response.writeHead(reply.status, headers);
      response.end();
      return;
    }
    sendJson(response, reply.status, reply.body, headers);
  }
}
