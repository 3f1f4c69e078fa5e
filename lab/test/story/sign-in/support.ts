/** A small world for sign-in tests: the lab's OpenID Provider over TLS with three people, and a server that answers like a Kubernetes API. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority, type CertificateAuthority } from "../../../machine/certificates";
import type { Directory, DirectoryClient, Person } from "../../../vendors/openid/directory";
import { createOpenIdProvider } from "../../../vendors/openid/openid-provider";
import { TokenStorage } from "../../../vendors/openid/token-storage";

const issuer = "https://idp.example.test";
export const password = "correct horse battery";

const people: Readonly<Record<string, Person & { readonly groups?: readonly string[] }>> = {
  "ana@example.test": { id: "00u-ana", login: "ana@example.test", displayName: "Ana", groups: ["Kasten Admins", "Everyone"] },
  "omar@example.test": { id: "00u-omar", login: "omar@example.test", displayName: "Omar", groups: ["Kasten Users"] },
  "zoe@example.test": { id: "00u-zoe", login: "zoe@example.test", displayName: "Zoe" },
};

export interface TestProvider {
  /** Where it listens: value of a host map for `idp.example.test:443`. */
  readonly address: string;
  /** What the client may present; change it to rotate. */
  secrets: string[];
  redirectUris: string[];
  /** Left out of the ID token and given by userinfo only. */
  thinTokens: boolean;
  stop(): Promise<void>;
}

export interface World {
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly provider: TestProvider;
  certificate(name: string): Promise<{ certPem: string; keyPem: string }>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-sign-in-"));
  const authority = await createCertificateAuthority({ directory: folder, name: "ca" });
  const certificate = async (name: string): Promise<{ certPem: string; keyPem: string }> => {
    const issued = await authority.issueServer({ name, dnsNames: [name] });
    return { certPem: issued.certificate, keyPem: issued.key };
  };
  const provider = await startProvider(await certificate("idp.example.test"));
  return {
    folder,
    authority,
    provider,
    certificate,
    async stop() {
      await provider.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProvider(certificate: { certPem: string; keyPem: string }): Promise<TestProvider> {
  const state = { secrets: ["first secret"], redirectUris: ["https://k10.example.test/k10/auth-svc/v0/oidc/redirect"], thinTokens: false };
  const byId = (id: string): Person & { readonly groups?: readonly string[] } => {
    const person = Object.values(people).find((candidate) => candidate.id === id);
    if (!person) {
      throw new Error(`no person ${id}`);
    }
    return person;
  };
  const groupClaims = (id: string, scopes: readonly string[]): Record<string, unknown> =>
    scopes.includes("groups") ? { groups: byId(id).groups ?? [] } : {};
  const directory: Directory = {
    issuer,
    scopesSupported: ["openid", "profile", "email", "groups"],
    client: (clientId): DirectoryClient | undefined =>
      clientId === "k10"
        ? {
            clientId,
            secrets: () => state.secrets,
            redirectUris: state.redirectUris,
            postLogoutRedirectUris: [],
            grantTypes: ["authorization_code"],
            responseTypes: ["code"],
            tokenEndpointAuthMethod: "client_secret_basic",
            pkceRequired: true,
            applicationType: "web",
            active: true,
          }
        : undefined,
    authenticate: (login, given) => Promise.resolve(given === password ? people[login] : undefined),
    authorise: (person) =>
      byId(person.id).groups ? undefined : { code: "access_denied", reason: "User is not assigned to the client application." },
    person: byId,
    subject: (id) => id,
    idTokenClaims: (id, _client, scopes) => ({
      email: byId(id).login,
      preferred_username: byId(id).login,
      ...(state.thinTokens ? {} : groupClaims(id, scopes)),
    }),
    userInfoClaims: (id, _client, scopes) => ({ email: byId(id).login, ...groupClaims(id, scopes) }),
  };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = await createOpenIdProvider({
    directory,
    mount: "",
    paths: {
      discovery: "/.well-known/openid-configuration",
      authorization: "/authorize",
      token: "/token",
      jwks: "/keys",
      userinfo: "/userinfo",
      endSession: "/logout",
      signIn: "/signin",
    },
    signingKey: { ...privateKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" },
    storage: new TokenStorage(),
    cookiePrefix: "test",
    cookieKey: "a cookie key for tests only",
    vendor: "Test",
  });
  const server = https.createServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
    provider.handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const port = await listen(server);
  return Object.assign(state, { address: `127.0.0.1:${port}`, stop: () => close(server) });
}

export interface FakeCluster {
  readonly kubeconfigPath: string;
  /** Objects by API path; change them to change the cluster. */
  readonly objects: Record<string, unknown>;
  /** What was asked with impersonation, in order. */
  readonly impersonated: { method: string; path: string; user: string; groups: string[]; body: unknown }[];
  stop(): Promise<void>;
}

/** Answers GET from `objects`; a SelfSubjectAccessReview is allowed for members of `allowedGroup`. */
export async function startFakeCluster(folder: string, allowedGroup: string): Promise<FakeCluster> {
  const objects: Record<string, unknown> = {};
  const impersonated: FakeCluster["impersonated"] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = (status: number, body: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      const path = request.url ?? "";
      if (request.headers.authorization !== "Bearer admin-token") {
        return answer(401, { message: "Unauthorized" });
      }
      const user = utf8(request.headers["impersonate-user"]);
      if (user !== undefined) {
        const groups = (request.headersDistinct["impersonate-group"] ?? []).map((group) => utf8(group) ?? "");
        const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString("utf8")) : undefined;
        impersonated.push({ method: request.method ?? "", path, user, groups, body });
        const allowed = groups.includes(allowedGroup);
        if (path.endsWith("/selfsubjectaccessreviews")) {
          return answer(201, { status: { allowed, reason: allowed ? "by test" : undefined } });
        }
        return answer(allowed ? 200 : 403, { message: allowed ? "yes" : "no" });
      }
      return objects[path] === undefined ? answer(404, { message: `${path} not found` }) : answer(200, objects[path]);
    });
  });
  const port = await listen(server);
  const kubeconfigPath = join(folder, "kubeconfig");
  writeFileSync(
    kubeconfigPath,
    JSON.stringify({
      "current-context": "lab",
      contexts: [{ name: "lab", context: { cluster: "lab", user: "admin" } }],
      clusters: [{ name: "lab", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "admin", user: { token: "admin-token" } }],
    }),
  );
  return { kubeconfigPath, objects, impersonated, stop: () => close(server) };
}

