import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { JSONWebKeySet, JWK } from "jose" with { "resolution-mode": "import" };
import { readBody, requestTarget, sendJson } from "../../machine/http";
import { createOpenIdProvider } from "../openid/openid-provider";
import { TokenStorage } from "../openid/token-storage";
import { createAccessTokens } from "./access-tokens";
import { entraDirectory } from "./directory";
import { Faults, faultBody, type Fault } from "./faults";
import { graphFront } from "./graph-front";
import { TenantStore, type Consistency } from "./graph/store";
import { answerControl } from "./control";
import { vendor } from "./pages";
import { RequestLog, type LoggedRequest } from "./request-log";
import { signInFront } from "./sign-in-front";
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

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** One tenant of Entra ID on 127.0.0.1: metadata document, Microsoft Graph, token endpoint and sign-in, all on one TLS port. */
export async function startEntraLab(options: EntraLabOptions): Promise<EntraLab> {
  if (!guid.test(options.tenantId)) {
    throw new Error(`tenantId: expected a GUID in lower case, got '${options.tenantId}'`);
  }
  const clock = { offset: 0 };
  const now = (): number => (options.now ?? Date.now)() + clock.offset;
  const store = new TenantStore({ tenantId: options.tenantId, now, consistency: options.consistency });
  furnish(store, options);
  const faults = new Faults();
  const log = new RequestLog();

  let answer = (_request: IncomingMessage, response: ServerResponse): Promise<void> => Promise.resolve(void response.destroy());
  const server = createServer(
    { cert: options.certificate.certPem, key: options.certificate.keyPem, minVersion: "TLSv1.2" },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        process.stderr.write(`entra lab: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        if (!response.headersSent) {
          sendJson(response, 500, faultBody(500));
        } else {
          response.destroy();
        }
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });

  const { port } = server.address() as AddressInfo;
  const host = options.host ?? "127.0.0.1";
  const origin = `https://${host}:${String(port)}`;
  const issuer = `${origin}/${options.tenantId}/v2.0`;
  const signingKey = options.signingKey ?? (await newSigningKey());
  const storage = new TokenStorage();
  const directory = entraDirectory({ store, issuer, graphUrl: origin });
  const tokens = await createAccessTokens({ store, issuer, graphUrl: origin, signingKey });
  const mount = `/${options.tenantId}`;
  const provider = await createOpenIdProvider({
    directory,
    mount,
    paths: {
      discovery: "/v2.0/.well-known/openid-configuration",
      authorization: "/oauth2/v2.0/authorize",
      token: "/oauth2/v2.0/token",
      jwks: "/discovery/v2.0/keys",
      userinfo: "/openid/userinfo",
      endSession: "/oauth2/v2.0/logout",
      signIn: "/login",
    },
    signingKey,
    storage,
    cookiePrefix: "entra",
    cookieKey: randomBytes(24).toString("base64url"),
    vendor: vendor,
    discovery: {
      // The UserInfo endpoint is Graph's.
      userinfo_endpoint: `${origin}/oidc/userinfo`,
      tenant_region_scope: "EU",
      cloud_instance_name: host,
      msgraph_host: `${host}:${String(port)}`,
    },
  });
  const graph = graphFront({ store, graphUrl: origin, tokens, storage, issuer, passwordLifetimeDays: options.passwordLifetimeDays });
  const signIn = signInFront({
    store,
    directory,
    storage,
    provider,
    mount,
    graphUrl: origin,
    tokens,
    federatedIssuers: options.federatedIssuers ?? {},
    domains: options.domains ?? [],
  });

  answer = async (request, response) => {
    const target = requestTarget(request);
    const method = request.method ?? "GET";
    if (target.pathname.startsWith("/.lab/")) {
      await answerControl({ token: options.controlToken, log, faults, clock, now, store }, request, response, target);
      return;
    }
    const fault = faults.take(method, target.pathname);
    const path = target.pathname;
    // Before the client can have the answer, so that whoever counts after an answer counts it.
    response.once("prefinish", () => log.add({ method, path, status: response.statusCode }));
    response.once("close", () => {
      if (!response.writableEnded) {
        log.add({ method, path, status: 0 });
      }
    });
    if (fault !== undefined) {
      if ("drop" in fault) {
        request.socket.destroy();
      } else {
        sendJson(
          response,
          fault.status,
          faultBody(fault.status),
          fault.status === 429 ? { "retry-after": String(fault.retryAfterSeconds) } : {},
        );
      }
      return;
    }
    if (target.pathname === "/metadata/endpoints") {
      sendMetadata(response, target, origin);
    } else if (graph.owns(target.pathname)) {
      await graph.handle(request, response, target, await readBody(request));
    } else {
      await signIn(request, response, target);
    }
  };

  return {
    issuer,
    graphUrl: origin,
    metadataHost: `${host}:${String(port)}`,
    store,
    requests: () => log.counts(),
    log: { all: () => log.all(), clear: () => log.clear() },
    fail: (fault) => faults.add(fault),
    addPerson: (person) => addPerson(store, person).id,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** What the provider asks first (facts/identity-providers.md 2a); `resourceManager` and `loginEndpoint` must not be empty. */
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
