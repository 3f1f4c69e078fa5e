import {
  claimValueOf,
  compatibility,
  identityProviders,
  keycloakRealm,
  parseEnvironment,
  platforms,
  type KeycloakSpec,
} from "../../../../model";
import { refusals } from "../../environment/refusal";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { kastenRaw as k10 } from "../../../fixtures/sample";

const today = "2026-11-28";

function environment(idp: Record<string, unknown> = {}, groups: Record<string, unknown> = {}, platform: unknown = k10): unknown {
  return {
    idp: { kind: "keycloak", issuer: "https://keycloak.example.com/realms/main", ...idp },
    groups: { admins: { existing: "/k10admin" }, ...groups },
    platforms: { k10: platform },
  };
}

const parsed = (idp: Record<string, unknown> = {}): KeycloakSpec =>
  parseEnvironment(environment(idp), today).environment.idp as KeycloakSpec;

test("defaults: granted groups alone, the realm's own sign-in, five minutes", () => {
  expect(parsed()).toEqual({
    kind: "keycloak",
    issuer: "https://keycloak.example.com/realms/main",
    serverVersion: "26",
    groupClaims: "granted",
    groupsClaim: "groups",
    signIn: "open",
    tokenLifetimeSeconds: 300,
    secret: { rotatedOn: [] },
    diagnosticRedirect: false,
  });
});

test("facts: no groups scope, no offline_access, sub, and the mark of ID tokens", () => {
  expect(identityProviders.keycloak.facts(parsed())).toMatchObject({
    issuer: "https://keycloak.example.com/realms/main",
    groupsClaim: "groups",
    scopes: ["openid", "profile", "email"],
    requiredClaims: { typ: "ID" },
  });
});

test.each([
  ["https://keycloak.example.com/realms/main", "https://keycloak.example.com", "main"],
  ["https://keycloak.example.com/auth/realms/main", "https://keycloak.example.com/auth", "main"],
  ["https://keycloak.example.com:8443/a/b/realms/Team%20One", "https://keycloak.example.com:8443/a/b", "Team One"],
])("%s is a realm of a server", (issuer, base, realm) => {
  expect(refusals(environment({ issuer }))).toEqual([]);
  expect(keycloakRealm(issuer)).toEqual({ base, realm });
});

test.each([
  [
    "https://keycloak.example.com/realms/main/",
    "a realm's issuer without a slash at its end: Keycloak's tokens carry it so",
    "write https://keycloak.example.com/realms/main",
  ],
  [
    "http://keycloak.example.com/realms/main",
    "an https:// address: tokens and their keys come from there",
    "write https://keycloak.example.com/realms/main, if the issuer answers there",
  ],
  [
    "https://keycloak.example.com/realms/main/.well-known/openid-configuration",
    "the issuer, not its discovery document",
    "write https://keycloak.example.com/realms/main",
  ],
  [
    "https://keycloak.example.com",
    "a realm's issuer: https://host/realms/<realm>, or https://host/auth/realms/<realm> on a server with that path",
    "open the realm's settings in Keycloak's admin console: 'OpenID Endpoint Configuration' shows the issuer",
  ],
])("the issuer %s is refused", (issuer, expected, fix) => {
  expect(refusals(environment({ issuer }))).toEqual([{ path: ["idp", "issuer"], expected, received: JSON.stringify(issuer), fix }]);
});

test("a token pasted after the issuer is not repeated", () => {
  expect(refusals(environment({ issuer: "https://k.example.com/realms/main#access_token=eyJ" }))).toEqual([
    {
      path: ["idp", "issuer"],
      expected: "an address without user information, query and fragment",
      received: '"https://k.example.com/realms/main#..."',
    },
  ]);
});

test("a group is named by its path: by name alone the provider finds a nested one first", () => {
  expect(refusals(environment({}, { admins: { existing: "k10admin" } }))).toEqual([
    {
      path: ["groups", "admins", "existing"],
      expected: "the path of the group, beginning with a slash: by its name alone another group of that name would be found",
      received: '"k10admin"',
      fix: "write /k10admin, or the path that Keycloak's admin console shows",
    },
  ]);
  expect(refusals(environment({}, { admins: { existing: "/platform//admins" } }))[0]?.expected).toBe(
    "a path of names with one slash before each",
  );
});

test("a slash in a made group's name is refused: Keycloak cannot tell it from a path", () => {
  expect(refusals(environment({}, { admins: { displayName: "a/b" } }))).toEqual([
    {
      path: ["groups", "admins", "displayName"],
      expected: "a name without a slash, which Keycloak cannot tell from a path",
      received: '"a/b"',
      fix: "give the group another name",
    },
  ]);
});

