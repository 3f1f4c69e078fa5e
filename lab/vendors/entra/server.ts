import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { JSONWebKeySet, JWK } from "jose" with { "resolution-mode": "import" };
import { guidPattern } from "../../../model/text/guid";
import { close, listen, readBody, requestTarget, sendJson } from "../../machine/http";
import { createOpenIdProvider } from "../openid/openid-provider";
import { TokenStorage } from "../openid/token-storage";
import { createAccessTokens } from "./access-tokens";
import { EntraDirectory } from "./directory";
import { Faults, faultBody, type Fault } from "./faults";
import { GraphFront } from "./graph-front";
import { TenantStore, type Consistency } from "./graph/store";
import { answerControl, type Control } from "./control";
import { vendor } from "./pages";
import { RequestLog, type LoggedRequest } from "./request-log";
import { SignInFront } from "./sign-in-front";
import { newSigningKey } from "../openid/signing-key";
import { addPerson, furnish, type LabCaller, type LabGroup, type LabPerson } from "./tenant";

export interface EntraLabOptions {
  /** GUID of the tenant; part of the issuer. */
  readonly tenantId: string;
  /** TLS port on 127.0.0.1; 0 takes any. */
  readonly port: number;
  /** Host name in the issuer and in Graph's address. Default 127.0.0.1. */
  readonly host?: string;
  readonly certificate: { readonly certPem: string; readonly keyPem: string };
  readonly people: readonly LabPerson[];
  readonly groups?: readonly LabGroup[];
  readonly caller: LabCaller;
  /** Verified domains: the tenant's discovery document is served under these names too. */
  readonly domains?: readonly string[];
  /** Milliseconds since the epoch for secrets' dates and Graph's timestamps; tokens keep the wall clock. */
  readonly now?: () => number;
  readonly consistency?: Consistency;
  /** The tenant's app management policy: longest lifetime of a new secret. */
  readonly passwordLifetimeDays?: number;
  readonly federatedIssuers?: Readonly<Record<string, JSONWebKeySet>>;
  readonly signingKey?: JWK;
  /** Opens `/.lab/...` (counts, faults, clock) to whoever presents it as a bearer token. Closed when left out. */
  readonly controlToken?: string;
}

export interface EntraLab {
  /** `https://<host>:<port>/<tenantId>/v2.0`, byte for byte. */
  readonly issuer: string;
  /** Without a slash at the end. */
  readonly graphUrl: string;
  /** Value of `ARM_METADATA_HOSTNAME`. */
  readonly metadataHost: string;
  readonly store: TenantStore;
  requests(): Record<string, number>;
  readonly log: { all(): readonly LoggedRequest[]; clear(): void };
  fail(fault: Fault): void;
  addPerson(person: LabPerson): string;
  readonly stop: () => Promise<void>;
}

