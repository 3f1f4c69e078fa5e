/**
 * The typed description of one environment, as a stack file writes it: its shape (schema), what must hold between its parts (checks),
 * what has ended (expiry), what it dares (risks), and the one judgement that `validate` and `up` share (parse). Never what became of it
 * at the vendors: that is document/. What one kind of identity provider or platform knows stands in the kind's own folder.
 */
export { compatibility, type Compatibility } from "./compatibility";
export { expiredGrantGraceDays } from "./expiry";
export { grantReach, type GrantReach } from "./grant-reach";
export { isWithin, mend } from "./mend";
export { judgeEnvironment, parseEnvironment, type JudgedEnvironment, type ParsedEnvironment, type ProviderSettings } from "./parse";
export { environmentRisks } from "./risks";
export { environmentSchema, groupName, type Environment, type EnvironmentInput, type GroupSpec, type ProtectBindings } from "./schema";
