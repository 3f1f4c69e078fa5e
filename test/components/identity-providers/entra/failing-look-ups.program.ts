import { EntraDirectory, type EntraGroupArgs } from "../../../../components";
import { printDeaths } from "../deaths";

void printDeaths<EntraGroupArgs>(
  {
    "no group": { group: { existing: "Security Auditors" }, answer: new Error('No group found with display name: "Security Auditors"') },
    "two groups": {
      group: { existing: "Security Auditors" },
      answer: new Error('More than one group found with display name: "Security Auditors"'),
    },
    "no such person": {
      group: { displayName: "Kasten Admins", members: ["ana@example.com"] },
      answer: new Error("User with UPN not found"),
    },
  },
  (group) => new EntraDirectory("groups", { groups: { team: group }, ownerIds: ["caller"] }),
);
