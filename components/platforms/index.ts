/**
 * Platforms as Pulumi installs them: one folder and one line of the registry for each kind, all behind one contract. None knows another,
 * and none knows an identity provider: what one registered comes as a registration. What follows from the stack file alone stands in
 * model/platforms, under the same names.
 */
export type { InstalledPlatform, PlatformInputs } from "./contract";
export { installPlatform } from "./registry";