test("two groups of one name under different parents: only paths tell them apart", () => {
  const two = { admins: { existing: "/backup-admins" }, others: { existing: "/anything/backup-admins" } };
  for (const groupClaims of ["granted", "insecureNames"]) {
    expect(refusals(environment({ groupClaims }, two))).toEqual([
      {
        path: ["groups", "others"],
        expected: "a name that no other group of the environment has under another parent: tokens carry the name without its path",
        received: "\"backup-admins\", which is also that of 'admins'",
        fix: "write idp.groupClaims: paths, so that tokens carry the whole path",
      },
    ]);
  }
  expect(refusals(environment({ groupClaims: "paths" }, two))).toEqual([]);
});

test("reserved names are refused at the end of a path too", () => {
  expect(refusals(environment({}, { admins: { existing: "/a/system:masters" } }))[0]).toMatchObject({
    path: ["groups", "admins", "existing"],
    expected: "a group of this environment's own; names beginning with system: or k10:, and Everyone, are refused",
  });
});

test("members are user names in lower case", () => {
  expect(refusals(environment({}, { admins: { displayName: "A", members: ["ana", "bob@example.com"] } }))).toEqual([]);
  expect(refusals(environment({}, { admins: { displayName: "A", members: ["Ana"] } }))).toEqual([
    {
      path: ["groups", "admins", "members", 0],
      expected: "a user name in lower case, as Keycloak keeps it",
      received: '"Ana"',
      fix: "write ana",
    },
  ]);
});

test("what tokens carry for a group follows from the claim", () => {
  const carried = (groupClaims: string): (string | undefined)[] =>
    ["/platform/operators", "Kasten Admins"].map((name) => claimValueOf(parsed({ groupClaims }), "key", name));
  expect(carried("granted")).toEqual(["operators", "Kasten Admins"]);
  expect(carried("insecureNames")).toEqual(["operators", "Kasten Admins"]);
  expect(carried("paths")).toEqual(["/platform/operators", "/Kasten Admins"]);
});

test("a lifetime in anything but digits is refused: Keycloak would answer 500 to every token request", () => {
  expect(refusals(environment({ tokenLifetimeSeconds: "5m" }))[0]?.path).toEqual(["idp", "tokenLifetimeSeconds"]);
});

test.each([
  [
    { overlap: "14d" },
    ["rotateEvery", "lifetime"],
    "a number of days beside overlap, such as 90d: the policy that keeps the old secret also ends the new one",
  ],
  [{ lifetime: "90d" }, ["lifetime"], "none without overlap: Keycloak's client secrets have an end by a client policy alone"],
  [
    { overlap: "30d", rotateEvery: "30d", lifetime: "90d" },
    ["overlap"],
    "less than rotateEvery (30d): Keycloak keeps one former secret, and a third ends the first",
  ],
  [
    { overlap: "7d", rotateEvery: "30d", lifetime: "36d" },
    ["lifetime"],
    "at least rotateEvery plus overlap (37d): otherwise a secret ends while it is in use",
  ],
])("secrets %j are refused", (secret, keys, expected) => {
  const found = refusals(environment({ secret }));
  expect(found.map(({ path }) => path)).toEqual(keys.map((key) => ["idp", "secret", key]));
  expect(found.map((problem) => problem.expected)).toEqual(keys.map(() => expected));
});

test("a made group has the path of one at the top: tokens would carry one text for both", () => {
  const groups = { made: { displayName: "k10admin" } };
  expect(refusals(environment({ groupClaims: "paths" }, groups))).toEqual([
    {
      path: ["groups", "made"],
      expected: "a path that no other group of the environment has: a made group stands at the top",
      received: "\"/k10admin\", which is also that of 'admins'",
      fix: "use one key for it in all grants, or give the group another name",
    },
  ]);
});

test("a realm whose name has a blank is written as its discovery document has it", () => {
  expect(refusals(environment({ issuer: "https://keycloak.example.com/realms/team one" }))).toEqual([
    {
      path: ["idp", "issuer"],
      expected: "an address without blanks and accents, as the discovery document has it",
      received: '"https://keycloak.example.com/realms/team one"',
      fix: "write https://keycloak.example.com/realms/team%20one",
    },
  ]);
});

test("a level of authentication is refused beside the clients' own sign-in flow, which knows none", () => {
  expect(refusals(environment({ requiredAcr: "gold", signIn: "granted" }))).toEqual([
    {
      path: ["idp", "signIn"],
      expected:
        "open beside requiredAcr: the clients' own sign-in flow takes the place of the realm's, and knows no levels of authentication",
      received: "granted",
      fix: "write signIn: open, and let grants alone decide; or leave requiredAcr out",
    },
  ]);
  expect(parsed({ requiredAcr: "gold", signIn: "open" }).requiredAcr).toBe("gold");
});

