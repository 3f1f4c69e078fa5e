/**
 * Identity providers as Pulumi makes them: one folder and one line of the registry for each kind, all behind one contract. None knows
 * another, and none knows a platform: what a platform asks of its client comes as requirements. What follows from the stack file alone
 * stands in model/identity-providers, under the same names.
 */
export type { IdentityProvider, IdentityProviderInputs, IdentityProviderKind, Registration } from "./contract";
export { lookUpMembers, resolveIdentityProvider, setUpIdentityProvider } from "./registry";
