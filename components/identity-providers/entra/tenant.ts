import * as pulumi from "@pulumi/pulumi";
import { isTenantId, type EntraSpec } from "../../../model";
import { readDiscovery } from "../issuer";

/**
 * Puts the tenant's id in place of a domain, since tokens name the issuer by the id. Asked of the tenant's own discovery
 * document, which is public and is where the issuer comes from byte for byte.
 */
export async function resolveEntraTenant(spec: EntraSpec): Promise<EntraSpec> {
  if (isTenantId(spec.tenantId)) {
    return spec;
  }
  const stated = `${spec.authority}/${spec.tenantId}/v2.0`;
  const { address, status, document } = await readDiscovery(stated).catch((error: unknown) => {
    throw new pulumi.RunError(`gatehouse:idp.tenantId: ${error instanceof Error ? error.message : String(error)}`);
  });
  const issuer = document?.["issuer"];
  const tenantId =
    status === 200 && typeof issuer === "string" && URL.canParse(issuer) ? new URL(issuer).pathname.split("/")[1] : undefined;
  if (tenantId === undefined || !isTenantId(tenantId)) {
    throw new pulumi.RunError(
      `gatehouse:idp.tenantId: expected a domain that a tenant has verified, got '${spec.tenantId}' (status ${status} from ${address}). ` +
        "Fix: write the tenant's id, a GUID, from the overview page of Entra ID.",
    );
  }
  return { ...spec, tenantId };
}
