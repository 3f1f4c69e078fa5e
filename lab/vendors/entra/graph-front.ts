import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../../machine/http";
import type { TokenStorage } from "../openid/token-storage";
import type { AccessTokens } from "./access-tokens";
import type { Caller } from "./graph/call";
import { GraphError } from "./graph/errors";
import { answerGraph } from "./graph/handler";
import type { TenantStore } from "./graph/store";

export interface GraphFrontOptions {
  readonly store: TenantStore;
  readonly graphUrl: string;
  readonly tokens: AccessTokens;
  readonly storage: TokenStorage;
  readonly issuer: string;
  readonly passwordLifetimeDays?: number;
}

/** HTTP and authentication around the emulated Graph. */
export class GraphFront {
  constructor(private readonly options: GraphFrontOptions) {}

  owns(path: string): boolean {
    return path.startsWith("/v1.0/") || path.startsWith("/beta/");
  }

  async handle(request: IncomingMessage, response: ServerResponse, target: URL, raw: Buffer): Promise<void> {
    try {
      const caller = await this.callerOf(request.headers.authorization);
      const call = {
        method: request.method ?? "GET",
        path: target.pathname,
        query: target.searchParams,
        body: parsed(request, raw),
        headers: request.headers,
        caller,
      };
      const answer = answerGraph(this.options, call);
      if (answer.body === undefined) {
        response.writeHead(answer.status, answer.headers).end();
      } else if (typeof answer.body === "string") {
        response.writeHead(answer.status, { "content-type": "text/plain", ...answer.headers }).end(answer.body);
      } else {
        sendJson(response, answer.status, answer.body, answer.headers);
      }
    } catch (error) {
      if (!(error instanceof GraphError)) {
        throw error;
      }
      sendJson(response, error.status, error.body(this.options.store.now()), error.headers);
    }
  }

  private async callerOf(authorization: string | undefined): Promise<Caller> {
    const { tokens, storage, issuer } = this.options;
    const [scheme, token = ""] = (authorization ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || token === "") {
      throw unauthorized("Access token is empty.");
    }
    // A person's token is opaque and belongs to the OpenID Provider; an application's is a JWT.
    if (token.split(".").length === 3) {
      const application = await tokens.verify(token);
      if (application === undefined) {
        throw unauthorized("Access token validation failure. Invalid audience, signature or lifetime.");
      }
      return { ...application, delegated: false };
    }
    const payload = await storage.adapter(issuer, "AccessToken").find(token);
    if (typeof payload?.accountId !== "string") {
      throw unauthorized("CompactToken parsing failed with error code: 80049217");
    }
    return { objectId: payload.accountId, roles: [], delegated: true };
  }
}

function parsed(request: IncomingMessage, body: Buffer): unknown {
  if (body.length === 0) {
    return undefined;
  }
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new GraphError(415, "BadRequest", "Expected the content type application/json.");
  }
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new GraphError(400, "BadRequest", "Unable to read JSON request payload.");
  }
}

function unauthorized(message: string): GraphError {
  return new GraphError(401, "InvalidAuthenticationToken", message, { "www-authenticate": 'Bearer realm=""' });
}
