import { environmentDocument, parseEnvironment, type EnvironmentDocument } from "../../../model";
import { accessChange } from "../../../reports";
import { sampleRaw, today, type Raw } from "../../fixtures/sample";

/** The document of a raw environment that is deployed. */
function documentOf(raw: unknown): EnvironmentDocument {
  const { environment } = parseEnvironment(raw, today);
  return environmentDocument(environment, {
    stack: "sample",
    groups: Object.fromEntries(Object.keys(environment.groups).map((key) => [key, { id: `id-${key}`, claimValue: `id-${key}` }])),
    platforms: { k10: { clientId: "0oa1" } },
  });
}

const okta = (idp: Raw = {}, k10: Raw = {}): EnvironmentDocument => {
  const raw = sampleRaw();
  return documentOf({ ...raw, idp: { ...raw.idp, ...idp }, platforms: { k10: { ...raw.platforms.k10, ...k10 } } });
};

const entra = (idp: Raw = {}): EnvironmentDocument => {
  const raw = sampleRaw();
  return documentOf({
    ...raw,
    groups: { ...raw.groups, "break-glass": { existing: "Break Glass" }, "other-glass": { existing: "Other Glass" } },
    idp: {
      kind: "entra",
      tenantId: "6d2374b4-aceb-42ac-966a-716a93f07db0",
      mfa: "required",
      conditionalAccess: { state: "enforced", breakGlassGroup: "break-glass" },
      ...idp,
    },
  });
};

const groups = { admins: { displayName: "Admins", members: ["ana@example.com"] } };
const of = (idp: Raw, kind: string, platform: Raw): EnvironmentDocument => {
  const roles: Readonly<Record<string, Raw | undefined>> = {
    kasten: { group: "admins", role: "admin" },
    kubernetes: { group: "admins", role: "cluster-view" },
  };
  const { environment } = parseEnvironment(
    {
      idp,
      groups,
      platforms: {
        it: { kind, access: [roles[kind] ?? { group: "admins", role: "platform-admin" }], ...platform },
      },
    },
    today,
  );
  const members = { admins: [{ login: "ana@example.com", id: "00u1" }] };
  return environmentDocument(environment, {
    stack: "sample",
    groups: { admins: { id: "id", claimValue: "Admins" } },
    platforms: { it: { clientId: "0oa1" } },
    members,
  });
};
const keycloak = (idp: Raw = {}): EnvironmentDocument =>
  of({ kind: "keycloak", issuer: "https://sso.example.com/realms/one", ...idp }, "kasten", {
    host: "https://k10.example.com",
    chart: { version: "9.0.7" },
  });
const external = (idp: Raw = {}): EnvironmentDocument => {
  const clients = { it: { clientId: "c", secret: { config: "clients:it" } } };
  const own = { kind: "external", issuer: "https://sso.example.com", clients, groups: { claim: "groups", values: "name" }, ...idp };
  const { environment } = parseEnvironment(
    {
      idp: own,
      groups: { admins: { existing: "Admins" } },
      platforms: {
        it: { kind: "kasten", host: "https://k10.example.com", chart: { version: "9.0.7" }, access: [{ group: "admins", role: "admin" }] },
      },
    },
    today,
  );
  return environmentDocument(environment, {
    stack: "sample",
    groups: { admins: { id: "Admins", claimValue: "Admins" } },
    platforms: { it: { clientId: "c" } },
  });
};
const server = { existing: "default" };
const apiServer = (platform: Raw = {}): EnvironmentDocument =>
  of({ kind: "okta", orgUrl: "https://acme.okta.com", authorizationServer: server }, "kubernetes", {
    server: "https://api.example.com:6443",
    ...platform,
  });
const kubeSphere = (release: 3 | 4, platform: Raw = {}): EnvironmentDocument =>
  of({ kind: "okta", orgUrl: "https://acme.okta.com" }, `kubesphere${release}`, { host: "https://ks.example.com", ...platform });

const found = (before: EnvironmentDocument, after: EnvironmentDocument) => {
  const change = accessChange(before, after);
  return {
    facts: change.signIn.map(
      ({ platform, what, before: was, after: is }) => `${platform ?? "all"}: ${what}: ${was ?? "none"} -> ${is ?? "none"}`,
    ),
    kinds: [...new Set(change.findings.map(({ kind }) => kind))],
    headline: change.headline,
  };
};

const report = { conditionalAccess: { state: "report-only", breakGlassGroup: "break-glass" } };