test("two secrets at once are a fact where the stack file counts on them, and what the realm's owner sets for it is on the checklist", () => {
  const { facts, byHand, capabilities } = identityProviders.keycloak;
  const two = parsed({ secret: { overlap: "7d", rotateEvery: "30d", lifetime: "60d" } });
  expect([capabilities, facts(parsed()).capabilities, facts(two).capabilities].map((row) => row.overlappingSecrets)).toEqual([
    false,
    false,
    true,
  ]);
  expect(byHand?.(two).settings.join(" ")).toMatch(/rotated-expiration-period\) and a present one for 60d \(expiration-period\)/);
  expect(byHand?.(two).doesNotWork).toEqual([]);
  expect(byHand?.(parsed()).doesNotWork).toHaveLength(1);
});

test("an authority that ends within 30 days is refused before anything is made", () => {
  const ending = readFileSync(resolve(__dirname, "../../../fixtures/certificates/ending.pem"), "utf8");
  const [problem] = refusals(environment({ certificateAuthority: ending }), today);
  expect(problem).toMatchObject({ path: ["idp", "certificateAuthority"], fix: "renew it first" });
});

test("risks and bounds say what the realm really lets in", () => {
  const { risks, groupBound, signIn } = identityProviders.keycloak;
  expect(risks(parsed())).toEqual([]);
  expect(signIn?.(parsed())[0]).toEqual({
    what: "who may sign in",
    value: "everybody of the realm; RBAC alone decides what they may do",
    strictness: 0,
  });
  expect(signIn?.(parsed({ signIn: "granted" }))[0]?.value).toContain("keycloak/keycloak#10250");
  expect(groupBound(parsed(), ["/platform/operators", "Kasten Admins"])).toBe(
    "roles of the client itself, one for each group with a grant: operators, Kasten Admins; members of their subgroups inherit them",
  );
  expect(risks(parsed({ groupClaims: "insecureNames" }))).toEqual([
    "insecureNames: tokens carry group names without their path, so a member of any subgroup of a granted name has that group's access.",
  ]);
  expect(risks(parsed({ issuer: "https://k.example.com/realms/master" }))[0]).toContain("The realm is master");
});

test("KubeSphere works, since sub is the user's id; groups that others fill cannot be looked up", () => {
  for (const kind of ["kubesphere3", "kubesphere4"] as const) {
    expect(compatibility(identityProviders.keycloak.capabilities, platforms[kind].capabilities).errors).toEqual([]);
  }
  const kubesphere = {
    kind: "kubesphere4",
    host: "https://ks.example.com",
    snapshotGroups: ["admins"],
    access: [{ group: "admins", role: "platform-self-provisioner" }],
  };
  expect(refusals(environment({}, {}, kubesphere)).map(({ path, expected }) => [path.join("."), expected])).toContainEqual([
    "platforms.k10.snapshotGroups.0",
    "groups whose members the stack lists: nobody can look up who is in a group of Keycloak",
  ]);
});

describe("clients that were there before the stack", () => {
  const refused = (existingClients: unknown, more: Record<string, unknown> = {}, platforms?: unknown): string[] =>
    refusals({ ...(environment({ existingClients, ...more }) as object), ...(platforms === undefined ? {} : { platforms }) }, today).map(
      ({ path, expected, received }) => `${path.join(".")}: expected ${expected}, got ${received}`,
    );
  const flow = "3d9c7e7a-9f2e-4c78-9c3e-4b5d6e7f8091";

  test("each is of a platform, and of one alone", () => {
    expect(refused({ k10: { clientId: "kasten", browserFlowId: flow } })).toEqual([]);
    expect(refused({ other: { clientId: "kasten" } })[0]).toContain(
      "idp.existingClients.other: expected a platform of the environment (k10)",
    );
    const two = { k10, second: { ...k10, host: "https://k11.example.com", namespace: "k11", release: "k11" } };
    expect(refused({ k10: { clientId: "a" }, second: { clientId: "a" } }, {}, two)[0]).toContain("which is also that of 'k10'");
  });

  test("neither Keycloak's own, nor with a flow beside the stack's", () => {
    expect(refused({ k10: { clientId: "realm-management" } })[0]).toContain("Keycloak needs its own clients itself");
    expect(refused({ k10: { clientId: "kasten", browserFlowId: "browser" } })[0]).toContain("a UUID");
    expect(refused({ k10: { clientId: "kasten", browserFlowId: flow } }, { signIn: "granted" })[0]).toContain(
      "none beside signIn: granted",
    );
    expect(refused({ k10: { clientId: "two words" } })).toHaveLength(1);
    expect(refused({ k10: { clientId: "kasten", optionalScopes: ["a b"] } })).toHaveLength(1);
  });
});
