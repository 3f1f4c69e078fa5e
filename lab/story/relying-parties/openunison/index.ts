/**
 * OpenUnison's login portal and kube-oidc-proxy: what the charts rendered (`configuration`, `directory`), who a token makes of a person
 * (`identity`, pure), the portal (`openunison`), and its two ways to the API server (`access`, `issuer`).
 */
import type { RelyingPartyDefinition } from "../contract";
import { startOpenUnisonPortal } from "./openunison";

export const openUnisonRelyingParty: RelyingPartyDefinition = {
  start: (platform, surroundings) =>
    startOpenUnisonPortal({ ...surroundings, exportedTrust: platform.files?.["authentication-configuration.yaml"] }),
};