/** One tenant of Entra ID on 127.0.0.1: metadata document, Microsoft Graph, token endpoint and sign-in, all on one TLS port. */
export async function startEntraLab(options: EntraLabOptions): Promise<EntraLab> {
  if (!guidPattern.test(options.tenantId) || options.tenantId !== options.tenantId.toLowerCase()) {
    throw new Error(`tenantId: expected a GUID in lower case, got '${options.tenantId}'`);
  }
  const clock = { offset: 0 };
  const now = (): number => (options.now ?? Date.now)() + clock.offset;
  const store = new TenantStore({ tenantId: options.tenantId, now, consistency: options.consistency });
  furnish(store, options);
  const front = new Front({ token: options.controlToken, log: new RequestLog(), faults: new Faults(), clock, now, store });
  const { certPem: cert, keyPem: key } = options.certificate;
  const server = createServer({ cert, key, minVersion: "TLSv1.2" }, (request, response) => front.serve(request, response));
  const port = await listen(server, options.port);
  const metadataHost = `${options.host ?? "127.0.0.1"}:${String(port)}`;
  const graphUrl = `https://${metadataHost}`;
  const issuer = `${graphUrl}/${options.tenantId}/v2.0`;
  front.behind = await tenantBehind(options, store, graphUrl, issuer);
  const { log, faults } = front.control;
  return {
    issuer,
    graphUrl,
    metadataHost,
    store,
    requests: () => log.counts(),
    log: { all: () => log.all(), clear: () => log.clear() },
    fail: (fault) => faults.add(fault),
    addPerson: (person) => addPerson(store, person).id,
    stop: () => close(server),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse, target: URL) => Promise<void>;

/** What stands before everything else: the lab's own door, the log, and faults that a test asks for. */
class Front {
  /** Who answers; connections that come before there is anybody are dropped. */
  behind: Handler = (_request, response) => Promise.resolve(void response.destroy());

  constructor(readonly control: Control) {}

  serve(request: IncomingMessage, response: ServerResponse): void {
    this.answer(request, response).catch((error: unknown) => {
      process.stderr.write(`entra lab: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) {
        sendJson(response, 500, faultBody(500));
      } else {
        response.destroy();
      }
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = requestTarget(request);
    const path = target.pathname;
    if (path.startsWith("/.lab/")) {
      await answerControl(this.control, request, response, target);
      return;
    }
    const method = request.method ?? "GET";
    const fault = this.control.faults.take(method, path);
    this.record(method, path, response);
    if (fault === undefined) {
      await this.behind(request, response, target);
    } else if ("drop" in fault) {
      request.socket.destroy();
    } else {
      const headers = fault.status === 429 ? { "retry-after": String(fault.retryAfterSeconds) } : undefined;
      sendJson(response, fault.status, faultBody(fault.status), headers);
    }
  }

  private record(method: string, path: string, response: ServerResponse): void {
    const { log } = this.control;
    // Before the client can have the answer, so that whoever counts after an answer counts it.
    response.once("prefinish", () => log.add({ method, path, status: response.statusCode }));
    response.once("close", () => {
      if (!response.writableEnded) {
        log.add({ method, path, status: 0 });
      }
    });
  }
}

async function tenantBehind(options: EntraLabOptions, store: TenantStore, graphUrl: string, issuer: string): Promise<Handler> {
  const signingKey = options.signingKey ?? (await newSigningKey());
  const storage = new TokenStorage();
  const directory = new EntraDirectory({ store, issuer, graphUrl });
  const tokens = await createAccessTokens({ store, issuer, graphUrl, signingKey });
  const mount = `/${options.tenantId}`;
  const provider = await createOpenIdProvider({
    directory,
    mount,
    paths: providerPaths,
    signingKey,
    storage,
    cookiePrefix: "entra",
    cookieKey: randomBytes(24).toString("base64url"),
    vendor,
    discovery: {
      // The UserInfo endpoint is Graph's.
      userinfo_endpoint: `${graphUrl}/oidc/userinfo`,
      tenant_region_scope: "EU",
      cloud_instance_name: options.host ?? "127.0.0.1",
      msgraph_host: new URL(graphUrl).host,
    },
  });
  const graph = new GraphFront({ store, graphUrl, tokens, storage, issuer, passwordLifetimeDays: options.passwordLifetimeDays });
  const { federatedIssuers = {}, domains = [] } = options;
  const signIn = new SignInFront({ store, directory, storage, provider, mount, graphUrl, tokens, federatedIssuers, domains });
  return async (request, response, target) => {
    if (target.pathname === "/metadata/endpoints") {
      sendMetadata(response, target, graphUrl);
    } else if (graph.owns(target.pathname)) {
      await graph.handle(request, response, target, await readBody(request));
    } else {
      await signIn.handle(request, response, target);
    }
  };
}

const providerPaths = {
  discovery: "/v2.0/.well-known/openid-configuration",
  authorization: "/oauth2/v2.0/authorize",
  token: "/oauth2/v2.0/token",
  jwks: "/discovery/v2.0/keys",
  userinfo: "/openid/userinfo",
  endSession: "/oauth2/v2.0/logout",
  signIn: "/login",
};

/** What the provider asks first; `resourceManager` and `loginEndpoint` must not be empty. */
function sendMetadata(response: ServerResponse, target: URL, origin: string): void {
  if (target.search !== "?api-version=2022-09-01") {
    const message = `Expected the query 'api-version=2022-09-01', got '${target.search}'.`;
    sendJson(response, 400, { error: { code: "InvalidApiVersionParameter", message } });
    return;
  }
  sendJson(response, 200, {
    authentication: { audiences: [origin], identityProvider: "AAD", loginEndpoint: origin, tenant: "common" },
    microsoftGraphResourceId: `${origin}/`,
    name: "LabCloud",
    resourceManager: `${origin}/arm`,
    suffixes: {},
  });
}
