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

/** The same on Entra ID, whose tokens carry object ids. */
export const labOpenUnisonEntra: Scenario = { ...labOpenUnisonOkta, stack: "lab-openunison-entra" };
