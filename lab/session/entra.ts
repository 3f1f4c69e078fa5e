import { randomBytes, randomUUID } from "node:crypto";
import type { EntraSpec } from "../../model";
import { startServer, type IdentityProviderOptions, type LabIdentityProvider } from "./identity-provider";

/** Starts the emulated Entra ID tenant: metadata, Microsoft Graph and sign-in over TLS at the stack's own address. */
export async function startEntra(options: IdentityProviderOptions, spec: EntraSpec): Promise<LabIdentityProvider> {
  const { scenario, credentials } = options;
  const { host, port } = new URL(spec.authority);
  const clientSecret = randomBytes(24).toString("base64url");
  const caller = { clientId: randomUUID(), clientSecret, objectId: randomUUID() };
  const configuration = {
    tenantId: spec.tenantId,
    port: Number(port),
    people: scenario.people.map((person) => ({
      login: person.login,
      firstName: person.firstName,
      lastName: person.lastName,
      groups: person.existingGroups,
      ...secretsOf(options, person.login),
    })),
    groups: [...new Set(scenario.people.flatMap((person) => person.existingGroups ?? []))].map((displayName) => ({ displayName })),
    caller,
  };
  const secrets = [clientSecret, ...credentials.map((credential) => credential.password)];
  const { milliseconds } = await startServer(options, "entra/main.ts", configuration, secrets);
  return {
    issuer: options.issuer,
    milliseconds,
    environment: {
      ARM_METADATA_HOSTNAME: host,
      ARM_TENANT_ID: spec.tenantId,
      ARM_CLIENT_ID: caller.clientId,
      ARM_CLIENT_SECRET: clientSecret,
      // Never look for a signed-in `az`.
      ARM_USE_CLI: "false",
    },
  };
}

function secretsOf({ credentials }: IdentityProviderOptions, login: string): { password: string; otp: string } {
  const { password = "", otp = "" } = credentials.find((credential) => credential.login === login) ?? {};
  return { password, otp };
}
