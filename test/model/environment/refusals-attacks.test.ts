import { openUnisonRaw, today, withAt, type Raw } from "../../fixtures/sample";
import { isRefused, k10, refusals, type Path, type Refusal } from "./refusal";

const values: Path = [...k10, "values"];
const rolesAreMade = "true: grants bind to the roles that the chart creates";
const manifests = "it left out: the chart would apply manifests of any kind, bindings of roles among them";
const seen = "a name without surrounding blanks, control characters, or characters that nobody sees";
const binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: x }\n";

/** OpenUnison with impersonation. */
function openUnison(access: Raw[], more: Raw = {}): Raw {
  return {
    ...openUnisonRaw,
    ...more,
    access,
  };
}

function brought(at: string[], value: unknown): Refusal {
  const path = at.join(".");
  const root = [...values, at[0] ?? ""];
  const nested = at.slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const fix = `remove it, or acknowledge with insecureValues: ["${path}"]`;
  return {
    name: `manifests under ${path}`,
    at: root,
    value: nested,
    problem: { path: [...values, ...at], expected: manifests, received: "a value", fix },
  };
}

const cases: Refusal[] = [
  {
    name: "a release whose administrators would be those of the cluster",
    at: [...k10, "release"],
    value: "cluster",
    problem: {
      expected: "a release whose roles nothing else has: cluster-admin is Kubernetes' own",
      received: '"cluster"',
      fix: "leave it out for k10, or write another name",
    },
  },
  ...([null, "true", 0, []] as const).map((value): Refusal => {
    const received = Array.isArray(value) ? "a list of 0" : JSON.stringify(value);
    return {
      name: `rbac.create ${received}`,
      at: [...values, "rbac"],
      value: { create: value },
      problem: { path: [...values, "rbac", "create"], expected: rolesAreMade, received, fix: "remove the key" },
    };
  }),
  {
    name: "rbac taken away",
    at: [...values, "rbac"],
    value: null,
    problem: { expected: rolesAreMade, received: "null", fix: "remove the key" },
  },
  {
    name: "a second door, written as a text",
    at: [...values, "auth"],
    value: { basicAuth: { enabled: "false" } },
    problem: {
      path: [...values, "auth", "basicAuth", "enabled"],
      expected: "false: the chart accepts one kind of sign-in only, and Gatehouse configures OpenID Connect",
      received: '"false"',
      fix: "remove the key",
    },
  },
  brought(["prometheus", "extraManifests"], [binding]),
  brought(["grafana", "extraObjects"], [{ apiVersion: "v1", kind: "Secret" }]),
  brought(["extraDeploy"], [binding]),
  brought(["anything", "0"], binding),
  brought(["tpl", "one"], "{apiVersion: v1, kind: ServiceAccount}"),
  {
    name: "an acceptance of what is not there",
    at: [...k10, "insecureValues"],
    value: ["prometheus.extraManifests"],
    problem: {
      path: [...k10, "insecureValues", 0],
      expected: "the path of a value that is there and needs it",
      received: '"prometheus.extraManifests"',
      fix: "remove it",
    },
  },
  ...["\u200b", "\u00ad", "\u2060", "\u3164", "\ufe0f", "\u{e0041}", "\u00a0", "\u061c", "\u2800"].map((character): Refusal => ({
    name: `a name with U+${(character.codePointAt(0) ?? 0).toString(16)}`,
    at: ["groups", "auditors", "existing"],
    value: `Kasten${character}Admins`,
    problem: { expected: seen, received: `"Kasten\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}Admins"` },
  })),
  {
    name: "a grant that ends when nobody of today is there",
    at: [...k10, "access", 2, "until"],
    value: "9999-12-31",
    problem: {
      expected: "a day up to 2031-11-22, 5 years from today: a grant that ends later is one without an end",
      received: "9999-12-31",
      fix: "write a nearer day, or leave until out and say so in the review",
    },
  },
];

test.each(cases)("$name", isRefused);

test("what is accepted by its path is a risk, and nothing else is accepted by it", () => {
  const accepted = withAt([...k10, "values"], { prometheus: { extraManifests: [binding] } }) as { platforms: { k10: Raw } };
  accepted.platforms.k10.insecureValues = ["prometheus"];
  expect(refusals(accepted)).toEqual([]);
  accepted.platforms.k10.values = { prometheus: { extraManifests: [binding] }, grafana: { extraObjects: [binding] } };
  expect(refusals(accepted).map(({ path }) => path.join("."))).toEqual(["platforms.k10.values.grafana.extraObjects"]);
});

describe("two groups that become one subject", () => {
  const idp = { kind: "okta", orgUrl: "https://example.okta.com", authorizationServer: { existing: "default" } };
  const k10With = (prefix: string, group: string): Raw => ({
    kind: "kasten",
    host: "https://k10.example.com",
    prefix,
    chart: { version: "8.0.15" },
    access: [{ group, role: "view" }],
  });
  const apiWith = (prefix: string, group: string): Raw => ({
    kind: "kubernetes",
    server: "https://api.example.com:6443",
    prefix,
    access: [{ group, role: "cluster-view" }],
  });
  const paths = (groups: Raw, platforms: Raw, provider: Raw = idp): string[] =>
    refusals({ idp: provider, groups, platforms }, today).map(({ path, received }) => `${path.join(".")} ${received}`);

  test("across platforms and prefixes, one of which begins with the other", () => {
    expect(
      paths(
        { admins: { existing: "admins" }, interns: { existing: "x:admins" } },
        { api: apiWith("o-x:", "admins"), k10: k10With("o-", "interns") },
      ),
    ).toEqual(['platforms.k10.prefix "o-"', 'platforms.k10.access.0.group "interns"']);
  });

  test("a name that carries the prefix of another platform, where nothing is put before it", () => {
    const portal = openUnison([{ group: "contractors", role: "view", namespaces: ["shop"] }]);
    expect(
      paths(
        { "k10-admins": { existing: "Kasten Admins" }, contractors: { existing: "okta:Kasten Admins" } },
        { portal, k10: k10With("okta:", "k10-admins") },
      ),
    ).toEqual(['platforms.k10.access.0.group "k10-admins"']);
  });

  test("one prefix for all, two that differ, and one group on two platforms are fine; so are ids, which nobody chooses", () => {
    const groups = { admins: { existing: "admins" }, interns: { existing: "x:admins" } };
    expect(paths(groups, { api: apiWith("okta:", "admins"), k10: k10With("okta:", "interns") })).toEqual([]);
    expect(paths(groups, { api: apiWith("a:", "admins"), k10: k10With("b:", "admins") })).toEqual([]);
    const entra = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" };
    expect(paths(groups, { api: apiWith("entra:", "admins"), k10: k10With("entra:", "interns") }, entra)).toEqual([]);
  });
});

