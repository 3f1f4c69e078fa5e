import { EntraDirectory, OktaDirectory, type EntraGroupArgs, type OktaGroupArgs } from "../../../components";
import { deathsOf } from "./deaths";

/** A process of its own (./deaths.ts), and one for all providers: it takes more than a second to load what it needs. */
async function main(): Promise<void> {
  const okta = await deathsOf<OktaGroupArgs>(
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
  const entra = await deathsOf<EntraGroupArgs>(
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
  // What died left promises behind; Pulumi's check for those would fail this process as well.
  process.removeAllListeners("exit");
  process.stdout.write(JSON.stringify({ okta, entra }));
}

void main();
