import { compatibility, identityProviders, parseEnvironment, platformOf, platforms, type ExternalSpec } from "../../../../model";
import { refusals } from "../../environment/refusal";
import { kastenRaw as k10 } from "../../../fixtures/sample";

const today = "2026-11-28";

interface Changes {
  readonly idp?: Record<string, unknown>;
  readonly groups?: Record<string, unknown>;
  readonly platforms?: Record<string, unknown>;
}

const cluster = { kind: "kubernetes", server: "https://kube.example.com", access: [{ group: "admins", role: "cluster-view" }] };

function environment({ idp = {}, groups, platforms }: Changes = {}): unknown {
  return {
    idp: {
      kind: "external",
      issuer: "https://dex.example.com/dex",
      clients: { k10: { clientId: "k10", secret: { config: "clients:k10" } } },
      ...idp,
    },
    groups: groups ?? { admins: { existing: "backup-admins" } },
    platforms: platforms ?? { k10 },
  };
}

const parsed = (changes: Changes = {}): ExternalSpec => parseEnvironment(environment(changes), today).environment.idp as ExternalSpec;

test("an issuer without a preset: groups, profile and email, sub, no refresh of its own", () => {
  expect(identityProviders.external.facts(parsed())).toEqual({
    kind: "external",
    issuer: "https://dex.example.com/dex",
    groupsClaim: "groups",
    groupsShape: "list",
    scopes: ["openid", "profile", "email"],
    capabilities: {
      title: "External issuer",
      claimValue: "name",
      groupLimit: undefined,
      overlappingSecrets: false,
      pairwiseSubject: false,
      peopleKnown: false,
      stableUsernameClaim: "sub",
      profileInIdToken: true,
      thinIdToken: false,
    },
    certificateAuthority: undefined,
    requiredClaims: undefined,
  });
});

test("a preset fills what is left out, and what is written wins", () => {
  const ping = { preset: "ping", issuer: "https://auth.pingone.eu/0a1b2c3d-0000-4000-8000-000000000000/as" };
  expect(identityProviders.external.facts(parsed({ idp: ping }))).toMatchObject({
    groupsClaim: "groups",
    capabilities: { title: "PingOne", groupLimit: { count: 25, above: "overage" } },
  });
  expect(
    identityProviders.external.facts(parsed({ idp: { ...ping, groups: { claim: "teams", limit: { count: 10, above: "truncated" } } } })),
  ).toMatchObject({
    groupsClaim: "teams",
    capabilities: { groupLimit: { count: 10, above: "truncated" } },
  });
});

test.each<[string, Changes, { path: string; expected: string; fix?: string }]>([
  [
    "a slash too many for the vendor",
    { idp: { preset: "ping", issuer: "https://auth.pingone.eu/0a1b2c3d-0000-4000-8000-000000000000/as/" } },
    {
      path: "idp.issuer",
      expected: "an issuer of PingOne such as https://auth.pingone.eu/<environment id>/as",
      fix: "write https://auth.pingone.eu/0a1b2c3d-0000-4000-8000-000000000000/as",
    },
  ],
  [
    "Auth0 without its slash",
    { idp: { preset: "auth0", issuer: "https://example.eu.auth0.com" } },
    {
      path: "idp.issuer",
      expected: "an issuer of Auth0 such as https://example.eu.auth0.com/",
      fix: "write https://example.eu.auth0.com/",
    },
  ],
  [
    "a claim that Auth0 drops",
    { idp: { preset: "auth0", issuer: "https://example.eu.auth0.com/", groups: { claim: "groups" } } },
    { path: "idp.groups.claim", expected: "a claim that Auth0 has" },
  ],
  [
    "a scope that GitLab does not have",
    { idp: { preset: "gitlab", issuer: "https://gitlab.com", scopes: ["groups"] } },
    { path: "idp.scopes.0", expected: "a scope that GitLab has" },
  ],
  [
    "IAM Identity Center is no issuer",
    { idp: { preset: "aws-identity-center", issuer: "https://oidc.eu-central-1.amazonaws.com" } },
    { path: "idp.preset", expected: "an OpenID issuer for applications" },
  ],
  [
    "the client secret itself",
    { idp: { clients: { k10: { clientId: "k10", secret: "hunter2" } } } },
    {
      path: "idp.clients.k10.secret",
      expected:
        "a reference: { config: clients:k10 } for a secret of the stack's configuration, or { kubernetesSecret: { namespace, name, key } } for a Secret that is there",
    },
  ],
  [
    "a group that the stack should make",
    { groups: { admins: { displayName: "Admins" } } },
    { path: "groups.admins.displayName", expected: "existing: the stack makes no groups at an external identity provider" },
  ],
  [
    "a platform without a client",
    { idp: { clients: {} } },
    { path: "idp.clients.k10", expected: "the client that was made for this platform at the identity provider" },
  ],
  [
    "a client without a platform",
    { idp: { clients: { k10: { clientId: "k10", secret: { config: "clients:k10" } }, other: { clientId: "x" } } } },
    { path: "idp.clients.other", expected: "a key of gatehouse:platforms (k10)" },
  ],
  [
    "another way of sending the secret",
    { idp: { clientAuthentication: "client_secret_post" } },
    { path: "idp.clientAuthentication", expected: "client_secret_basic, in which 'k10' sends its client secret" },
  ],
  [
    "an object of roles on K10",
    { idp: { preset: "zitadel", issuer: "https://example.zitadel.cloud" } },
    {
      path: "platforms.k10.access.0.group",
      expected:
        "a claim that lists groups: this platform cannot read urn:zitadel:iam:org:project:roles, an object whose keys are the groups",
    },
  ],
  [
    "groups at userinfo for the API server",
    {
      idp: { groups: { where: "userinfo" }, clients: { cluster: { clientId: "kube" } } },
      platforms: { cluster },
    },
    { path: "platforms.cluster.kind", expected: "a platform that works with External issuer" },
  ],
  [
    "an address as the name of a person",
    { idp: { usernameClaim: "email" } },
    { path: "idp.usernameClaim", expected: "a claim that is never given to somebody else, such as sub" },
  ],
  [
    "refresh at a vendor without offline_access",
    {
      idp: { preset: "onelogin", issuer: "https://example.onelogin.com/oidc/2" },
      platforms: { k10: { ...k10, session: { refresh: true } } },
    },
    { path: "platforms.k10", expected: "no refresh by the scope offline_access, which OneLogin does not have" },
  ],
])("%s is refused", (_what, changes, { path, ...problem }) => {
  expect(refusals(environment(changes)).map((one) => ({ ...one, path: one.path.join(".") }))).toContainEqual(
    expect.objectContaining({ path, ...problem }),
  );
});