describe("OpenUnison's values", () => {
  const portal = (openunison: Raw, more: Raw = {}): Raw => ({
    idp: { kind: "okta", orgUrl: "https://example.okta.com" },
    groups: { admins: { displayName: "k8s-admins" } },
    platforms: {
      portal: openUnison([{ group: "admins", role: "view", namespaces: ["shop"] }], { values: { openunison, ...more } }),
    },
  });
  const refused = (raw: Raw): string[] => refusals(raw).map(({ path }) => path.slice(3).join("."));

  test.each<[string, Raw, Raw, string]>([
    ["a role binding by the vendor's misspelt key", { enabled_provisioning: true }, {}, "openunison.enabled_provisioning"],
    ["administration for a group of another directory", { management_proxy: { enabled: true } }, {}, "openunison.management_proxy"],
    [
      "OpenUnison's own configuration",
      { non_secret_data: { OIDC_IDP_TOKEN_URL: "https://evil.example.com" } },
      {},
      "openunison.non_secret_data",
    ],
    ["self service", { naas: { groups: {} } }, {}, "openunison.naas"],
    ["an image", { precheck: { image: "evil" } }, {}, "openunison.precheck"],
    ["the virtual directory", {}, { myvd_configmap: "mine" }, "myvd_configmap"],
    ["an image at the top", {}, { image: "evil" }, "image"],
    ["what the next version may bring", {}, { brand_new: true }, "brand_new"],
  ])("%s is refused", (_what, openunison, more, path) => {
    expect(refused(portal(openunison, more))).toEqual([path]);
  });

  test("what decides nothing is taken", () => {
    const more = {
      network_policies: { enabled: true },
      services: { pullSecret: "registry" },
      network: { ingress_annotations: { a: "b" } },
    };
    expect(refused(portal({ enable_pre_check: false }, more))).toEqual([]);
  });
});

describe("a platform's own namespace", () => {
  const raw = (role: string, namespace: string, more: Raw = {}): Raw => ({
    idp: { kind: "okta", orgUrl: "https://example.okta.com", authorizationServer: { existing: "default" } },
    groups: { admins: { existing: "Kasten Admins" }, devs: { existing: "Devs" } },
    platforms: {
      k10: {
        kind: "kasten",
        host: "https://k10.example.com",
        namespace: "backup",
        chart: { version: "8.0.15" },
        access: [{ group: "admins", role: "admin" }],
      },
      api: {
        kind: "kubernetes",
        server: "https://api.example.com:6443",
        access: [{ group: "devs", role, namespaces: ["shop", namespace] }],
        ...more,
      },
    },
  });

  test.each(["edit", "admin"])("%s in it is cluster-admin, and has to be meant", (role) => {
    expect(refusals(raw(role, "backup"))).toEqual([
      {
        path: ["platforms", "api", "access", 0, "namespaces", 1],
        expected: `namespaces that are no platform's own: with '${role}' in the one of 'k10' a person can take cluster-admin`,
        received: '"backup"',
        fix: "grant a role there that only reads; or acknowledge with insecureClusterAdmin: true",
      },
    ]);
    expect(refusals(raw(role, "backup", { insecureClusterAdmin: true }))).toEqual([]);
  });

  test("reading there, and writing elsewhere, are as before", () => {
    expect(refusals(raw("view", "backup"))).toEqual([]);
    expect(refusals(raw("edit", "reports"))).toEqual([]);
  });
});

describe("claims that name people", () => {
  const entra = { kind: "entra", tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0" };
  const judged = (idp: Raw, usernameClaim: string): string[] => {
    const changed = { ...(withAt([...k10, "usernameClaim"], usernameClaim) as Raw), idp };
    return refusals(changed).map(({ path, expected }) => `${path.join(".")}: ${expected}`);
  };
  const list =
    "a claim of Entra ID's tokens, in its very spelling: oid, sub, preferred_username, upn, email, name, given_name, family_name";

  test.each(["uppn", "UPN", "unique_name", "samaccountname"])("%s is in no token of Entra ID", (claim) => {
    expect(judged(entra, claim)).toEqual([`platforms.k10.usernameClaim: ${list}`]);
  });

  test("what is optional is asked for, and a custom server of Okta may have any", () => {
    expect(judged(entra, "upn")).toEqual([]);
    expect(judged({ kind: "okta", orgUrl: "https://example.okta.com" }, "samaccountname")).toHaveLength(1);
    expect(
      judged({ kind: "okta", orgUrl: "https://example.okta.com", authorizationServer: { existing: "default" } }, "samaccountname"),
    ).toEqual([]);
  });
});
