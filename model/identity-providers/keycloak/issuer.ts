import { issuerFault } from "../../text/issuers";
import { addProblem, describeReceived } from "../../text/problems";
import { z } from "zod";

const shape = /^(https:\/\/[^/]+(?:\/[^/]+)*?)\/realms\/([^/]+)$/;

/**
 * A realm's issuer, `https://host[/path]/realms/<realm>`: without a slash at its end, the realm's name as it is written (Keycloak
 * compares it byte for byte). Servers up to 16, and those with a relative path, have `/auth` before `/realms`.
 */
export const keycloakIssuerSchema = z
  .string()
  .superRefine((value, context) => {
    const fault = issuerFault(value);
    if (fault !== undefined) {
      addProblem(context, [], fault);
      return;
    }
    const received = describeReceived(value, []);
    if (value.endsWith("/")) {
      addProblem(context, [], {
        expected: "a realm's issuer without a slash at its end: Keycloak's tokens carry it so",
        received,
        fix: `write ${value.replace(/\/+$/, "")}`,
      });
    } else if (!shape.test(value)) {
      addProblem(context, [], {
        expected: "a realm's issuer: https://host/realms/<realm>, or https://host/auth/realms/<realm> on a server with that path",
        received,
        fix: "open the realm's settings in Keycloak's admin console: 'OpenID Endpoint Configuration' shows the issuer",
      });
    }
  })
  .meta({ pattern: "^https://[^?#]+/realms/[^/?#]+$", examples: ["https://keycloak.example.com/realms/main"] });

/** The parts of an issuer that {@link keycloakIssuerSchema} took: the server's base address, and the realm's name. */
export function keycloakRealm(issuer: string): { readonly base: string; readonly realm: string } {
  const [, base = "", realm = ""] = shape.exec(issuer) ?? [];
  return { base, realm: decodeURIComponent(realm) };
}
