import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const program = path.join(__dirname, "./failing-look-ups.program.ts");

test("a failed look-up ends the program, and says where, what was expected, what came and what to do", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program]);
  // Pulumi puts the property in front that it was about to write.
  const found = (hits: number): string =>
    'error serializing property "outputs": ' +
    `gatehouse:groups.team.existing: expected one Okta group named exactly 'Security Auditors', got ${hits}. ` +
    "Fix: correct the name (case counts), or write displayName instead to have the group created.";
  expect(JSON.parse(stdout)).toEqual({
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
