import { randomBytes, randomUUID } from "node:crypto";
import type { EntraSpec } from "../../../model";
import type { LabIdentityProvider, VendorDefinition, VendorOptions } from "../contract";
import { startServerProcess } from "../server-process";

export const entraVendor: VendorDefinition<"entra"> = { start: startEntra };

/** Starts the emulated Entra ID tenant: metadata, Microsoft Graph and sign-in over TLS at the stack's own address. */
async function startEntra(
  options: Omit<VendorOptions, "checklist">,
  spec: Pick<EntraSpec, "authority" | "tenantId">,
): Promise<LabIdentityProvider> {
  const { people, replicationMilliseconds = 0 } = options;
  const { host, port } = new URL(spec.authority);
  const clientSecret = randomBytes(24).toString("base64url");
  const controlToken = randomBytes(24).toString("base64url");
  const caller = { clientId: randomUUID(), clientSecret, objectId: randomUUID() };
  const configuration = {
    tenantId: spec.tenantId,
    port: Number(port),
    people: people.map(({ login, firstName, lastName, password, otp, existingGroups }) => ({
      login,
      firstName,
      lastName,
      groups: existingGroups,
      password,
      otp,
    })),
    groups: [...new Set(people.flatMap((person) => person.existingGroups ?? []))].map((displayName) => ({ displayName })),
    caller,
    controlToken,
    ...(replicationMilliseconds === 0 ? {} : { consistency: { milliseconds: replicationMilliseconds } }),
  };
  const secrets = [clientSecret, controlToken, ...people.map(({ password }) => password)];
  const { milliseconds } = await startServerProcess(options, "entra/main.ts", configuration, secrets);
  return {
    issuer: options.issuer,
    milliseconds,
    control: { url: `https://${host}/.lab`, token: controlToken },
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

/** A tenant beside a lab's own identity provider, for programs that use both vendors; gives back what its plugin needs. */
export async function startSecondEntra(
  lab: Omit<VendorOptions, "checklist" | "issuer" | "name">,
  port: number,
): Promise<LabIdentityProvider["environment"]> {
  const spec = { authority: `https://127.0.0.1:${port}`, tenantId: randomUUID() };
  const issuer = `${spec.authority}/${spec.tenantId}/v2.0`;
  return (await startEntra({ ...lab, issuer, name: "second-entra" }, spec)).environment;
}
