import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

let deaths: Record<"okta" | "entra", Record<string, string>>;

beforeAll(async () => {
  const program = path.join(__dirname, "./failing-look-ups.program.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program]);
  deaths = JSON.parse(stdout) as typeof deaths;
});

test("a failed look-up in Okta ends the program, and says where, what was expected, what came and what to do", () => {
  // Pulumi puts the property in front that it was about to write.
  const found = (hits: number): string =>
    'error serializing property "outputs": ' +
    `gatehouse:groups.team.existing: expected one Okta group named exactly 'Security Auditors', got ${hits}. ` +
    "Fix: correct the name (case counts), or write displayName instead to have the group created.";
  expect(deaths.okta).toEqual({
    "no group": found(0),
    "only another case": found(0),
    "two groups": found(2),
    "a group of a directory":
      'error serializing property "outputs": ' +
      "gatehouse:groups.team.existing: expected a group that Okta itself masters, got 'Security Auditors', which a directory or an app masters (APP_GROUP). " +
      "A groups claim that filters by name never carries such a group: people would sign in without it. " +
      "Fix: make an Okta group, fill it by a group rule from this one, and name that.",
    "groups may not be read":
      'error serializing property "outputs": ' +
      "gatehouse:groups.team.existing: the group 'Security Auditors' could not be looked up in Okta. " +
      "Fix: check the spelling, and that the account which deploys may read it. Okta's provider said: the API returned an error: E0000006",
    "no such person":
      'error serializing property "users": ' +
      "gatehouse:groups.team.members: the person 'ana@example.com' could not be looked up in Okta. " +
      "Fix: check the spelling, and that the account which deploys may read it. Okta's provider said: no user found using the provided search criteria",
  });
});

test("a failed look-up in Entra ID ends the program, and says where, what, and what to do, with the provider's own words", () => {
  const remedy = (permission: string): string =>
    `could not be looked up in Entra ID. Fix: check the spelling, and that the account which deploys may read it (application permission ${permission}). Entra ID's provider said: `;
  // Pulumi puts the property in front that it was about to write; from 3.249 on each one on the way to it.
  const words = (text: string): string => text.replace(/^(error serializing property "\w+": )+/, "");
  const group = `gatehouse:groups.team.existing: the security group 'Security Auditors' ${remedy("Group.Read.All")}`;
  const said = deaths.entra;
  expect(Object.values(said).every((text) => text.startsWith("error serializing property"))).toBe(true);
  expect(Object.fromEntries(Object.entries(said).map(([name, text]) => [name, words(text)]))).toEqual({
    "no group": `${group}No group found with display name: "Security Auditors"`,
    "two groups":
      "gatehouse:groups.team.existing: expected one security group named 'Security Auditors' in Entra ID, got several. " +
      "Fix: write the object id of the one that is meant (Entra ID, Groups, Overview), or give it a name of its own.",
    "no such person": `gatehouse:groups.team.members: the person 'ana@example.com' ${remedy("User.Read.All")}User with UPN not found`,
  });
});
