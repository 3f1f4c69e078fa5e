import type { EntraDirectoryArgs } from "../../../../components";
import { listing, only, settled, simulate, unknown, type Called, type Simulation, type World } from "../../harness";

const groupType = "azuread:index/group:Group";

/** A tenant in which everybody and every group that a test names is there. */
function tenant({ token, inputs }: Called): Record<string, unknown> {
  return token === "azuread:index/getGroup:getGroup"
    ? { objectId: `group-${String(inputs.displayName)}` }
    : { objectId: `user-${String(inputs.userPrincipalName)}` };
}

async function directory(
  groups: EntraDirectoryArgs["groups"],
  world: World = {},
): Promise<Simulation<Awaited<ReturnType<typeof settled>>>> {
  const simulation = await simulate(({ EntraDirectory }) => new EntraDirectory("groups", { groups, ownerIds: ["caller"] }), {
    call: tenant,
    computed: (type, name) => (type === groupType ? { objectId: `object-of-${name}` } : {}),
    ...world,
  });
  return { ...simulation, result: await settled(simulation.result.groupIds) };
}

const admins = { displayName: "Kasten Admins", description: "May do all", members: ["zoe@example.com", "ana@example.com"] };

test("a created group: security only, no double name, owners, members by object id; exact inputs, name and parent", async () => {
  const simulation = await directory({ admins });
  expect(simulation.resources).toEqual([
    {
      type: groupType,
      name: "groups-admins",
      parent: "groups",
      inputs: {
        displayName: "Kasten Admins",
        description: "May do all",
        securityEnabled: true,
        mailEnabled: false,
        preventDuplicateNames: true,
        owners: ["caller"],
        members: ["user-ana@example.com", "user-zoe@example.com"],
      },
      secretOutputs: [],
      dependsOn: [],
    },
    { type: "gatehouse:index:EntraDirectory", name: "groups", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
  ]);
  expect(simulation.result).toEqual({ value: { admins: "object-of-groups-admins" }, known: true, secret: false });
});

test("a group that few may change is asked for as such; left out, nothing is sent, and the group that is there stays", async () => {
  const closed = await directory({ admins: { displayName: "Kasten Admins", assignableToRole: true } });
  expect(only(closed, groupType).inputs["assignableToRole"]).toBe(true);
  const ordinary = await directory({ admins: { displayName: "Kasten Admins", assignableToRole: false } });
  expect(only(ordinary, groupType).inputs).not.toHaveProperty("assignableToRole");
});

test("a group without listed members leaves membership to others; an empty list means nobody", async () => {
  const open = await directory({ users: { displayName: "Kasten Users" } });
  expect(only(open, groupType).inputs).not.toHaveProperty("members");
  const empty = await directory({ nobody: { displayName: "Nobody", members: [] } });
  expect(only(empty, groupType).inputs.members).toEqual([]);
});

test("an existing group is looked up among the security groups, and nothing is created for it", async () => {
  const simulation = await directory({ auditors: { existing: "Security Auditors" } });
  expect(listing(simulation)).toEqual(["gatehouse:index:EntraDirectory groups"]);
  expect(simulation.calls).toEqual([
    { token: "azuread:index/getGroup:getGroup", inputs: { displayName: "Security Auditors", securityEnabled: true } },
  ]);
  expect(simulation.result.value).toEqual({ auditors: "group-Security Auditors" });
});

test("a person in several groups is looked up once", async () => {
  const simulation = await directory({
    one: { displayName: "One", members: ["ana@example.com"] },
    two: { displayName: "Two", members: ["ana@example.com"] },
  });
  expect(simulation.calls).toEqual([{ token: "azuread:index/getUser:getUser", inputs: { userPrincipalName: "ana@example.com" } }]);
});

test("the key is the identity: a renamed group keeps its resource", async () => {
  const renamed = await directory({ admins: { ...admins, displayName: "Renamed" } });
  expect(listing(renamed)).toEqual(listing(await directory({ admins })));
});

test("in a plan, ids of created groups are unknown and nothing throws", async () => {
  const simulation = await directory(
    { admins, auditors: { existing: "Security Auditors" } },
    { preview: true, computed: () => ({ objectId: unknown }) },
  );
  expect(listing(simulation)).toEqual([`${groupType} groups-admins`, "gatehouse:index:EntraDirectory groups"]);
  expect(simulation.result.known).toBe(false);
});

test("an existing group is looked up by its name, or by its object id", async () => {
  const id = "d228b7e7-c10c-488b-9b13-8714682dbb0c";
  const simulation = await directory({ auditors: { existing: id }, operators: { existing: "Operators" } });
  expect(simulation.calls.map(({ inputs }) => inputs)).toEqual([
    { objectId: id, securityEnabled: true },
    { displayName: "Operators", securityEnabled: true },
  ]);
});
