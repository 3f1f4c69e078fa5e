import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePorts, httpsStatus, type Processes } from "../processes";
import { writePrivate, type CertificateAuthority } from "../certificates";
import type { Scenario } from "../scenarios";
import { projectFolder } from "./folders";

/** The lab's identity provider, running as a process of its own so that `--keep` can leave it up. */
export interface LabIdentityProvider {
  readonly issuer: string;
  /** What the providers' plugins need to reach it, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** A sign-in name with its password, which exists only for this lab. */
export interface Credential {
  readonly login: string;
  readonly password: string;
}

/** Passwords for a scenario's people, made anew. */
export function makeCredentials(scenario: Scenario): Credential[] {
  return scenario.people.map(({ login }) => ({ login, password: randomBytes(15).toString("base64url") }));
}

export interface IdentityProviderOptions {
  readonly scenario: Scenario;
  readonly credentials: readonly Credential[];
  /** The issuer that the stack file names: its port is where the lab must listen. */
  readonly issuer: string;
  readonly stateDir: string;
  readonly authority: CertificateAuthority;
  readonly processes: Processes;
}

/** Starts the emulated Okta organisation: management API on plain HTTP, sign-in over TLS at the stack's own address. */
export async function startOkta(options: IdentityProviderOptions): Promise<LabIdentityProvider> {
  const { scenario, credentials, issuer, stateDir, authority, processes } = options;
  const { port } = new URL(issuer);
  const [managementPort = 0] = await freePorts(1);
  const certificate = await authority.issueServer({ name: "identity-provider" });
  const apiToken = randomBytes(24).toString("base64url");
  const configuration = {
    port: Number(port),
    managementPort,
    stateDir,
    certificate: { certPem: certificate.certificate, keyPem: certificate.key },
    apiToken,
    people: scenario.people.map((person) => ({
      login: person.login,
      firstName: person.firstName,
      lastName: person.lastName,
      password: credentials.find((credential) => credential.login === person.login)?.password,
    })),
  };
  const file = join(stateDir, "identity-provider.json");
  writePrivate(file, JSON.stringify(configuration));
  const started = await processes.start({
    name: "identity-provider",
    command: process.execPath,
    args: ["--import", "tsx", join(projectFolder, "lab", "identity", "main.ts"), file],
    cwd: projectFolder,
    ready: async () => (await httpsStatus(`${issuer}/.well-known/openid-configuration`, { ca: authority.certificate })).status === 200,
    secrets: [apiToken, ...credentials.map((credential) => credential.password)],
  });
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  await createExistingGroups(scenario, managementUrl, apiToken);
  return {
    issuer,
    milliseconds: started.milliseconds,
    environment: {
      OKTA_HTTP_PROXY: managementUrl,
      OKTA_API_TOKEN: apiToken,
      // The provider asks for both even when httpProxy overrides them.
      OKTA_ORG_NAME: "lab",
      OKTA_BASE_URL: "okta.com",
    },
  };
}

/** Groups of the organisation that are there before any stack, made through the management API as an administrator would. */
async function createExistingGroups(scenario: Scenario, managementUrl: string, apiToken: string): Promise<void> {
  const call = async (method: string, path: string, body?: unknown): Promise<{ id?: string }> => {
    const response = await fetch(`${managementUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${apiToken}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`The lab's Okta: expected ${method} ${path} to succeed, got status ${response.status}: ${await response.text()}`);
    }
    return response.status === 204 ? {} : ((await response.json()) as { id?: string });
  };
  for (const name of new Set(scenario.people.flatMap((person) => person.existingGroups ?? []))) {
    const group = await call("POST", "/groups", { profile: { name, description: "" } });
    for (const person of scenario.people.filter(({ existingGroups }) => existingGroups?.includes(name))) {
      const user = await call("GET", `/users/${encodeURIComponent(person.login)}`);
      await call("PUT", `/groups/${group.id ?? ""}/users/${user.id ?? ""}`);
    }
  }
}
