import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const program = path.join(__dirname, "./failing-look-ups.program.ts");

test("a failed look-up ends the program, and says where, what, and what to do, with the provider's own words", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program]);
  const remedy = (permission: string): string =>
    `could not be looked up in Entra ID. Fix: check the spelling, and that the account which deploys may read it (application permission ${permission}). Entra ID's provider said: `;
  // Pulumi puts the property in front that it was about to write; from 3.249 on each one on the way to it.
  const words = (text: string): string => text.replace(/^(error serializing property "\w+": )+/, "");
  const group = `gatehouse:groups.team.existing: the security group 'Security Auditors' ${remedy("Group.Read.All")}`;
  const said = JSON.parse(stdout) as Record<string, string>;
  expect(Object.values(said).every((text) => text.startsWith("error serializing property"))).toBe(true);
  expect(Object.fromEntries(Object.entries(said).map(([name, text]) => [name, words(text)]))).toEqual({
    "no group": `${group}No group found with display name: "Security Auditors"`,
    "two groups":
      "gatehouse:groups.team.existing: expected one security group named 'Security Auditors' in Entra ID, got several. " +
      "Fix: write the object id of the one that is meant (Entra ID, Groups, Overview), or give it a name of its own.",
    "no such person": `gatehouse:groups.team.members: the person 'ana@example.com' ${remedy("User.Read.All")}User with UPN not found`,
  });
});
