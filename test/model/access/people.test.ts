import {
  environmentDocument,
  expandPeople,
  groupsToExpand,
  InvalidEnvironmentError,
  parseEnvironment,
  type Environment,
  type GroupMembers,
  type Problem,
} from "../../../model";

const today = "2026-11-23";

interface Changes {
  readonly kind?: string;
  readonly platform?: Record<string, unknown>;
  readonly groups?: Record<string, unknown>;
}

function raw({ kind = "kubesphere4", platform = {}, groups = {} }: Changes = {}): unknown {
  return {
    idp: { kind: "okta", orgUrl: "https://example.okta.com" },
    groups: {
      admins: { displayName: "KubeSphere Admins", members: ["ana@example.com"] },
      operators: { displayName: "Shop Operators", members: ["omar@example.com", "ana@example.com"] },
      auditors: { existing: "Shop Auditors" },
      ...groups,
    },
    platforms: {
      console: {
        kind,
        host: "https://console.example.com",
        snapshotGroups: ["auditors"],
        access: [
          { group: "admins", role: "platform-admin" },
          { group: "operators", role: "namespace-operator", namespaces: ["shop"] },
          { group: "auditors", role: "workspace-viewer", workspaces: ["retail"], until: "2027-03-31" },
        ],
        ...platform,
      },
    },
  };
}

const parse = (changes?: Changes): Environment => parseEnvironment(raw(changes), today).environment;

const members: GroupMembers = {
  admins: [{ login: "ana@example.com", id: "00uAna" }],
  operators: [
    { login: "omar@example.com", id: "00uOmar" },
    { login: "ana@example.com", id: "00uAna" },
  ],
  auditors: [{ login: "Nora@example.com", id: "00uNora" }],
};

function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      return error.problems;
    }
    throw error;
  }
  throw new Error("expected a refusal, got none");
}

test("groups become people: sub, user name, grants, and one role in each place", () => {
  expect(groupsToExpand(parse())).toEqual(["admins", "auditors", "operators"]);
  const regular = { kind: "GlobalRoleBinding", roleRef: { kind: "GlobalRole", name: "platform-regular" }, role: "platform-regular" };
  const operator = {
    kind: "RoleBinding",
    namespace: "shop",
    roleRef: { kind: "Role", name: "operator" },
    holder: "operators",
    role: "namespace-operator",
  };
  expect(expandPeople(parse(), "console", members)).toEqual([
    {
      login: "ana@example.com",
      subject: "00uAna",
      username: "ana",
      grants: [
        { group: "admins", role: "platform-admin" },
        { group: "operators", role: "namespace-operator", namespaces: ["shop"] },
      ],
      bindings: [
        {
          kind: "GlobalRoleBinding",
          roleRef: { kind: "GlobalRole", name: "platform-admin" },
          name: "ana-platform-admin",
          holder: "admins",
          role: "platform-admin",
        },
        { ...operator, name: "ana-operator" },
      ],
    },
    {
      login: "Nora@example.com",
      subject: "00uNora",
      username: "nora",
      grants: [{ group: "auditors", role: "workspace-viewer", workspaces: ["retail"], until: "2027-03-31" }],
      bindings: [
        { ...regular, name: "nora-platform-regular", holder: "auditors" },
        {
          kind: "WorkspaceRoleBinding",
          workspace: "retail",
          roleRef: { kind: "WorkspaceRole", name: "retail-viewer" },
          name: "nora-retail-viewer",
          holder: "auditors",
          role: "workspace-viewer",
        },
      ],
    },
    {
      login: "omar@example.com",
      subject: "00uOmar",
      username: "omar",
      grants: [{ group: "operators", role: "namespace-operator", namespaces: ["shop"] }],
      bindings: [
        { ...regular, name: "omar-platform-regular", holder: "operators" },
        { ...operator, name: "omar-operator" },
      ],
    },
  ]);
});

test("the strongest of several roles in one place holds, whatever the order of the grants", () => {
  const access = [
    { group: "operators", role: "namespace-viewer", namespaces: ["shop", "billing"] },
    { group: "admins", role: "namespace-admin", namespaces: ["shop"] },
  ];
  for (const order of [access, [...access].reverse()]) {
    const environment = parse({ platform: { access: order, snapshotGroups: [] } });
    const ana = expandPeople(environment, "console", members).find((person) => person.username === "ana");
    expect(ana?.bindings.map(({ name, namespace }) => [name, namespace])).toEqual([
      ["ana-platform-regular", undefined],
      ["ana-viewer", "billing"],
      ["ana-admin", "shop"],
    ]);
  }
});

test("a member who is gone has nothing left, and a platform that reads groups has no people", () => {
  const without = { ...members, operators: [] };
  const kept = parse({ platform: { usernames: { "omar@example.com": "omar-okta" } } });
  expect(expandPeople(kept, "console", without).map((person) => person.username)).toEqual(["ana", "nora"]);
  const kasten = {
    kind: "kasten",
    host: "https://k10.example.com",
    chart: { version: "8.0.15" },
    access: [{ group: "admins", role: "admin" }],
  };
  const environment = parseEnvironment({ ...(raw() as object), platforms: { k10: kasten } }, today).environment;
  expect([groupsToExpand(environment), expandPeople(environment, "k10", {})]).toEqual([[], []]);
});

test("members that were not looked up are an error of the program, not an empty group", () => {
  expect(() => expandPeople(parse(), "console", { admins: [], operators: [] })).toThrow("Members of group 'auditors'");
});

