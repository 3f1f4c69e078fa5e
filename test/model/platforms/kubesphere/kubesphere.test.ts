import {
  compatibility,
  environmentRisks,
  identityProviders,
  InvalidEnvironmentError,
  parseEnvironment,
  platforms,
} from "../../../../model";

const today = "2026-11-23";

function raw(kind: string, platform: Record<string, unknown>): unknown {
  return {
    idp: { kind: "okta", orgUrl: "https://example.okta.com" },
    groups: { admins: { displayName: "KubeSphere Admins", members: ["ana@example.com"] } },
    platforms: {
      console: { kind, host: "https://console.example.com", access: [{ group: "admins", role: "platform-admin" }], ...platform },
    },
  };
}

function refusals(kind: string, platform: Record<string, unknown>): string[] {
  try {
    parseEnvironment(raw(kind, platform), today);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      return error.problems.map(({ path, expected, received }) => `${path.slice(2).join(".")}: ${expected}, got ${received}`);
    }
    throw error;
  }
  return [];
}

const key = "a name of 1 to 45 letters, digits, and inner dashes, dots and underscores";

test.each(["kubesphere3", "kubesphere4"])("%s: a console name that could not be matched, http, and grants that do not fit", (kind) => {
  expect(refusals(kind, {})).toEqual([]);
  // As the vendor's article calls it.
  expect(refusals(kind, { provider: "Okta" })).toEqual([]);
  expect(refusals(kind, { provider: "Okta." })).toEqual([`provider: ${key}, got "Okta."`]);
  expect(refusals(kind, { provider: "o".repeat(46) })).toHaveLength(1);
  expect(refusals(kind, { provider: "corp/okta" })).toEqual([`provider: ${key}, got "corp/okta"`]);
  expect(refusals(kind, { provider: "corp okta" })).toEqual([`provider: ${key}, got "corp okta"`]);
  expect(refusals(kind, { host: "http://console.example.com" })).toEqual(['host: an https:// console, got "http://console.example.com"']);
  expect(refusals(kind, { host: "http://console.example.com:30880", insecureHttp: true })).toEqual([]);
  expect(refusals(kind, { usernames: { "ana@example.com": "ana@example" } })).toEqual([
    'usernames.ana@example.com: a KubeSphere user name: at most 32 lower-case letters, digits, dots and inner dashes, no @, got "ana@example"',
  ]);
  expect(refusals(kind, { access: [{ group: "admins", role: "workspace-admin" }] })).toEqual([
    "access.0.workspaces: the workspaces in which the role 'workspace-admin' holds, got nothing",
  ]);
  expect(refusals(kind, { access: [{ group: "admins", role: "workspace-admin", workspaces: ["a"], namespaces: ["b"] }] })).toEqual([
    "access.0.namespaces: no namespaces: the role 'workspace-admin' holds in workspaces, got a list of 1",
  ]);
  expect(refusals(kind, { access: [{ group: "admins", role: "platform-admin", workspaces: ["a"] }] })).toEqual([
    "access.0.workspaces: no workspaces: the role 'platform-admin' holds in the whole platform, got a list of 1",
  ]);
  expect(refusals(kind, { snapshotGroups: ["others"] })).toEqual([
    'snapshotGroups.0: a group that holds a grant here (admins), got "others"',
  ]);
});

test("release 4: auto is accepted only with the word for what it does", () => {
  const takeover =
    "lookup or manual: auto takes over a local account of the same name (a person whose preferred_username is admin becomes admin)";
  expect(refusals("kubesphere4", { mappingMethod: "auto" })).toEqual([`mappingMethod: ${takeover}, got "auto"`]);
  expect(refusals("kubesphere4", { mappingMethod: "auto", insecureAutoTakesOverAccounts: true })).toEqual([]);
  expect(refusals("kubesphere4", { insecureAutoTakesOverAccounts: true })).toEqual([
    "insecureAutoTakesOverAccounts: it left out: it acknowledges mappingMethod auto alone, got true",
  ]);
  expect(refusals("kubesphere4", { mappingMethod: "manual" })).toEqual([]);
  expect(refusals("kubesphere3", { mappingMethod: "manual" })).toHaveLength(1);
});

test("what is dangerous is said: the plaintext secret of release 3, http, takeover", () => {
  const risks = (kind: string, platform: Record<string, unknown>): string[] =>
    environmentRisks(parseEnvironment(raw(kind, platform), today).environment).map((risk) => risk.replace(/[:;].*: /, ": "));
  expect(risks("kubesphere4", {})).toEqual([]);
  const [secret, ...others] = environmentRisks(parseEnvironment(raw("kubesphere3", {}), today).environment);
  expect(others).toEqual([]);
  expect(secret).toContain("console: the client secret stands in plain text in ClusterConfiguration kubesphere-system/ks-installer");
  expect(risks("kubesphere4", { host: "http://console.example.com", insecureHttp: true })).toHaveLength(1);
  expect(risks("kubesphere4", { mappingMethod: "auto", insecureAutoTakesOverAccounts: true })).toHaveLength(1);
});

test("a provider's name of its own ends the callback", () => {
  const { environment } = parseEnvironment(raw("kubesphere4", { provider: "corp" }), today);
  const spec = environment.platforms["console"];
  if (spec?.kind !== "kubesphere4") {
    throw new Error("expected a kubesphere4");
  }
  const requirements = platforms.kubesphere4.requirements(
    spec,
    identityProviders.okta.facts(identityProviders.okta.schema.parse(environment.idp)),
  );
  expect(requirements).toEqual({
    redirectUris: ["https://console.example.com/oauth/redirect/corp"],
    postLogoutRedirectUris: ["https://console.example.com/"],
    grantTypes: ["authorization_code", "refresh_token"],
    clientAuthentication: "client_secret_basic",
    scopes: ["email", "profile"],
    readsGroups: false,
  });
});

test("Entra ID, whose sub nobody knows beforehand, is refused with the alternatives; Okta is not", () => {
  const [reason] = compatibility(identityProviders.entra.capabilities, platforms.kubesphere4.capabilities).errors;
  expect(reason).toContain("KubeSphere 4 cannot read groups");
  expect(reason).toContain("use an identity provider whose subject is the user's id, such as Okta");
  expect(compatibility(identityProviders.okta.capabilities, platforms.kubesphere3.capabilities).errors).toEqual([]);
});
