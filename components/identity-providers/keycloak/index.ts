/**
 * Keycloak: a client for each platform (keycloak-application), the flow that lets in granted people alone (sign-in-flow), the groups of
 * an environment (keycloak-directory), and whether the realm keeps two secrets where the stack file counts on it (two-secrets). What follows from the stack file alone stands in model/identity-providers/keycloak.
 */
import * as pulumi from "@pulumi/pulumi";
import { compareText, keycloakDefaultScopes, keycloakRealm, type GroupSpec, type KeycloakSpec, type KnownPerson } from "../../../model";
import type { IdentityProviderKind } from "../contract";
import type { DiscoveryDocument } from "../issuer";
import { findPerson } from "./keycloak-directory";
import { setUpKeycloak } from "./set-up";
import { requireTwoSecrets } from "./two-secrets";

export { KeycloakApplication, type KeycloakApplicationArgs, type KeycloakGrantedGroupArgs } from "./keycloak-application";
export { KeycloakDirectory, type KeycloakDirectoryArgs, type KeycloakGroupArgs } from "./keycloak-directory";

/** The realm has the client scopes that this version of the server should have. */
function requireDiscovery(spec: KeycloakSpec, { scopes_supported: scopes }: DiscoveryDocument): void {
  const missing = Array.isArray(scopes) ? keycloakDefaultScopes(spec).filter((scope) => !scopes.includes(scope)) : [];
  if (missing.length > 0) {
    throw new pulumi.RunError(
      `gatehouse:idp.issuer: expected a realm with the client scopes ${keycloakDefaultScopes(spec).join(", ")}, got one without ${missing.join(", ")}. ` +
        `Fix: make them in Keycloak's admin console${missing.includes("basic") ? "; or, on a server before 25, write serverVersion: '24'" : ""}.`,
    );
  }
}

/** The people that the stack lists; nobody can look up who else is in a group. */
async function members(key: string, group: GroupSpec, options: pulumi.InvokeOptions, spec: KeycloakSpec): Promise<readonly KnownPerson[]> {
  const { realm } = keycloakRealm(spec.issuer);
  const found = (group.members ?? []).map(async (login) => ({
    login,
    id: await findPerson(realm, `gatehouse:groups.${key}.members`, login, options),
  }));
  return (await Promise.all(found)).sort((left, right) => compareText(left.login, right.login));
}

export const keycloak: IdentityProviderKind<KeycloakSpec> = {
  setUp: setUpKeycloak,
  issuer: { setting: "issuer", fix: (_spec, named) => `write ${named}` },
  requireDiscovery,
  requireSettings: requireTwoSecrets,
  members,
  person: (where, login, options, spec) => findPerson(keycloakRealm(spec.issuer).realm, where, login, options),
};
