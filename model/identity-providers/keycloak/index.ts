/** Keycloak: its settings and facts (keycloak), issuers and realms (issuer), paths and names of groups (groups), what its API's errors mean (failures), whether it keeps two client secrets (two-secrets). */
export { keycloakClaimValue, type KeycloakGroupClaims } from "./groups";
export { requestToken as requestKeycloakToken } from "./administration";
export { keycloakRealm } from "./issuer";
export { keycloakDefaultScopes } from "./default-scopes";
export { keycloak, type KeycloakInput, type KeycloakSpec } from "./keycloak";
export { keycloakOverlapFault, keycloakPoliciesSchema, keycloakProfilesSchema, keycloakServerSchema } from "./two-secrets";
