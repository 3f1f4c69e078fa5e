/** Entra ID: its settings and facts (entra), its issuers of two versions, its limits on redirects, what Microsoft Graph's errors mean (failures). */
export { entra, isTenantId, type EntraInput, type EntraSpec } from "./entra";
export { directoryRoles } from "./directory-roles";
