import type { OktaDirectoryArgs } from "../../../../components";
import { listing, only, settled, simulate, unknown, type Called, type Simulation, type World } from "../../harness";

/** An organisation with two existing groups of nearly one name, and everybody whom a test names. */
function organisation({ token, inputs }: Called): Record<string, unknown> {
  if (token === "okta:index/getGroups:getGroups") {
    return {
      groups: [
        { id: "00g-other", name: "Security Auditors (old)" },
        { id: "00g-auditors", name: "Security Auditors" },
      ],
    };
  }
  const [search] = inputs.searches as { value: string }[];
  return { id: `00u-${search?.value ?? ""}` };
}

async function directory(args: OktaDirectoryArgs, world: World = {}): Promise<Simulation<Awaited<ReturnType<typeof settled>>>> {
  const simulation = await simulate(({ OktaDirectory }) => new OktaDirectory("groups", args), { call: organisation, ...world });
  return { ...simulation, result: await settled(simulation.result.groupIds) };
}

const admins = { displayName: "Kasten Admins", description: "May do all", members: ["zoe@example.com", "ana@example.com"] };

test("a created group with members: exact inputs, names and parents", async () => {
  const simulation = await directory({ groups: { admins }, grantedGroups: ["admins"] });
  expect(simulation.resources).toEqual([
    { type: "gatehouse:index:OktaDirectory", name: "groups", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] },
    {
      type: "okta:group/group:Group",
      name: "groups-admins",
      parent: "groups",
      inputs: { name: "Kasten Admins", description: "May do all" },
      secretOutputs: [],
      dependsOn: [],
    },
    {
      type: "okta:index/groupMemberships:GroupMemberships",
      name: "groups-admins-members",
      parent: "groups",
      inputs: { groupId: "groups-admins-id", users: ["00u-ana@example.com", "00u-zoe@example.com"], trackAllUsers: true },
      secretOutputs: [],
      dependsOn: ["groups-admins"],
    },
  ]);
  expect(simulation.result).toEqual({ value: { admins: "groups-admins-id" }, known: true, secret: false });
});

test("a group without listed members gets no membership resource: others manage it", async () => {
  const simulation = await directory({ groups: { users: { displayName: "Kasten Users" } }, grantedGroups: [] });
  expect(listing(simulation)).toEqual(["gatehouse:index:OktaDirectory groups", "okta:group/group:Group groups-users"]);
  expect(only(simulation, "okta:group/group:Group").inputs).toEqual({ name: "Kasten Users" });
});

test("an empty list of members means nobody, and the stack keeps it so", async () => {
  const simulation = await directory({ groups: { nobody: { displayName: "Nobody", members: [] } }, grantedGroups: [] });
  expect(only(simulation, "okta:index/groupMemberships:GroupMemberships").inputs).toEqual({
    groupId: "groups-nobody-id",
    users: [],
    trackAllUsers: true,
  });
});

test("an existing group is found by its exact name, and nothing is created for it", async () => {
  const simulation = await directory({ groups: { auditors: { existing: "Security Auditors" } }, grantedGroups: ["auditors"] });
  expect(listing(simulation)).toEqual(["gatehouse:index:OktaDirectory groups"]);
  expect(simulation.calls).toEqual([
    { token: "okta:index/getGroups:getGroups", inputs: { search: 'profile.name eq "Security Auditors"' } },
  ]);
  expect(simulation.result.value).toEqual({ auditors: "00g-auditors" });
});

test("quotes and backslashes in a name do not end Okta's search expression", async () => {
  const name = 'Back\\up "Admins"';
  const simulation = await directory(
    { groups: { odd: { existing: name } }, grantedGroups: [] },
    { call: () => ({ groups: [{ id: "00g-odd", name }] }) },
  );
  expect(simulation.calls[0]?.inputs).toEqual({ search: 'profile.name eq "Back\\\\up \\"Admins\\""' });
  expect(simulation.result.value).toEqual({ odd: "00g-odd" });
});

