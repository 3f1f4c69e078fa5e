import { bindingPlans, grantedGroups, groupName, InvalidEnvironmentError, parseEnvironment } from "../../../model";
import { sampleRaw, today, withAt } from "../../fixtures/sample";
import { refusals } from "./refusal";

test("the sample is accepted, with the safe defaults filled in", () => {
  expect(refusals(sampleRaw())).toEqual([]);
  const { environment, expired } = parseEnvironment(sampleRaw(), today);
  expect(expired).toEqual([]);
  expect(environment.idp).toMatchObject({
    kind: "okta",
    orgUrl: "https://example.okta.com",
    authorizationServer: "org",
    groupsClaim: "groups",
    requirePkce: false,
    insecureAssignEveryone: false,
  });
  expect(environment.platforms["k10"]).toMatchObject({
    namespace: "kasten-io",
    release: "k10",
    chart: { version: "8.0.15", repository: "https://charts.kasten.io/", wait: true, timeoutSeconds: 900 },
    prompt: "select_account",
    session: { duration: "1h", refresh: false },
    insecureChartAdminGroups: false,
  });
});

test("an error lists every problem with its place, and says that nothing was created", () => {
  const raw = sampleRaw();
  raw.platforms.k10["host"] = "k10.example.com";
  raw.platforms.k10["prefix"] = "";
  const act = () => parseEnvironment(raw, today);
  expect(act).toThrow(InvalidEnvironmentError);
  expect(act).toThrow(
    "The environment is refused; nothing was created. 2 problems:\n" +
      '  - platforms.k10.host: expected https://host or https://host:port, got "k10.example.com". Fix: write https://k10.example.com.\n' +
      '  - platforms.k10.prefix: expected a non-empty prefix, got "". Fix: leave it out for the default "<idp kind>:", or write one such as "okta:".',
  );
});

test.each([null, [], "text", 7])("something that is no mapping (%j) is refused at the top", (raw) => {
  expect(refusals(raw)).toEqual([
    { path: [], expected: "a mapping", received: raw === null ? "null" : Array.isArray(raw) ? "a list of 0" : JSON.stringify(raw) },
  ]);
});

test("two groups of one name, whatever its case, are refused", () => {
  expect(refusals(withAt(["groups", "others"], { existing: "kasten ADMINS" }))).toEqual([
    {
      path: ["groups", "others"],
      expected: "a name of its own; 'backup-admins' is the same group",
      received: '"kasten ADMINS"',
      fix: "use one key for it in all grants",
    },
  ]);
});

test.each([
  ["full-width letters", "\uff2basten Admins"],
  ["doubled blanks", "Kasten  Admins"],
  ["a ligature", "Ka\ufb06en Admins"],
])("two groups that are read alike are refused: %s", (_what, existing) => {
  expect(refusals(withAt(["groups", "others"], { existing }))).toEqual([
    {
      path: ["groups", "others"],
      expected: "a name that people can tell from that of 'backup-admins': both are read alike",
      received: JSON.stringify(existing),
      fix: "rename one of the groups",
    },
  ]);
});

test("two platforms at one address are refused", () => {
  expect(
    refusals(
      withAt(["platforms", "twin"], {
        ...sampleRaw().platforms.k10,
        namespace: "twin",
        release: "twin",
        values: { ingress: { create: true, urlPath: "k10" } },
      }),
    ),
  ).toEqual([
    {
      path: ["platforms", "twin"],
      expected: "an address of its own",
      received: "the redirect URI of 'k10', https://k10.example.com/k10/auth-svc/v0/oidc/redirect",
    },
  ]);
});

test("the name of a group is the one at the identity provider", () => {
  expect(groupName({ displayName: "Made" })).toBe("Made");
  expect(groupName({ existing: "Found" })).toBe("Found");
});