test("a secret in plain text is not repeated", () => {
  expect(JSON.stringify(refusals(environment({ idp: { clients: { k10: { clientId: "k10", secret: "hunter2" } } } })))).not.toContain(
    "hunter2",
  );
});

test("the object of Zitadel works on the API server", () => {
  const zitadel = { preset: "zitadel", issuer: "https://example.zitadel.cloud", clients: { cluster: { clientId: "kube" } } };
  expect(refusals(environment({ idp: zitadel, platforms: { cluster } }))).toEqual([]);
});

test("a platform that binds people one by one takes single people, whom the stack file names, and no group", () => {
  for (const kind of ["kubesphere3", "kubesphere4"] as const) {
    const { errors, warnings } = compatibility(identityProviders.external.capabilities, platforms[kind].capabilities);
    expect(errors).toEqual([]);
    expect(warnings).toContain(
      "who is in a group cannot be looked up, and the platform reads none: only grants to single people (`user:`), whose sub the stack file says",
    );
  }
  const console = { kind: "kubesphere4", host: "https://ks.example.com", access: [{ user: "ana", role: "platform-admin" }] };
  const idp = { clients: { console: { clientId: "ks", secret: { config: "clients:ks" } } }, people: { ana: "1102" } };
  expect(refusals(environment({ idp, platforms: { console } }))).toEqual([]);
  const group = { ...console, access: [{ group: "admins", role: "platform-admin" }] };
  expect(refusals(environment({ idp, platforms: { console: group } })).map(({ path }) => path.join("."))).toEqual([
    "platforms.console.access.0.group",
  ]);
});

test.each([
  ["auth0|5f7c8ec7c33c6c004bbafe82", "of Auth0"],
  ["a".repeat(64), "of authentik, a hash of 64 digits"],
  ["-dash", "beginning with a dash"],
])("KubeSphere cannot keep the sub %s (%s) as a label: refused before anything is made", (subject) => {
  for (const kind of ["kubesphere3", "kubesphere4"]) {
    const console = { kind, host: "https://ks.example.com", access: [{ user: "ana", role: "platform-admin" }] };
    const idp = { clients: { console: { clientId: "ks", secret: { config: "clients:ks" } } }, people: { ana: subject } };
    const [problem, ...others] = refusals(environment({ idp, platforms: { console } }));
    expect([problem?.path, others]).toEqual([["platforms", "console", "access", 0, "user"], []]);
    expect(problem?.expected).toMatch(/^a sub that fits a label \(at most 63 /);
  }
  // The API server names people by any text.
  const cluster = {
    kind: "kubernetes",
    server: "https://api.example.com",
    clusterName: "c",
    access: [{ user: "ana", role: "cluster-view" }],
  };
  expect(
    refusals(environment({ idp: { clients: { cluster: { clientId: "c" } }, people: { ana: subject } }, platforms: { cluster } })),
  ).toEqual([]);
});

test("an issuer that the world shares is a risk", () => {
  const spec = parsed({ idp: { preset: "jumpcloud", issuer: "https://oauth.id.jumpcloud.com/" } });
  expect(identityProviders.external.risks(spec)).toEqual([
    "JumpCloud's issuer is shared with organisations that are not yours: only the client id in aud tells your people from others.",
  ]);
  expect(platformOf(parseEnvironment(environment(), today).environment.platforms["k10"] as never)).toBeDefined();
});
