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

/** User.Read.All, Group.Read.All and GroupMember.Read.All of Microsoft Graph. */
const directoryReads = [
  "df021288-bdef-4463-88db-98f22de89214",
  "5b567255-7703-4780-807c-7be8301ae99b",
  "98830695-27a2-44f7-8c18-0c3ebc9698f6",
];

/** On Entra ID with the group chain, which looks display names up: the app may read all users and groups, which the pack must be told. */
export const labOpenUnisonEntraNames: Scenario = {
  ...labOpenUnisonOkta,
  stack: "lab-openunison-entra-names",
  policies: { "entra-no-app-permissions": { allowed: directoryReads }, "entra-no-granted-permissions": { allowed: directoryReads } },
};
