export type { Fault, FaultKind } from "./faults";
export type { Consistency } from "./graph/store";
export { provisioningPermissions } from "./graph/permissions";
export { startEntraLab, type EntraLab, type EntraLabOptions } from "./server";
export type { LabCaller, LabGroup, LabPerson } from "./tenant";
