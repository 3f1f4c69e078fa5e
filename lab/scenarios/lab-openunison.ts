import { clusterParts, clusterPeople, clusterProofs } from "./cluster";
import type { Scenario } from "./scenario";

const platform = "portal";

/** OpenUnison before a cluster that trusts nobody itself, as managed ones do: its proxy acts as the person. */
export const labOpenUnisonOkta: Scenario = {
  stack: "lab-openunison-okta",
  namespaces: ["shop", "billing"],
  people: clusterPeople,
  filledIn: [{ at: ["gatehouse:platforms", platform, "trustedCertificates", "lab"], with: "lab-authority" }],
  refused: [{ login: "nils@example.com", platform }],
  proofs: clusterProofs(platform, clusterParts),
};

/** OpenUnison before a cluster that trusts its tokens: the API server judges them by the configuration that the stack exported. */
export const labOpenUnisonDirect: Scenario = {
  ...labOpenUnisonOkta,
  stack: "lab-openunison-direct",
  filledIn: [
    { at: ["gatehouse:platforms", platform, "trustedCertificates", "lab"], with: "lab-authority" },
    { at: ["gatehouse:platforms", platform, "direct", "certificateAuthority"], with: "lab-authority" },
  ],
};

/** The same on Entra ID, whose tokens carry object ids. */
export const labOpenUnisonEntra: Scenario = { ...labOpenUnisonOkta, stack: "lab-openunison-entra" };
