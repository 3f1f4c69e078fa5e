import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "../../../machine/certificates";
import type { NewPerson } from "../../../vendors/okta/people";
import { startOktaLab, type OktaLab } from "../../../vendors/okta/server";

export const testApiToken = "test-api-token";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: unknown;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  ca?: string;
  /** Sent as the request line's target instead of the URL's path (absolute form). */
  target?: string;
}

/** One request, without following redirects. */
export function send(url: string, sent: Sent = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, ca, target } = sent;
  const at = new URL(url);
  const path = target ?? at.pathname + at.search;
  const make = at.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = make(
      { host: at.hostname, port: at.port, path, method, headers: { ...length, ...headers }, ca, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const isJson = (response.headers["content-type"] ?? "").includes("json");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? (JSON.parse(text) as unknown) : undefined,
          });
        });
      },
    );
    request.on("error", reject);
    if (body !== undefined) {
      request.write(body);
    }
    request.end();
  });
}

export interface TestLab {
  lab: OktaLab;
  ca: string;
  /** A management request with the API token. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  end(): Promise<void>;
}

export async function startTestLab(people: readonly NewPerson[] = [], stateDir?: string): Promise<TestLab> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-okta-"));
  const authority = await createCertificateAuthority({ directory, name: "ca" });
  const { certificate, key } = await authority.issueServer({ name: "okta" });
  const problems: unknown[] = [];
  const lab = await startOktaLab({
    port: 0,
    stateDir,
    certificate: { certPem: certificate, keyPem: key },
    apiToken: testApiToken,
    people,
    onError: (problem) => problems.push(problem),
  });
  return {
    lab,
    ca: authority.certificate,
    api: (method, path, body, headers = {}) =>
      send(lab.managementUrl + path, {
        method,
        headers: { authorization: `SSWS ${testApiToken}`, "content-type": "application/json", ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    end: async () => {
      await lab.stop();
      rmSync(directory, { recursive: true, force: true });
      if (problems.length > 0) {
        throw new Error(`the lab reported faults: ${problems.map(String).join("; ")}`);
      }
    },
  };
}

/** The field of an answer at a dotted path; fails the test when it is not there. */
export function at(answer: Answer, path: string): unknown {
  let value: unknown = answer.json;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !(name in value)) {
      throw new Error(`${path}: not in ${answer.text}`);
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

export function text(answer: Answer, path: string): string {
  const value = at(answer, path);
  if (typeof value !== "string") {
    throw new Error(`${path}: expected text, got ${typeof value}`);
  }
  return value;
}

/** A web app as the official provider sends it (shared/recordings/provider-requests). */
export function webApp(
  label: string,
  changes: { oauthClient?: Record<string, unknown>; credentials?: Record<string, unknown> } = {},
): Record<string, unknown> {
  return {
    accessibility: {},
    credentials: {
      oauthClient: {
        autoKeyRotation: true,
        pkce_required: false,
        token_endpoint_auth_method: "client_secret_basic",
        ...changes.credentials,
      },
      userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
    },
    label,
    name: "oidc_client",
    settings: {
      notes: {},
      oauthClient: {
        application_type: "web",
        consent_method: "TRUSTED",
        dpop_bound_access_tokens: false,
        grant_types: ["authorization_code"],
        idp_initiated_login: { default_scope: [], mode: "DISABLED" },
        issuer_mode: "ORG_URL",
        redirect_uris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
        response_types: ["code"],
        wildcard_redirect: "DISABLED",
        ...changes.oauthClient,
      },
    },
    signOnMode: "OPENID_CONNECT",
    visibility: { hide: { iOS: true, web: true } },
  };
}
