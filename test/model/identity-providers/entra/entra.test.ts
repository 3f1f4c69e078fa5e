import {
  environmentDocument,
  environmentRisks,
  identityProviderFacts,
  judgeEnvironment,
  parseEnvironment,
  type Environment,
} from "../../../../model";
import { entraRedirectFault } from "../../../../model/identity-providers/entra/redirects";
import { adminRisk, sampleRaw, today } from "../../../fixtures/sample";
import { refusals } from "../../environment/refusal";

const tenantId = "6d2374b4-aceb-42ac-966a-716a93f07db0";

/** The sample on Entra ID, with these settings of `gatehouse:idp`. */
const onEntra = (idp: Record<string, unknown> = {}, platform: Record<string, unknown> = {}): ReturnType<typeof sampleRaw> => {
  const raw = sampleRaw();
  raw.idp = { kind: "entra", tenantId, ...idp };
  Object.assign(raw.platforms.k10, platform);
  return raw;
};

const accepted = (idp: Record<string, unknown> = {}): Environment => parseEnvironment(onEntra(idp), today).environment;

const problem = (path: (string | number)[], expected: string, received: string, fix?: string) => ({
  path: ["idp", ...path],
  expected,
  received,
  ...(fix === undefined ? {} : { fix }),
});

test("the safe defaults are filled in", () => {
  expect(accepted().idp).toEqual({
    kind: "entra",
    tenantId,
    authority: "https://login.microsoftonline.com",
    groupClaims: "assigned",
    owners: [],
    roleAssignableGroups: [],
    secret: { lifetime: "180d", rotateEvery: "90d", overlap: "14d", rotatedOn: [], insecureLongLifetime: false },
    diagnosticRedirect: false,
    insecureAssignEveryone: false,
    insecureImplicitIdTokens: false,
  });
  expect(environmentRisks(accepted())).toEqual([adminRisk]);
});

test("groups that few may change are groups of the stack, and made by it", () => {
  expect(accepted({ roleAssignableGroups: ["backup-admins"] }).idp).toMatchObject({ roleAssignableGroups: ["backup-admins"] });
  const found = (key: string): unknown => judgeEnvironment(onEntra({ roleAssignableGroups: [key] }), today).problems;
  expect(found("auditors")).toEqual([
    {
      path: ["groups", "auditors", "existing"],
      expected:
        "displayName, a group that the stack makes: idp.roleAssignableGroups names it, and Entra ID decides that when a group is made",
      received: '"Security Auditors"',
      fix: "remove auditors from idp.roleAssignableGroups, and ask the group's owner",
    },
  ]);
  expect(found("nobody")).toMatchObject([{ path: ["idp", "roleAssignableGroups", "0"] }]);
});

const third = "otherwise three secrets would be valid at once";
test.each<[string, Record<string, unknown>, ReturnType<typeof problem>[]]>([
  ["no tenant", { tenantId: undefined }, [problem(["tenantId"], "a text", "nothing")]],
  [
    "a tenant that is neither GUID nor domain",
    { tenantId: "my tenant" },
    [problem(["tenantId"], "the tenant's id (a GUID) or one of its verified domains", '"my tenant"')],
  ],
  [
    "the common tenant, which is everybody's",
    { tenantId: "common" },
    [problem(["tenantId"], "the tenant's id (a GUID) or one of its verified domains", '"common"')],
  ],
  [
    "an overlap as long as the period",
    { secret: { rotateEvery: "30d", overlap: "30d" } },
    [problem(["secret", "overlap"], `less than rotateEvery (30d): ${third}`, "30d", "write overlap: 15d, or rotate less often")],
  ],
  [
    "a lifetime below period and overlap",
    { secret: { lifetime: "100d" } },
    [problem(["secret", "lifetime"], "at least rotateEvery plus overlap (104d): otherwise a secret ends while it is in use", "100d")],
  ],
  [
    "a lifetime above half a year",
    { secret: { lifetime: "181d" } },
    [problem(["secret", "lifetime"], "at most 180d", "181d", "shorten it, or acknowledge with insecureLongLifetime: true")],
  ],
  [
    "a length that is no number of days",
    { secret: { overlap: "2w" } },
    [problem(["secret", "overlap"], "a number of whole days such as 90d", '"2w"')],
  ],
  [
    "a day of rotation that is none",
    { secret: { rotatedOn: ["2026-02-30"] } },
    [problem(["secret", "rotatedOn", 0], "a day that exists in the calendar, as YYYY-MM-DD", '"2026-02-30"')],
  ],
  ["an unknown group claim", { groupClaims: "none" }, [problem(["groupClaims"], "one of assigned, all, appRoles", '"none"')]],
  [
    "a required second factor without a way out",
    { mfa: "required" },
    [
      problem(
        ["conditionalAccess"],
        "state and breakGlassGroup, since mfa: required makes a Conditional Access policy",
        "nothing",
        "add conditionalAccess: { state: report-only, breakGlassGroup: <key of gatehouse:groups> }",
      ),
    ],
  ],
  [
    "a policy where the tenant's own covers it",
    { mfa: "external", conditionalAccess: { breakGlassGroup: "auditors" } },
    [problem(["conditionalAccess"], "mfa: required beside it", '"external"')],
  ],
  [
    "a break-glass group that is not there",
    { mfa: "required", conditionalAccess: { breakGlassGroup: "nobody" } },
    [
      problem(
        ["conditionalAccess", "breakGlassGroup"],
        "a key of gatehouse:groups (backup-admins, backup-operators, auditors)",
        '"nobody"',
      ),
    ],
  ],
  ["an owner who is no person", { owners: ["ana"] }, [problem(["owners", 0], "an e-mail address, the sign-in name of a person", '"ana"')]],
  [
    "sign-in without TLS",
    { authority: "http://127.0.0.1:8443" },
    [problem(["authority"], "an https:// address: tokens name it as their issuer", '"http://127.0.0.1:8443"')],
  ],
])("%s is refused", (_what, idp, problems) => {
  expect(refusals(onEntra(idp))).toEqual(problems);
});

