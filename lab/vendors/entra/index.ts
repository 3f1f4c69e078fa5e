/**
 * Entra ID for a lab: one tenant with Microsoft Graph (`graph/`), the token endpoint and the pages on which people sign in, which are
 * the certified provider of `../openid`. Each answer is held to a recording or to a reference page of Microsoft's. It knows no scenario.
 */
export type { Fault, FaultKind } from "./faults";
export type { Consistency } from "./graph/store";
export { provisioningPermissions } from "./graph/permissions";
export { startEntraLab, type EntraLab, type EntraLabOptions } from "./server";
export type { LabCaller, LabGroup, LabPerson } from "./tenant";