describe("who can weaken sign-in", () => {
  test.each<[string, EnvironmentDocument, EnvironmentDocument, string, readonly string[]]>([
    [
      "Conditional Access that only reports",
      entra(),
      entra(report),
      "all: second factor: required, enforced -> required, but only reported",
      ["widen-admin", "claims"],
    ],
    [
      "a second factor that is not asked for any more",
      entra(),
      entra({ mfa: undefined, conditionalAccess: undefined }),
      "all: second factor: required, enforced -> not asked for",
      ["widen-admin", "claims"],
    ],
    [
      "Conditional Access that is enforced at last",
      entra(report),
      entra(),
      "all: second factor: required, but only reported -> required, enforced",
      ["claims"],
    ],
    [
      "another break-glass group",
      entra(),
      entra({ conditionalAccess: { state: "enforced", breakGlassGroup: "other-glass" } }),
      "all: left out of the second factor: break-glass -> other-glass",
      ["widen-admin", "claims"],
    ],
    [
      "a new owner",
      entra(),
      entra({ owners: ["nils@example.com"] }),
      "all: owners of apps and groups: nobody -> nils@example.com",
      ["widen-admin", "claims"],
    ],
    [
      "an owner who goes",
      entra({ owners: ["nils@example.com"] }),
      entra(),
      "all: owners of apps and groups: nils@example.com -> nobody",
      ["claims"],
    ],
    [
      "a proof key that is not required any more",
      okta({ requirePkce: true }),
      okta(),
      "all: proof key (PKCE): required -> not required",
      ["widen-admin", "claims"],
    ],
    [
      "another authentication policy",
      okta({ authenticationPolicy: { existing: "Two Factors" } }),
      okta({ authenticationPolicy: { existing: "Any Factor" } }),
      "all: authentication policy: Two Factors -> Any Factor",
      ["widen-admin", "claims"],
    ],
    [
      "a longer session",
      okta(),
      okta({}, { session: { duration: "12h" } }),
      "k10: length of a session: 1h -> 12h",
      ["widen-admin", "claims"],
    ],
    ["a shorter session", okta({}, { session: { duration: "12h" } }), okta(), "k10: length of a session: 12h -> 1h", ["claims"]],
    ["no prompt any more", okta(), okta({}, { prompt: "none" }), "k10: prompt: select_account -> none", ["widen-admin", "claims"]],
    [
      "Keycloak: anybody of the realm",
      keycloak({ signIn: "granted" }),
      keycloak(),
      "all: who may sign in: people in a group with a grant, by the client's own sign-in flow; people who come through a brokered identity provider pass it the first time (keycloak/keycloak#10250), and RBAC alone decides there -> everybody of the realm; RBAC alone decides what they may do",
      ["widen-admin", "claims"],
    ],
    [
      "Keycloak: no level of authentication",
      keycloak({ requiredAcr: "2" }),
      keycloak(),
      "all: level of authentication (acr): 2 -> the realm's own choice",
      ["widen-admin", "claims"],
    ],
    [
      "Keycloak: tokens that are valid longer",
      keycloak(),
      keycloak({ tokenLifetimeSeconds: 3600 }),
      "all: lifetime of tokens: 300 s -> 3600 s",
      ["widen-admin", "claims"],
    ],
    [
      "Keycloak: tokens that end sooner",
      keycloak(),
      keycloak({ tokenLifetimeSeconds: 60 }),
      "all: lifetime of tokens: 300 s -> 60 s",
      ["claims"],
    ],
    [
      "an external issuer: a claim that need not be there any more",
      external({ requiredClaims: { hd: "example.com" } }),
      external(),
      "all: claims that every token must have: hd example.com -> none",
      ["widen-admin", "claims"],
    ],
    [
      "an external issuer: another value of a claim",
      external({ requiredClaims: { hd: "example.com" } }),
      external({ requiredClaims: { hd: "example.org" } }),
      "all: claims that every token must have: hd example.com -> hd example.org",
      ["widen-admin", "claims"],
    ],
    [
      "an external issuer: one more claim that must be there, which lets in nobody new",
      external({ requiredClaims: { hd: "example.com" } }),
      external({ requiredClaims: { hd: "example.com", tier: "staff" } }),
      "all: claims that every token must have: hd example.com -> hd example.com, tier staff",
      ["claims"],
    ],
    [
      "an external issuer: the first claim that must be there",
      external(),
      external({ requiredClaims: { hd: "example.com" } }),
      "all: claims that every token must have: none -> hd example.com",
      ["claims"],
    ],
    [
      "the API server: sign-ins that are renewed",
      apiServer(),
      apiServer({ refresh: true }),
      "it: sign-ins are renewed: no -> yes",
      ["claims"],
    ],
    [
      "KubeSphere 3: whomever the identity provider lets in",
      kubeSphere(3),
      kubeSphere(3, { mappingMethod: "auto" }),
      "it: who may sign in: people who have an account already -> whomever the identity provider lets in, without a question",
      ["widen-admin", "claims"],
    ],
    [
      "KubeSphere 4: after registering",
      kubeSphere(4),
      kubeSphere(4, { mappingMethod: "manual" }),
      "it: who may sign in: people who have an account already -> whomever the identity provider lets in, after registering a user name",
      ["widen-admin", "claims"],
    ],
    [
      "KubeSphere 4: plain http",
      kubeSphere(4),
      kubeSphere(4, { host: "http://ks.example.com", insecureHttp: true }),
      "it: the console's connection: https -> http, in the clear",
      ["widen-admin", "insecure", "redirect", "claims"],
    ],
  ])("%s", (_what, before, after, fact, kinds) => {
    const change = found(before, after);
    expect(change.facts).toContain(fact);
    expect(change.kinds).toEqual(kinds);
    expect(change.headline).not.toContain("Nobody's access changes in sample.");
  });

  test("who alone may change the bindings: protection is no weakening, another name or none is", () => {
    const kept = (...deployers: string[]): EnvironmentDocument => ({
      ...okta(),
      bindingsKeptFor: { deployers, breakGlassGroup: "okta:Glass" },
    });
    const what = "all: who may change the environment's bindings: ";
    expect(found(okta(), kept("ci"))).toMatchObject({
      facts: [`${what}whoever may change bindings -> ci, group okta:Glass`],
      kinds: ["claims"],
    });
    expect(found(kept("ada", "ci"), kept("ci")).kinds).toEqual(["claims"]);
    expect(found(kept("ci"), kept("ci"))).toMatchObject({ facts: [], kinds: [] });
    expect(found(kept("ci"), kept("ci", "mallory")).kinds).toEqual(["widen-admin", "claims"]);
    expect(found(kept("ci"), okta())).toMatchObject({
      facts: [`${what}ci, group okta:Glass -> whoever may change bindings`],
      kinds: ["widen-admin", "claims"],
    });
  });

  test("an earlier version wrote the claims as one text: what it names must stay", () => {
    const two = external({ requiredClaims: { hd: "example.com", tier: "staff" } });
    const one = external({ requiredClaims: { hd: "example.com" } });
    const inOneText = (document: EnvironmentDocument): EnvironmentDocument => ({
      ...document,
      identityProvider: {
        ...document.identityProvider,
        signIn: document.identityProvider.signIn?.map(({ what, value }) => ({
          what,
          value: Array.isArray(value) ? value.join(", ") : value,
        })),
      },
    });
    expect(found(inOneText(one), two).kinds).toEqual(["claims"]);
    expect(found(inOneText(two), one).kinds).toEqual(["widen-admin", "claims"]);
  });

  test("a document of an earlier version has no such facts, which is no change", () => {
    const before = entra();
    delete before.identityProvider.signIn;
    Object.values(before.platforms).forEach((platform) => delete platform.signIn);
    expect(found(before, entra(report))).toMatchObject({ facts: [], kinds: [] });
  });
});