const settingOf = (kind: string, other: string, key: string) => ({
  expected: `a setting of kind ${kind}`,
  received: expect.stringMatching(new RegExp(`^${key}, a setting of kind (\\w+, )*${other}(, \\w+)*$`)) as string,
  fix: "remove it",
});

describe("settings of the other kind are called that, not misspelt", () => {
  test.each(["orgUrl", "authorizationServer", "groupsClaim", "authenticationPolicy", "requirePkce"])("%s on Entra ID", (key) => {
    expect(refusals(onEntra({ [key]: "x" }))).toEqual([{ path: ["idp", key], ...settingOf("entra", "okta", key) }]);
  });

  test.each(["tenantId", "authority", "groupClaims", "owners", "mfa", "conditionalAccess", "insecureImplicitIdTokens"])(
    "%s on Okta",
    (key) => {
      const raw = sampleRaw();
      raw.idp[key] = "x";
      expect(refusals(raw)).toEqual([{ path: ["idp", key], ...settingOf("okta", "entra", key) }]);
    },
  );

  test.each(["lifetime", "insecureLongLifetime"])("secret.%s on Okta, whose secrets have no end", (key) => {
    const raw = sampleRaw();
    raw.idp["secret"] = { [key]: "9d" };
    expect(refusals(raw)).toEqual([{ path: ["idp", "secret", key], ...settingOf("okta", "entra", key) }]);
  });
});

test("two groups of one name are refused, whatever the case: the directory would show the same name twice", () => {
  const raw = onEntra();
  raw.groups["others"] = { displayName: "KASTEN admins" };
  expect(refusals(raw)).toMatchObject([{ path: ["groups", "others"], expected: "a name of its own; 'backup-admins' is the same group" }]);
});

test.each(["displayName", "existing"])("a group whose %s has an apostrophe is refused: the provider could not look it up", (key) => {
  const raw = onEntra();
  raw.groups["auditors"] = { [key]: "Ana's auditors" };
  expect(refusals(raw)).toEqual([
    {
      path: ["groups", "auditors", key],
      expected: "a name by which Entra ID finds the group",
      received: '"Ana\'s auditors", which has an apostrophe, with which the provider cannot look a group up',
      fix: "give the group another name",
    },
  ]);
  expect(refusals({ ...raw, idp: sampleRaw().idp })).toEqual([]);
});

describe("a public client, to which Conditional Access does not apply", () => {
  const withCluster = (idp: Record<string, unknown>): ReturnType<typeof sampleRaw> => {
    const raw = onEntra(idp);
    raw.platforms["cluster"] = {
      kind: "kubernetes",
      server: "https://k8s.example.com",
      access: [{ group: "backup-admins", role: "view", namespaces: ["shop"] }],
    };
    return raw;
  };

  test("is refused beside mfa: required", () => {
    expect(refusals(withCluster({ mfa: "required", conditionalAccess: { breakGlassGroup: "auditors" } }))).toEqual([
      {
        path: ["platforms", "cluster", "kind"],
        expected: "no public client beside mfa: required, since Conditional Access policies apply to what people sign in to",
        received: "kubernetes, whose client keeps no secret",
        fix: "write mfa: external and let a policy of the tenant cover the people, or give this platform a stack of its own",
      },
    ]);
  });

  test.each([{}, { mfa: "external" }])("is taken with %j", (idp) => {
    expect(refusals(withCluster(idp))).toEqual([]);
  });
});

