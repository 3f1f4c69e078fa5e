import * as pulumi from "@pulumi/pulumi";
import { isTenantId, type EntraSpec } from "../../../model";

/**
 * Puts the tenant's id in place of a domain, since tokens name the issuer by the id. Asked of the tenant's own discovery
 * document, which is public and is where the issuer comes from byte for byte.
 */
export async function resolveEntraTenant(spec: EntraSpec): Promise<EntraSpec> {
  if (isTenantId(spec.tenantId)) {
    return spec;
  }
  const url = `${spec.authority}/${spec.tenantId}/v2.0/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(`gatehouse:idp.tenantId: the tenant's discovery document could not be read at ${url}: ${reason}.`);
  });
  const issuer = response.ok ? ((await response.json()) as { issuer?: unknown }).issuer : undefined;
  const tenantId = typeof issuer === "string" ? new URL(issuer).pathname.split("/")[1] : undefined;
  if (tenantId === undefined || !isTenantId(tenantId)) {
    throw new pulumi.RunError(
      `gatehouse:idp.tenantId: expected a domain that a tenant has verified, got '${spec.tenantId}' (status ${response.status} from ${url}). ` +
        "Fix: write the tenant's id, a GUID, from the overview page of Entra ID.",
    );
  }
  return { ...spec, tenantId };
}
