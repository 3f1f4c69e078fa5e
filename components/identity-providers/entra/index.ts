/**
 * Entra ID: an app registration for each platform (entra-application), the security groups of an environment (entra-directory), the
 * tenant behind a domain (tenant). What follows from the stack file alone stands in model/identity-providers/entra.
 */
import type { EntraSpec } from "../../../model";
import type { IdentityProviderKind } from "../contract";
import { findUser } from "./entra-directory";
import { setUpEntra } from "./set-up";
import { resolveEntraTenant } from "./tenant";

export {
  EntraApplication,
  type EntraApplicationArgs,
  type EntraAssignedGroupArgs,
  type EntraMultiFactorArgs,
  type EntraSecretArgs,
} from "./entra-application";
export { EntraDirectory, type EntraDirectoryArgs, type EntraGroupArgs } from "./entra-directory";

/** Without members: Entra ID makes another `sub` for each client, and nobody knows it beforehand. A single person is known by `oid`. */
export const entra: IdentityProviderKind<EntraSpec> = {
  setUp: setUpEntra,
  resolve: resolveEntraTenant,
  person: findUser,
  issuer: {
    setting: "tenantId",
    fix: ({ authority }, named) =>
      named.startsWith(`${authority}/`)
        ? "write the tenant's id, a GUID in small letters, from the overview page of Entra ID"
        : `write authority: ${URL.canParse(named) ? new URL(named).origin : "the sign-in address of the tenant's cloud"}, where this tenant signs in`,
  },
};
