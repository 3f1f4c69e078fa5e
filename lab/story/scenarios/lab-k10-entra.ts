import { k10Proofs } from "./k10";
import type { Scenario } from "./scenario";

export const labK10Entra: Scenario = {
  stack: "lab-k10-entra",
  namespaces: ["shop", "billing"],
  people: [
    { login: "ana@example.com", firstName: "Ana", lastName: "Admin", part: "administrator" },
    { login: "omar@example.com", firstName: "Omar", lastName: "Operator", part: "operator of shop" },
    { login: "ada@example.com", firstName: "Ada", lastName: "Auditor", part: "auditor", existingGroups: ["Security Auditors"] },
    { login: "nils@example.com", firstName: "Nils", lastName: "Nobody", part: "assigned to nothing", existingGroups: ["Break Glass"] },
  ],
  refused: [{ login: "nils@example.com", platform: "k10" }],
  proofs: k10Proofs({ administrator: "ana@example.com", operator: "omar@example.com", auditor: "ada@example.com" }),
};
