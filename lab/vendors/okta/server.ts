import { appendFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import type { JWK } from "jose" with { "resolution-mode": "import" };
import { close, listen, readBody, requestTarget, serve } from "../../machine/http";
import { AccessTokens } from "./access-tokens";
import { Faults } from "./faults";
import { ManagementApi } from "./management";
import type { UserRecord } from "./model";
import { addPerson, administrator, type NewPerson } from "./people";
import { loadKeys, openStore } from "./persistence";
import { RequestLog, type LoggedRequest, type RequestCounts } from "./request-log";
import type { OktaStore } from "./store";
import { OktaIssuers } from "./issuers";
import { TokenStorage } from "../openid/token-storage";

export interface OktaLabOptions {
  /** Where the organisation outlives the process; without it everything is in memory. */
  readonly stateDir?: string;
  /** TLS: sign-in and, on the same port, the management API. 0 for a free one. */
  readonly port: number;
  /** Plain HTTP on 127.0.0.1, for `okta:httpProxy`. Default: a free one. */
  readonly managementPort?: number;
  readonly certificate: { readonly certPem: string; readonly keyPem: string };
  readonly apiToken: string;
  readonly people: readonly NewPerson[];
  /** RSA private key (JWK). Default: the one in stateDir, else a new one. */
  readonly signingKey?: JWK;
  /** Told of faults in the lab itself; default: nobody. */
  readonly onError?: (problem: unknown) => void;
}

export interface OktaLab {
  /** Issuer of the org authorization server and org URL, `https://127.0.0.1:<port>`. */
  readonly issuer: string;
  /** `http://127.0.0.1:<managementPort>`, for `okta:httpProxy`. */
  readonly managementUrl: string;
  readonly store: OktaStore;
  readonly faults: Faults;
  requests(): RequestCounts;
  log(): readonly LoggedRequest[];
  /** Adds a person, or sets the password of the one with that login. */
  addPerson(person: NewPerson): Promise<UserRecord>;
  /** An access token for the management API, as `okta:accessToken` takes it. */
  issueAccessToken(scopes: readonly string[]): string;
  readonly stop: () => Promise<void>;
}

/** Starts the organisation: sign-in and management API over TLS, management API over plain HTTP, both on 127.0.0.1 only. */
export async function startOktaLab(options: OktaLabOptions): Promise<OktaLab> {
  const keys = await loadKeys(options);
  const { store, flush } = openStore(options.stateDir);
  const admin = await administrator(store);
  for (const person of options.people) {
    await addPerson(store, person);
  }
  const log = requestLog(options.stateDir);
  const faults = new Faults();
  const { certPem: cert, keyPem: key } = options.certificate;
  const tls = createTlsServer({ cert, key });
  const plain = createHttpServer();
  const issuer = `https://127.0.0.1:${String(await listen(tls, options.port))}`;
  const managementUrl = `http://127.0.0.1:${String(await listen(plain, options.managementPort))}`;
  // The official SDKs drop the port from the org URL in some modes (okta-sdk-golang, private key JWT).
  const audiences = [issuer, managementUrl, "https://127.0.0.1"].map((origin) => `${origin}/oauth2/v1/token`);
  const tokens = new AccessTokens(store, audiences);
  const report = options.onError ?? (() => undefined);
  const { apiToken } = options;
  const management = new ManagementApi({ store, orgUrl: issuer, apiToken, apiTokenUserId: admin.id, tokens, faults, log, onError: report });
  const issuers = new OktaIssuers(store, issuer, keys.signing, keys.cookie, new TokenStorage());
  const front = new Front(management, issuers, issuer, log);
  serve(tls, (request, response) => front.handle(request, response), report);
  serve(plain, (request, response) => management.handle(request, response, managementUrl), report);
  return {
    issuer,
    managementUrl,
    store,
    faults,
    requests: () => log.counts(),
    log: () => log.all(),
    addPerson: (person) => addPerson(store, person),
    issueAccessToken: (scopes) => tokens.issue("lab", scopes),
    stop: async () => {
      await Promise.all([close(tls), close(plain)]);
      flush();
    },
  };
}

function requestLog(stateDir: string | undefined): RequestLog {
  const file = stateDir === undefined ? undefined : join(stateDir, "okta-requests.jsonl");
  return new RequestLog((entry) => {
    if (file !== undefined) {
      appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    }
  });
}

/** One TLS port for two: the issuers people sign in at, and the management API with its own token endpoint. */
class Front {
  constructor(
    private readonly management: ManagementApi,
    private readonly issuers: OktaIssuers,
    private readonly orgUrl: string,
    private readonly log: RequestLog,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = requestTarget(request);
    const provider = await this.issuers.find(target.pathname);
    if (provider === undefined) {
      return this.management.handle(request, response, this.orgUrl);
    }
    const body = await readBody(request);
    const grant = target.searchParams.get("grant_type") ?? new URLSearchParams(body.toString("utf8")).get("grant_type");
    if (target.pathname === "/oauth2/v1/token" && grant === "client_credentials") {
      return this.management.handle(request, response, this.orgUrl, body);
    }
    response.once("finish", () => {
      const path = target.pathname.replace(/(\/authorize|\/signin)\/.+$/, "$1/:id");
      this.log.add({ method: request.method ?? "GET", path, route: path, status: response.statusCode });
    });
    return provider.handle(request, response, body);
  }
}
