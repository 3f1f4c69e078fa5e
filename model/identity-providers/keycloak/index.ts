/** Keycloak: its settings and facts (keycloak), issuers and realms (issuer), paths and names of groups (groups), what its API's errors mean (failures). */
export { keycloakClaimValue, type KeycloakGroupClaims } from "./groups";
export { keycloakRealm } from "./issuer";
export { keycloak, keycloakDefaultScopes, type KeycloakInput, type KeycloakSpec } from "./keycloak";