describe("until", () => {
  const until = ["platforms", "k10", "access", 2, "until"];
  const last = "2026-11-23";

  test("the last day itself still holds", () => {
    const { environment, expired } = parseEnvironment(withAt(until, last), "2026-11-23");
    expect(environment.platforms["k10"]?.access).toHaveLength(3);
    expect(expired).toEqual([]);
  });

  test.each(["2026-11-24", "2026-12-23"])("on %s it has ended: the grant is left out and named", (day) => {
    const { environment, expired } = parseEnvironment(withAt(until, last), day);
    expect(environment.platforms["k10"]?.access.map(({ role }) => role)).toEqual(["admin", "basic"]);
    expect(expired).toEqual([{ path: "platforms.k10.access[2]", holder: "auditors", role: "view", until: last }]);
  });

  test("31 days after it, the file is refused", () => {
    expect(refusals(withAt(until, last), "2026-12-24")).toEqual([
      {
        path: until,
        expected: "a day that has not passed, or passed within the last 30 days (today is 2026-12-24)",
        received: last,
        fix: "remove the grant, or write its new last day",
      },
    ]);
  });

  // Pulumi's YAML reader makes a timestamp of an unquoted day (seen with pulumi 3.230.0).
  test.each(["2027-03-31 00:00:00 +0000 UTC", "2027-03-31T00:00:00Z"])("%s, as the engine hands it over, is that day", (text) => {
    expect(parseEnvironment(withAt(until, text), today).environment.platforms["k10"]?.access[2]?.until).toBe("2027-03-31");
  });

  test.each(["2027-03-31 12:00:00 +0000 UTC", "2027-03-31T00:00:00+02:00"])("%s is no whole day and is refused", (text) => {
    expect(refusals(withAt(until, text))).toEqual([
      { path: until, expected: "a date written as YYYY-MM-DD", received: JSON.stringify(text) },
    ]);
  });
});

describe("binding plans", () => {
  test("one binding per role and scope, with all its groups", () => {
    const raw = sampleRaw();
    (raw.platforms.k10["access"] as unknown[]).push(
      { group: "auditors", role: "admin" },
      { group: "auditors", role: "basic", namespaces: ["shop"] },
    );
    const spec = parseEnvironment(raw, today).environment.platforms["k10"];
    expect(spec && bindingPlans("k10", spec)).toEqual([
      {
        kind: "ClusterRoleBinding",
        name: "gatehouse-k10-k10-admin",
        roleRef: { kind: "ClusterRole", name: "k10-admin" },
        groups: ["auditors", "backup-admins"],
        users: [],
      },
      {
        kind: "ClusterRoleBinding",
        name: "gatehouse-k10-k10-config-view",
        roleRef: { kind: "ClusterRole", name: "k10-config-view" },
        groups: ["auditors"],
        users: [],
      },
      {
        kind: "RoleBinding",
        namespace: "billing",
        name: "gatehouse-k10-k10-basic",
        roleRef: { kind: "ClusterRole", name: "k10-basic" },
        groups: ["backup-operators"],
        users: [],
      },
      {
        kind: "RoleBinding",
        namespace: "kasten-io",
        name: "gatehouse-k10-k10-ns-admin",
        roleRef: { kind: "Role", name: "k10-ns-admin" },
        groups: ["auditors", "backup-admins"],
        users: [],
      },
      {
        kind: "RoleBinding",
        namespace: "shop",
        name: "gatehouse-k10-k10-basic",
        roleRef: { kind: "ClusterRole", name: "k10-basic" },
        groups: ["auditors", "backup-operators"],
        users: [],
      },
    ]);
  });

  test("the order of the grants changes nothing", () => {
    const raw = sampleRaw();
    (raw.platforms.k10["access"] as unknown[]).reverse();
    const plans = [sampleRaw(), raw].map((item) => {
      const spec = parseEnvironment(item, today).environment.platforms["k10"];
      return spec && bindingPlans("k10", spec);
    });
    expect(plans[1]).toEqual(plans[0]);
  });

  test("exactly the groups with a grant are assigned", () => {
    const spec = parseEnvironment(withAt(["groups", "spare"], { displayName: "Spare" }), today).environment.platforms["k10"];
    expect(spec && grantedGroups(spec)).toEqual(["auditors", "backup-admins", "backup-operators"]);
  });
});
