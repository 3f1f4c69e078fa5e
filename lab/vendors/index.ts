/**
 * Identity providers of the lab, a folder each: real servers where they can be had, emulators of the vendor's API and sign-in where not
 * (README.md says which is which). `contract` says what one is to the story, `registry` lists them; a vendor knows no other, and shares
 * `openid/`, the certified OpenID Provider behind the emulators. Nothing here knows a stack, a platform or a scenario.
 */
export type { LabIdentityProvider, VendorOptions, VendorPerson } from "./contract";
export { startSecondEntra } from "./entra/start";
export { groupId, manners, type MannerName } from "./external/start";
export { prepareIdentityProvider, startIdentityProvider } from "./registry";