describe("what a chart can bring", () => {
  const charts = (before: Raw, after: Raw) => {
    const change = accessChange(okta({}, before), okta({}, after));
    return {
      charts: change.charts.map(({ what, before: was, after: is }) => [what, was, is]),
      kinds: [...new Set(change.findings.map(({ kind }) => kind))],
    };
  };

  test("a chart from a folder instead of the vendor's repository", () => {
    expect(charts({}, { chart: { version: "8.0.15", path: "charts/k10" } })).toEqual({
      charts: [["source of chart k10", "https://charts.kasten.io/", "charts/k10"]],
      kinds: ["chart"],
    });
  });

  test("values by their paths, never what stands there", () => {
    const before = { values: { grafana: { enabled: true }, list: ["a"], gone: 1 } };
    const after = { values: { grafana: { enabled: false }, list: ["a", "b"] } };
    expect(charts(before, after).charts).toEqual([
      ["value gone", "set", null],
      ["value grafana.enabled", "set", "set otherwise"],
      ["value list[1]", null, "set"],
    ]);
    expect(JSON.stringify(okta({}, { values: { list: ["very-private"] } }))).not.toContain("very-private");
  });

  test("where the deployed document does not know its charts, the engine's plan says what changes", () => {
    const before = okta();
    Object.values(before.platforms).forEach((platform) => delete platform.charts);
    const resource = {
      operation: "update",
      type: "kubernetes:helm.sh/v3:Release",
      name: "k10-release",
      properties: ["chart", "values.extra"],
    } as const;
    const change = accessChange(before, okta(), { resources: [resource], policies: [] });
    expect(change.charts.map(({ platform, what }) => [platform, what])).toEqual([
      ["k10", "chart of k10-release"],
      ["k10", "values.extra of k10-release"],
    ]);
  });
});