describe("redirect URIs", () => {
  test.each([
    ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect", false, undefined],
    ["https://k10.example.com/", false, undefined],
    ["http://localhost:8000", true, undefined],
    ["https://k10.example.com", false, "has no path and no trailing slash, which the provider refuses"],
    ["http://[::1]:8000/", false, "has the IPv6 loopback address, which Entra ID does not take: write localhost"],
    ["https://k10.example.com/a,b", false, "contains ,, which Entra ID does not take (none of ! $ ' ( ) , ;)"],
    [`https://k10.example.com/${"a".repeat(232)}`, false, undefined],
    [`https://k10.example.com/${"a".repeat(233)}`, false, "has 257 characters; Entra ID takes at most 256"],
  ])("%s (public client: %s): %s", (uri, publicClient, fault) => {
    expect(entraRedirectFault(uri, publicClient)).toBe(fault);
  });

  test("a platform whose redirect Entra ID would refuse is refused before anything is made", () => {
    const label = "a".repeat(60);
    const host = `https://${label}.${label}.${label}.${label}.com`;
    expect(refusals(onEntra({}, { host }))).toMatchObject([
      {
        path: ["platforms", "k10"],
        expected: "a redirect URI that Entra ID takes",
        received: expect.stringContaining("takes at most 256") as string,
      },
    ]);
  });
});

describe("facts", () => {
  test("the issuer of version 2 tokens, without a slash at its end, and no groups scope", () => {
    expect(identityProviderFacts(accepted().idp)).toMatchObject({
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      groupsClaim: "groups",
      scopes: ["openid", "profile", "email"],
      capabilities: { claimValue: "id", groupLimit: { count: 200, above: "overage" }, stableUsernameClaim: "oid" },
    });
  });

  test("app roles are names, in the claim roles", () => {
    expect(identityProviderFacts(accepted({ groupClaims: "appRoles" }).idp)).toMatchObject({
      groupsClaim: "roles",
      capabilities: { claimValue: "name" },
    });
  });

  test.each([
    ["entra", accepted({ diagnosticRedirect: true }), "none"],
    [
      "okta",
      parseEnvironment({ ...sampleRaw(), idp: { kind: "okta", orgUrl: "https://example.okta.com", diagnosticRedirect: true } }, today)
        .environment,
      "client_secret_basic",
    ],
  ] as const)(
    "the document tells the diagnostic redirect of %s, and how its client authenticates",
    (_kind, environment, clientAuthentication) => {
      const groups = Object.fromEntries(Object.keys(environment.groups).map((key) => [key, { id: key, claimValue: key }]));
      const document = environmentDocument(environment, { stack: "s", groups, platforms: { k10: { clientId: "c" } } });
      const redirect = document.platforms["k10"]?.diagnosticRedirect;
      expect(redirect?.uri).toBe("http://localhost:18999/callback");
      expect(["none", "client_secret_basic", "client_secret_post"]).toContain(redirect?.clientAuthentication);
      expect(redirect?.clientAuthentication === "none").toBe(clientAuthentication === "none");
      expect(document.risks).toContain("diagnosticRedirect: programs on a person's own machine can receive sign-ins of these apps.");
    },
  );
});

test.each([
  [
    { groupClaims: "all" },
    "groupClaims: all: people in more than 200 security groups cannot sign in, since the token then carries no groups.",
  ],
  [
    { insecureImplicitIdTokens: true },
    "insecureImplicitIdTokens: ID tokens can be had from the authorization endpoint, and carry at most 6 groups there.",
  ],
  [{ secret: { lifetime: "365d", insecureLongLifetime: true } }, "secret.insecureLongLifetime: client secrets are valid for 365d."],
])("%j is a risk that the plan and the report say", (idp, risk) => {
  expect(environmentRisks(accepted(idp))).toEqual([risk, adminRisk]);
});

test("more granted groups than a token carries are a risk, computed from the provider's limit", () => {
  const many = (count: number): Environment => {
    const raw = onEntra();
    raw.platforms.k10["access"] = Array.from({ length: count }, (_, number) => ({ group: `g${number}`, role: "view" }));
    raw.groups = Object.fromEntries(Array.from({ length: count }, (_, number) => [`g${number}`, { displayName: `Group ${number}` }]));
    return parseEnvironment(raw, today).environment;
  };
  expect(environmentRisks(many(200))).toEqual([]);
  expect(environmentRisks(many(201))).toEqual([
    "k10: 201 groups hold grants, and a token of Entra ID carries at most 200: of people in more, it carries none.",
  ]);
});