test("the access matrix names each person, with the binding that the grant gives", () => {
  const document = environmentDocument(parse(), {
    stack: "lab",
    groups: Object.fromEntries(["admins", "operators", "auditors"].map((key) => [key, { id: `00g-${key}`, claimValue: key }])),
    platforms: { console: { clientId: "0oa1" } },
    members,
  });
  expect(
    document.access.map(({ group, subject, person, until, bindings }) => [group, subject, person, until, bindings.map(({ name }) => name)]),
  ).toEqual([
    ["admins", { kind: "User", name: "ana" }, { login: "ana@example.com", claimValue: "00uAna" }, null, ["ana-platform-admin"]],
    ["operators", { kind: "User", name: "ana" }, { login: "ana@example.com", claimValue: "00uAna" }, null, ["ana-operator"]],
    [
      "auditors",
      { kind: "User", name: "nora" },
      { login: "Nora@example.com", claimValue: "00uNora" },
      "2027-03-31",
      ["nora-retail-viewer"],
    ],
    ["operators", { kind: "User", name: "omar" }, { login: "omar@example.com", claimValue: "00uOmar" }, null, ["omar-operator"]],
  ]);
  expect(document.platforms["console"]).toMatchObject({
    scopes: ["email", "profile"],
    redirectUris: ["https://console.example.com/oauth/redirect/okta"],
    grantTypes: ["authorization_code", "refresh_token"],
    username: { claim: "sub", prefix: "-" },
    groups: { claim: "", prefix: "" },
  });
});

const accessOf = (group: string) => [{ group, role: "platform-regular" }];

test.each<[string, Changes, Problem]>([
  [
    "a group that is made here and filled elsewhere",
    { groups: { loose: { displayName: "Loose" } }, platform: { access: accessOf("loose"), snapshotGroups: [] } },
    {
      path: ["platforms", "console", "access", 0, "group"],
      expected: "a group whose members the stack lists: the platform cannot read groups, so each member is bound by name",
      received: '"loose", which others fill, by hand or by a group rule',
      fix: "list members under groups.loose; or grant to single people (user: <sign-in name>); or make it an existing group and add it to platforms.console.snapshotGroups",
    },
  ],
  [
    "an existing group, which Okta may fill by rule, without acknowledgement",
    { platform: { access: accessOf("auditors"), snapshotGroups: [] } },
    {
      path: ["platforms", "console", "access", 0, "group"],
      expected: "a group whose members the stack lists: the platform cannot read groups, so each member is bound by name",
      received: '"auditors", which others fill, by hand or by a group rule',
      fix: "write displayName and members for 'auditors' so that the stack owns its membership; or grant to single people (user: <sign-in name>); or, if who joins or leaves may be noticed only at the next up, add it to platforms.console.snapshotGroups",
    },
  ],
  [
    "a snapshot of a group whose members the stack lists",
    { platform: { access: accessOf("admins"), snapshotGroups: ["admins"] } },
    {
      path: ["platforms", "console", "snapshotGroups", 0],
      expected: "groups whose members others manage; the stack lists the members of this one",
      received: '"admins"',
      fix: "remove it from snapshotGroups",
    },
  ],
  [
    "two people with one user name",
    {
      groups: { admins: { displayName: "A", members: ["ana@example.com", "ana@partner.example.com"] } },
      platform: { access: accessOf("admins"), snapshotGroups: [] },
    },
    {
      path: ["platforms", "console", "usernames", "ana@partner.example.com"],
      expected: "a user name of the person's own",
      received: '"ana", which is ana@example.com\'s',
      fix: "write usernames: { ana@partner.example.com: <another name> }",
    },
  ],
  [
    "the name of the administrator that every KubeSphere has",
    {
      groups: { admins: { displayName: "A", members: ["admin@example.com"] } },
      platform: { access: accessOf("admins"), snapshotGroups: [] },
    },
    {
      path: ["platforms", "console", "usernames", "admin@example.com"],
      expected: "a user name that the platform does not keep for itself (admin, anonymous, authenticated, everyone)",
      received: '"admin"',
      fix: "write usernames: { admin@example.com: <another name> }",
    },
  ],
  [
    "a sign-in name whose first part is no user name",
    {
      groups: { admins: { displayName: "A", members: ["ana_b@example.com"] } },
      platform: { access: accessOf("admins"), snapshotGroups: [] },
    },
    {
      path: ["platforms", "console", "usernames", "ana_b@example.com"],
      expected: "a user name of at most 32 lower-case letters, digits, dots and inner dashes, no @",
      received: '"ana_b", from the sign-in name ana_b@example.com',
      fix: "write usernames: { ana_b@example.com: <another name> }",
    },
  ],
  [
    "a user name for somebody who holds no grant",
    { platform: { access: accessOf("admins"), snapshotGroups: [], usernames: { "anna@example.com": "anna" } } },
    {
      path: ["platforms", "console", "usernames", "anna@example.com"],
      expected: "the sign-in name of a member of a group with a grant here",
      received: '"anna@example.com"',
      fix: "correct the spelling, or remove the line",
    },
  ],
])("refused before anything is created: %s", (_name, changes, problem) => {
  expect(problemsOf(() => parse(changes))).toEqual([problem]);
});

test("two members of a looked-up group with one user name are refused as well", () => {
  const twice = { ...members, auditors: [...(members["auditors"] ?? []), { login: "nora@partner.example.com", id: "00uOther" }] };
  expect(problemsOf(() => expandPeople(parse(), "console", twice)).map(({ path, received }) => [path.at(-1), received])).toEqual([
    ["nora@partner.example.com", '"nora", which is Nora@example.com\'s'],
  ]);
});
