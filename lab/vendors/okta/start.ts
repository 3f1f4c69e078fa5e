import { randomBytes } from "node:crypto";
import { freePorts } from "../../machine/processes";
import type { LabIdentityProvider, VendorDefinition, VendorOptions } from "../contract";
import { startServerProcess } from "../server-process";

export const oktaVendor: VendorDefinition<"okta"> = { start: startOkta };

/** Starts the emulated Okta organisation: management API on plain HTTP, sign-in over TLS at the stack's own address. */
async function startOkta(options: VendorOptions): Promise<LabIdentityProvider> {
  const { people, stateDir } = options;
  const { origin, port } = new URL(options.issuer);
  const [managementPort = 0] = await freePorts(1);
  const apiToken = randomBytes(24).toString("base64url");
  const configuration = {
    port: Number(port),
    managementPort,
    stateDir,
    apiToken,
    people: people.map(({ login, firstName, lastName, password }) => ({ login, firstName, lastName, password })),
  };
  const secrets = [apiToken, ...people.map(({ password }) => password)];
  const { milliseconds } = await startServerProcess({ ...options, issuer: origin }, "okta/main.ts", configuration, secrets);
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  await createExistingGroups(people, managementUrl, apiToken);
  return {
    issuer: options.issuer,
    milliseconds,
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
async function createExistingGroups(people: VendorOptions["people"], managementUrl: string, apiToken: string): Promise<void> {
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
  for (const name of new Set(people.flatMap((person) => person.existingGroups ?? []))) {
    const group = await call("POST", "/groups", { profile: { name, description: "" } });
    for (const person of people.filter(({ existingGroups }) => existingGroups?.includes(name))) {
      const user = await call("GET", `/users/${encodeURIComponent(person.login)}`);
      await call("PUT", `/groups/${group.id ?? ""}/users/${user.id ?? ""}`);
    }
  }
}
