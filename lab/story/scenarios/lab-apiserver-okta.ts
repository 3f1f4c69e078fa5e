import { clusterParts, clusterPeople, clusterProofs } from "./cluster";
import type { Scenario } from "./scenario";

const platform = "cluster";

/** The API server itself: people's own ID tokens, judged by the AuthenticationConfiguration that the stack generated. */
export const labApiserverOkta: Scenario = {
  stack: "lab-apiserver-okta",
  namespaces: ["shop", "billing"],
  people: clusterPeople,
  filledIn: [
    { at: ["gatehouse:platforms", platform, "server"], with: "api-server" },
    { at: ["gatehouse:platforms", platform, "certificateAuthority"], with: "api-server-authority" },
    { at: ["gatehouse:platforms", platform, "issuerCertificateAuthority"], with: "lab-authority" },
  ],
  refused: [{ login: "nils@example.com", platform }],
  proofs: clusterProofs(platform, clusterParts),
  kubectl: [
    { login: clusterParts.operator, platform, args: ["get", "pods", "-n", "shop"], expected: "allowed" },
    { login: clusterParts.operator, platform, args: ["get", "pods", "-n", "billing"], expected: "denied" },
    { login: clusterParts.auditor, platform, args: ["get", "pods", "--all-namespaces"], expected: "allowed" },
    { login: clusterParts.auditor, platform, args: ["get", "secrets", "-n", "shop"], expected: "denied" },
  ],
};
