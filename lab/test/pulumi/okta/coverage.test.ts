// Every input that @pulumi/okta's SDK can send must be known: implemented, or refused with a reason, never dropped.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { okta } from "../../../pulumi/okta/table";

const sdk = join(__dirname, "../../../../node_modules/@pulumi/okta");
const files: Record<string, string> = {
  "okta:app/oAuth:OAuth": "app/oauth",
  "okta:app/user:User": "app/user",
  "okta:auth/server:Server": "auth/server",
  "okta:auth/serverClaim:ServerClaim": "auth/serverClaim",
  "okta:auth/serverPolicy:ServerPolicy": "auth/serverPolicy",
  "okta:auth/serverPolicyRule:ServerPolicyRule": "auth/serverPolicyRule",
  "okta:auth/serverScope:ServerScope": "auth/serverScope",
  "okta:group/group:Group": "group/group",
  "okta:index/appGroupAssignments:AppGroupAssignments": "appGroupAssignments",
  "okta:index/appSignonPolicy:AppSignonPolicy": "appSignonPolicy",
  "okta:index/appSignonPolicyRule:AppSignonPolicyRule": "appSignonPolicyRule",
  "okta:index/groupMemberships:GroupMemberships": "groupMemberships",
};

/** Names of an interface's properties in the SDK's declarations. */
function propertiesOf(file: string, suffix: "Args" | "State", typeName: string): string[] {
  const text = readFileSync(join(sdk, `${file}.d.ts`), "utf8");
  const body = new RegExp(`export interface ${typeName}${suffix} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? "";
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map((match) => match[1] ?? "").sort();
}

test("every resource type has its SDK file here", () => {
  expect(Object.keys(files).sort()).toEqual(Object.keys(okta.resources).sort());
});

test.each(Object.entries(files))("%s knows the SDK's inputs and outputs", (token, file) => {
  const typeName = token.split(":")[2] ?? "";
  const properties = okta.resources[token]?.properties ?? {};
  const inputs = Object.keys(properties).filter((key) => !properties[key]?.outputOnly);
  const sdkInputs = propertiesOf(file, "Args", typeName);
  expect(sdkInputs.length).toBeGreaterThan(1);
  expect(inputs.sort()).toEqual(sdkInputs);
  expect(Object.keys(properties).sort()).toEqual(propertiesOf(file, "State", typeName));
});
