import { OktaDirectory, type OktaGroupArgs } from "../../../../components";
import { printDeaths } from "../deaths";

void printDeaths<OktaGroupArgs>(
  {
    "no group": { group: { existing: "Security Auditors" }, answer: { groups: [] } },
    "only another case": {
      group: { existing: "Security Auditors" },
      answer: { groups: [{ id: "00g1", name: "security auditors" }] },
    },
    "two groups": {
      group: { existing: "Security Auditors" },
      answer: {
        groups: [
          { id: "00g1", name: "Security Auditors" },
          { id: "00g2", name: "Security Auditors" },
        ],
      },
    },
    "a group of a directory": {
      group: { existing: "Security Auditors" },
      answer: { groups: [{ id: "00g1", name: "Security Auditors", type: "APP_GROUP" }] },
    },
    "groups may not be read": { group: { existing: "Security Auditors" }, answer: new Error("the API returned an error: E0000006") },
    "no such person": {
      group: { displayName: "Kasten Admins", members: ["ana@example.com"] },
      answer: new Error("no user found using the provided search criteria"),
    },
  },
  (group) => new OktaDirectory("groups", { groups: { team: group }, grantedGroups: ["team"] }),
);
