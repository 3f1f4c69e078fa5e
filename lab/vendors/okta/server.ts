import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { JWK } from "jose" with { "resolution-mode": "import" };
import { readBody, requestTarget } from "../../machine/http";
import { AccessTokens } from "./access-tokens";
import { Faults } from "./faults";
import { ManagementApi } from "./management";
import type { OktaState, UserRecord } from "./model";
import { newOrganisation } from "./organisation";
import { RequestLog, type LoggedRequest, type RequestCounts } from "./request-log";
import { StateFile } from "./state-file";
import { OktaStore, hashPassword, newId, timestamp } from "./store";
import { addUser } from "./users";
import { OktaIssuers } from "./issuers";
import { TokenStorage } from "../openid/token-storage";

export interface NewPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  /** Default: the login, when that is an address. */
  readonly email?: string;
}

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

interface Keys {
  signing: JWK;
  cookie: string;
}

async function newKeys(given: JWK | undefined): Promise<Keys> {
  const jose = await import("jose");
  const cookie = randomBytes(32).toString("base64url");
  if (given !== undefined) {
    return { signing: { ...given, kid: given.kid ?? (await jose.calculateJwkThumbprint(given)) }, cookie };
  }
  const pair = await jose.generateKeyPair("RS256", { extractable: true });
  const signing = await jose.exportJWK(pair.privateKey);
  return { signing: { ...signing, kid: await jose.calculateJwkThumbprint(signing) }, cookie };
}

async function loadKeys(options: OktaLabOptions): Promise<Keys> {
  if (options.stateDir === undefined) {
    return newKeys(options.signingKey);
  }
  const file = new StateFile<Keys>(join(options.stateDir, "okta-keys.json"));
  const kept = options.signingKey === undefined ? file.read() : undefined;
  const keys = kept ?? (await newKeys(options.signingKey));
  file.schedule(() => keys);
  file.flush();
  return keys;
}

function openStore(stateDir: string | undefined): { store: OktaStore; flush: () => void } {
  if (stateDir === undefined) {
    return { store: new OktaStore(newOrganisation()), flush: () => undefined };
  }
  const file = new StateFile<OktaState>(join(stateDir, "okta.json"));
  const state = file.read() ?? newOrganisation();
  return {
    store: new OktaStore(state, () => {
      file.schedule(() => state);
    }),
    flush: () => {
      file.flush();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

async function addPerson(store: OktaStore, person: NewPerson): Promise<UserRecord> {
  const known = store.state.users.find((user) => user.profile.login.toLowerCase() === person.login.toLowerCase());
  if (known !== undefined) {
    Object.assign(known, { password: await hashPassword(person.password), passwordChanged: timestamp(), status: "ACTIVE" });
    store.changed();
    return known;
  }
  const { login, firstName, lastName, password } = person;
  return addUser(store, { profile: { login, email: person.email ?? login, firstName, lastName }, password, activate: true });
}

/** The administrator for whom the API token counts as made. Nobody knows the password: people sign in with their own accounts. */
async function administrator(store: OktaStore): Promise<UserRecord> {
  const login = "administrator@lab.invalid";
  const known = store.state.users.find((user) => user.profile.login === login);
  if (known !== undefined) {
    return known;
  }
  const profile = { login, email: login, firstName: "Lab", lastName: "Administrator" };
  const user = await addUser(store, { profile, activate: true });
  user.roles.push({ id: newId("ra1"), type: "SUPER_ADMIN", label: "Super Administrator", created: timestamp() });
  store.changed();
  return user;
}

/** Starts the organisation: sign-in and management API over TLS, management API over plain HTTP, both on 127.0.0.1 only. */
export async function startOktaLab(options: OktaLabOptions): Promise<OktaLab> {
  const keys = await loadKeys(options);
  const { store, flush } = openStore(options.stateDir);
  const admin = await administrator(store);
  for (const person of options.people) {
    await addPerson(store, person);
  }
  const logFile = options.stateDir === undefined ? undefined : join(options.stateDir, "okta-requests.jsonl");
  const log = new RequestLog((entry) => {
    if (logFile !== undefined) {
      appendFileSync(logFile, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    }
  });
  const faults = new Faults();
  const report = options.onError ?? (() => undefined);
  const serve = (handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
    return (request: IncomingMessage, response: ServerResponse): void => {
      handler(request, response).catch((problem: unknown) => {
        report(problem);
        request.socket.destroy();
      });
    };
  };

  const tls = createTlsServer({ cert: options.certificate.certPem, key: options.certificate.keyPem });
  const plain = createHttpServer();
  const issuer = `https://127.0.0.1:${String(await listen(tls, options.port))}`;
  const managementUrl = `http://127.0.0.1:${String(await listen(plain, options.managementPort ?? 0))}`;
  // The official SDKs drop the port from the org URL in some modes (shared/facts/identity-providers.md section 1a).
  const tokens = new AccessTokens(
    store,
    [issuer, managementUrl, "https://127.0.0.1"].map((origin) => `${origin}/oauth2/v1/token`),
  );
  const management = new ManagementApi({
    store,
    orgUrl: issuer,
    apiToken: options.apiToken,
    apiTokenUserId: admin.id,
    tokens,
    faults,
    log,
    onError: report,
  });
  const issuers = new OktaIssuers(store, issuer, keys.signing, keys.cookie, new TokenStorage());

  tls.on(
    "request",
    serve(async (request, response) => {
      const target = requestTarget(request);
      const provider = await issuers.find(target.pathname);
      if (provider === undefined) {
        return management.handle(request, response, issuer);
      }
      const body = await readBody(request);
      const grant = target.searchParams.get("grant_type") ?? new URLSearchParams(body.toString("utf8")).get("grant_type");
      if (target.pathname === "/oauth2/v1/token" && grant === "client_credentials") {
        return management.handle(request, response, issuer, body);
      }
      response.once("finish", () => {
        const path = target.pathname.replace(/(\/authorize|\/signin)\/.+$/, "$1/:id");
        log.add({ method: request.method ?? "GET", path, route: path, status: response.statusCode });
      });
      return provider.handle(request, response, body);
    }),
  );
  plain.on(
    "request",
    serve((request, response) => management.handle(request, response, managementUrl)),
  );

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