test("a person in several groups is looked up once", async () => {
  const simulation = await directory({
    groups: { one: { displayName: "One", members: ["ana@example.com"] }, two: { displayName: "Two", members: ["ana@example.com"] } },
    grantedGroups: [],
  });
  expect(simulation.calls).toEqual([
    {
      token: "okta:user/getUser:getUser",
      inputs: { searches: [{ name: "profile.login", value: "ana@example.com", comparison: "eq" }], skipGroups: true, skipRoles: true },
    },
  ]);
  expect(listing(simulation).filter((line) => line.includes("GroupMemberships"))).toHaveLength(2);
});

describe("the groups claim of a custom authorization server", () => {
  const groups = { admins: { displayName: "Kasten Admins" }, auditors: { existing: "Security Auditors" }, idle: { displayName: "Idle" } };

  test("is bounded to the groups that hold a grant", async () => {
    const simulation = await directory({ groups, authorizationServerId: "default", grantedGroups: ["auditors", "admins"] });
    expect(only(simulation, "okta:auth/serverClaim:ServerClaim")).toEqual({
      type: "okta:auth/serverClaim:ServerClaim",
      name: "groups-groups-claim",
      parent: "groups",
      inputs: {
        authServerId: "default",
        name: "groups",
        claimType: "IDENTITY",
        valueType: "GROUPS",
        groupFilterType: "REGEX",
        value: "^(Kasten Admins|Security Auditors)$",
        alwaysIncludeInToken: true,
        status: "ACTIVE",
      },
      secretOutputs: [],
      dependsOn: [],
      replaceOnChanges: ["authServerId"],
    });
  });

  test("takes the name that the stack wrote", async () => {
    const simulation = await directory({ groups, authorizationServerId: "aus1", groupsClaim: "k8s_groups", grantedGroups: ["idle"] });
    expect(only(simulation, "okta:auth/serverClaim:ServerClaim").inputs).toMatchObject({ name: "k8s_groups", value: "^(Idle)$" });
  });

  test.each([
    ["no group holds a grant", { authorizationServerId: "default", grantedGroups: [] }],
    ["the organisation's own server issues the tokens", { grantedGroups: ["admins"] }],
  ])("is not made when %s", async (_reason, args) => {
    const simulation = await directory({ groups, ...args });
    expect(listing(simulation).filter((line) => line.includes("ServerClaim"))).toEqual([]);
  });
});

test("in a plan, ids of created groups are unknown and nothing throws", async () => {
  const simulation = await directory(
    { groups: { admins, auditors: { existing: "Security Auditors" } }, grantedGroups: [] },
    { preview: true },
  );
  expect(listing(simulation)).toEqual([
    "gatehouse:index:OktaDirectory groups",
    "okta:group/group:Group groups-admins",
    "okta:index/groupMemberships:GroupMemberships groups-admins-members",
  ]);
  expect(only(simulation, "okta:index/groupMemberships:GroupMemberships").inputs).toEqual({
    groupId: unknown,
    users: ["00u-ana@example.com", "00u-zoe@example.com"],
    trackAllUsers: true,
  });
  expect(simulation.result.known).toBe(false);
});

describe("a group that a directory masters (a FILTER claim never carries it)", () => {
  const answer = (...groups: { id: string; type: string }[]): World => ({
    call: () => ({ groups: groups.map((group) => ({ ...group, name: "K8s Backup Admins" })) }),
  });
  const args = { groups: { admins: { existing: "K8s Backup Admins" } }, grantedGroups: ["admins"] };
  const directoryGroup = { id: "00g1", type: "APP_GROUP" };

  test("is taken where people are bound one by one", async () => {
    expect((await directory({ ...args, claimedGroups: [] }, answer(directoryGroup))).result.value).toEqual({ admins: "00g1" });
  });

  test("gives way to Okta's own group of the same name", async () => {
    const both = answer(directoryGroup, { id: "00g2", type: "OKTA_GROUP" });
    expect((await directory(args, both)).result.value).toEqual({ admins: "00g2" });
  });
});
