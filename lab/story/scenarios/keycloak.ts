import { k10Proofs } from "./k10";
import type { FilledIn, Scenario } from "./scenario";

/** Keycloak's certificate is from the lab's own authority, which the stack must name. */
const issuerAuthority: FilledIn = { at: ["gatehouse:idp", "certificateAuthority"], with: "lab-authority" };

export const labK10Keycloak: Scenario = {
  stack: "lab-k10-keycloak",
  namespaces: ["shop", "billing"],
  people: [
    { login: "ana@example.com", firstName: "Ana", lastName: "Admin", part: "administrator" },
    { login: "omar@example.com", firstName: "Omar", lastName: "Operator", part: "operator of shop" },
    { login: "ada@example.com", firstName: "Ada", lastName: "Auditor", part: "auditor", existingGroups: ["/security/Auditors"] },
    // In a group of the same name below another one, which is not the one that holds the grant.
    { login: "nils@example.com", firstName: "Nils", lastName: "Nobody", part: "in other groups", existingGroups: ["/sales/Auditors"] },
  ],
  filledIn: [issuerAuthority],
  refused: [{ login: "nils@example.com", platform: "k10" }],
  proofs: k10Proofs({ administrator: "ana@example.com", operator: "omar@example.com", auditor: "ada@example.com" }),
};