function utf8(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? Buffer.from(header, "latin1").toString("utf8") : undefined;
}

export function listen(server: http.Server | https.Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}

export function close(server: http.Server | https.Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const text = (value: string): string => Buffer.from(value).toString("base64");

/** Puts into the cluster what chart 8.0.15 renders with `clientSecretName`. */
export function installKasten(
  cluster: FakeCluster,
  configuration: Record<string, string> = {},
  clientSecretName = "k10-oidc-client-1",
): void {
  const secret = (name: string, data: Record<string, string>): void => {
    cluster.objects[`/api/v1/namespaces/kasten-io/secrets/${name}`] = {
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, text(value)])),
    };
  };
  secret("k10-oidc-auth", {
    "provider-url": issuer,
    "redirect-url": "https://k10.example.test",
    scopes: "openid profile email groups",
    prompt: "login",
    usernameClaim: "preferred_username",
    usernamePrefix: "okta:",
    groupClaim: "groups",
    groupPrefix: "okta:",
    sessionDuration: "1h",
    refreshTokenSupport: "false",
    groupAllowList: "",
    "logout-url": "",
    ...configuration,
  });
  secret(clientSecretName, { "client-id": "k10", "client-secret": configuration["client-secret"] ?? "first secret" });
  for (const name of ["auth-svc", "controllermanager-svc", "dashboardbff-svc"]) {
    cluster.objects[`/apis/apps/v1/namespaces/kasten-io/deployments/${name}`] = {
      spec: {
        template: {
          metadata: { annotations: { run: name } },
          spec: {
            containers: [{ name, env: name === "auth-svc" ? [{ name: "PREFIX_PATH", value: "/k10" }] : [] }],
            volumes: [
              { name: "k10-oidc-auth", secret: { secretName: "k10-oidc-auth" } },
              { name: "k10-oidc-auth-creds", secret: { secretName: clientSecretName } },
            ],
          },
        },
      },
    };
  }
  cluster.objects["/api/v1/namespaces/kasten-io/configmaps/k10-gateway"] = { data: { PREFIX_PATH: "/k10" } };
}
