import { groupId, manners, type Manner, type Member } from "../../../vendors/external/manners";

const person: Member = { login: "ana@example.com", firstName: "Ana", lastName: "Admin", groups: ["Kasten Admins"] };
const nobody = { ...person, groups: [] };
const groupsOf = (
  name: keyof typeof manners,
  who: Member = person,
  scopes: readonly string[] = ["openid", "profile", "groups"],
): unknown => {
  const manner: Manner = manners[name];
  return manner.groups(who, scopes);
};

test.each([
  ["authentik", person, { groups: ["Kasten Admins"] }],
  ["authentik", nobody, { groups: [] }],
  ["memberOf", person, { memberOf: "Kasten Admins" }],
  ["memberOf", { ...person, groups: ["a", "b"] }, { memberOf: ["a", "b"] }],
  ["memberOf", nobody, {}],
  ["ids", person, { "https://example.com/groups": [groupId("Kasten Admins")] }],
  ["ids", nobody, {}],
  ["pairwise", person, { groups: ["Kasten Admins"] }],
  ["none", person, {}],
] as const)("%s, for a person with %j, carries %j", (name, who, expected) => {
  expect(groupsOf(name, who)).toEqual(expected);
});

test("groups come with a scope where the make has it so", () => {
  expect(groupsOf("authentik", person, ["openid"])).toEqual({});
  expect(groupsOf("pairwise", person, ["openid", "profile"])).toEqual({});
});

test("150 groups beside a person's own", () => {
  const { groups } = groupsOf("many") as { groups: string[] };
  expect(groups).toHaveLength(151);
  expect(groups.at(-1)).toBe("Kasten Admins");
});

test("a pairwise subject differs from client to client, any other does not", () => {
  for (const [name, manner] of Object.entries(manners)) {
    expect([name, manner.subject(person, "a") === manner.subject(person, "b")]).toEqual([name, name !== "pairwise"]);
  }
});
