import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "../../../machine/certificates";
import { startEntraLab, type EntraLab, type EntraLabOptions } from "../../../vendors/entra";

export const tenant = "22222222-2222-4222-8222-222222222222";
export const caller = {
  clientId: "55555555-5555-4555-8555-555555555555",
  clientSecret: "lab-caller-secret",
  objectId: "11111111-1111-4111-8111-111111111111",
};
export const ana = {
  login: "ana@example.com",
  password: "ana-pass",
  displayName: "Ana Lima",
  firstName: "Ana",
  lastName: "Lima",
  otp: "123456",
};
export const ben = { login: "ben@example.com", password: "ben-pass", displayName: "Ben Osei" };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed JSON; {} when there is none. */
  readonly json: Record<string, unknown>;
}

export interface Bench {
  readonly lab: EntraLab;
  readonly ca: string;
  /** PEM file of the same authority. */
  readonly caFile: string;
  /** One HTTP request over TLS that trusts the lab's authority only. Follows nothing. */
  send(method: string, url: string, options?: { headers?: Record<string, string>; body?: string }): Promise<Answer>;
  /** A Graph request as the lab's caller; the path begins with /v1.0 or /beta. */
  graph(method: string, path: string, body?: unknown): Promise<Answer>;
  token(form?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** A tenant with Ana (second factor 123456) and Ben, and the provisioning application. */
export async function openBench(options: Partial<EntraLabOptions> = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "entra-"));
  const authority = await createCertificateAuthority({ directory: folder, name: "ca" });
  const { certificate, key } = await authority.issueServer({ name: "entra" });
  const lab = await startEntraLab({
    tenantId: tenant,
    port: 0,
    certificate: { certPem: certificate, keyPem: key },
    people: [ana, ben],
    caller: caller,
    ...options,
  });
  const ca = authority.certificate;
  const agent = new Agent({ ca, keepAlive: true });
  const send: Bench["send"] = (method, url, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const json = (response.headers["content-type"] ?? "").startsWith("application/json") ? (JSON.parse(text) as Answer["json"]) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  const token: Bench["token"] = (form = {}) =>
    send("POST", `${lab.graphUrl}/${tenant}/oauth2/v2.0/token`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        client_id: caller.clientId,
        client_secret: caller.clientSecret,
        grant_type: "client_credentials",
        scope: `${lab.graphUrl}/.default`,
        ...form,
      }).toString(),
    });
  let bearer: string | undefined;
  return {
    lab,
    ca,
    caFile: authority.certificateFile,
    send,
    token,
    graph: async (method, path, body) => {
      bearer ??= String((await token()).json["access_token"]);
      return send(method, `${lab.graphUrl}${path}`, {
        headers: { authorization: `Bearer ${bearer}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    close: async () => {
      agent.destroy();
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Graph's error code and message. */
export function errorOf(answer: Answer): { status: number; code: unknown; message: unknown } {
  const error = (answer.json["error"] ?? {}) as Record<string, unknown>;
  return { status: answer.status, code: error["code"], message: error["message"] };
}

/** Registers an application with a service principal and answers its ids. */
export async function register(
  bench: Bench,
  application: Record<string, unknown> = {},
  principal: Record<string, unknown> = {},
): Promise<{ objectId: string; clientId: string; principalId: string }> {
  const made = await bench.graph("POST", "/v1.0/applications", {
    displayName: "k10",
    web: { redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"] },
    ...application,
  });
  if (made.status !== 201) {
    throw new Error(`registration: ${made.text}`);
  }
  const clientId = String(made.json["appId"]);
  const sp = await bench.graph("POST", "/v1.0/servicePrincipals", { appId: clientId, appRoleAssignmentRequired: true, ...principal });
  if (sp.status !== 201) {
    throw new Error(`service principal: ${sp.text}`);
  }
  return { objectId: String(made.json["id"]), clientId, principalId: String(sp.json["id"]) };
}

export async function makeGroup(bench: Bench, displayName: string, members: readonly string[] = []): Promise<string> {
  const made = await bench.graph("POST", "/beta/groups", {
    displayName,
    mailEnabled: false,
    mailNickname: displayName.replace(/\W/g, "-"),
    securityEnabled: true,
    "members@odata.bind": members.map((id) => `${bench.lab.graphUrl}/beta/directoryObjects/${id}`),
  });
  if (made.status !== 201) {
    throw new Error(`group: ${made.text}`);
  }
  return String(made.json["id"]);
}

export const noRole = "00000000-0000-0000-0000-000000000000";

export async function assign(bench: Bench, principalId: string, to: string, appRoleId = noRole): Promise<void> {
  const made = await bench.graph("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignedTo`, {
    appRoleId,
    principalId: to,
    resourceId: principalId,
  });
  if (made.status !== 201) {
    throw new Error(`assignment: ${made.text}`);
  }
}

export async function addSecret(
  bench: Bench,
  objectId: string,
  dates: Record<string, string> = {},
): Promise<{ keyId: string; secret: string }> {
  const made = await bench.graph("POST", `/v1.0/applications/${objectId}/addPassword`, {
    passwordCredential: { displayName: "a", ...dates },
  });
  if (made.status !== 200) {
    throw new Error(`password: ${made.text}`);
  }
  return { keyId: String(made.json["keyId"]), secret: String(made.json["secretText"]) };
}

export function userId(bench: Bench, login: string): string {
  const user = bench.lab.store.user(login);
  if (user === undefined) {
    throw new Error(`no such person: ${login}`);
  }
  return user.id;
}
