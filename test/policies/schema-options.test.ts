import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { parseEnvironment } from "../../model";
import { prefixAnnotation } from "../../model/access/binding-annotations";
import { prefixFault } from "../../model/text/trusted-names";
import { makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { rbacSubjectPrefixedId } from "../../policies/rules/rbac-subject-prefixed-id";
import { valuesPrefixRequired } from "../../policies/rules/values-prefix-required";
import { withoutPauses } from "../../lab/test/builtins";
import { run, runPolicies } from "./harness";
import { register } from "./program";

withoutPauses();

const mandatory = new Set(rules.filter(({ level }) => level === "mandatory").map(({ id }) => id));
const tenantId = "00000000-0000-4000-8000-000000000001";
type Settings = Readonly<Record<string, unknown>>;

const okta = (more: Settings = {}): Settings => ({ kind: "okta", orgUrl: "https://example.okta.com", ...more });
const entra = (more: Settings = {}): Settings => ({ kind: "entra", tenantId, mfa: "external", ...more });
const privateAuthority = readFileSync(resolve(__dirname, "../fixtures/certificates/authority.pem"), "utf8");
const keycloak = (more: Settings = {}): Settings => ({ kind: "keycloak", issuer: "https://sso.example.com/realms/example", ...more });

const admin = [{ group: "admins", role: "admin" }];
const view = [{ group: "admins", role: "cluster-view" }];
const k10 = (more: Settings = {}): Settings => ({
  kind: "kasten",
  host: "https://k10.example.com",
  chart: { version: "9.0.7", wait: false },
  access: admin,
  ...more,
});
const api = (more: Settings = {}): Settings => ({ kind: "kubernetes", server: "https://api.example.com:6443", access: view, ...more });
const chart = { version: "3.0.0" };
const openunison = (more: Settings = {}): Settings => ({
  kind: "openunison",
  hosts: { portal: "ou.example.com", dashboard: "db.example.com" },
  direct: { apiServerUrl: "https://api.example.com:6443" },
  charts: { "openunison-operator": chart, orchestra: chart, "orchestra-login-portal": chart },
  wait: false,
  access: view,
  ...more,
});
const proxied = {
  direct: undefined,
  hosts: { portal: "ou.example.com", dashboard: "db.example.com", apiServer: "api.example.com" },
  impersonation: {},
  charts: { "openunison-operator": chart, orchestra: chart, "orchestra-login-portal": chart, "orchestra-kube-oidc-proxy": chart },
};
const names = {
  groupNames: "displayNames",
  charts: { "openunison-operator": chart, orchestra: chart, "orchestra-login-portal": chart, "orchestra-login-azuread": chart },
};
const kubesphere = (kind: string, more: Settings = {}): Settings => ({
  kind,
  host: "https://ks.example.com",
  access: [{ group: "admins", role: "platform-regular" }],
  ...more,
});
/** A person beside the group. */
const single = (role: string) => [
  { group: "admins", role },
  { user: "ana@example.com", role },
];
const prefixes = ["okta_", "idp-", "okta/", "a.b#", "x/y:", "entra_", "aad:"];

/** Every choice that a stack file can make without an `insecure…` option, an environment each. */
const accepted: Readonly<Record<string, readonly [idp: Settings, platform: Settings, more?: Settings]>> = {
  ...Object.fromEntries(
    prefixes.map((prefix, index): [string, readonly [Settings, Settings]] => {
      const platform = [k10, api, openunison][index % 3] ?? k10;
      return [
        `the prefix ${prefix} on a ${String(platform()["kind"])} platform`,
        [index % 2 === 0 ? okta({ authorizationServer: { existing: "default" } }) : entra(), platform({ prefix })],
      ];
    }),
  ),
  ...Object.fromEntries(
    ["assigned", "all", "appRoles"].flatMap((groupClaims) => [
      [`Kasten K10 on Entra ID with groupClaims ${groupClaims}`, [entra({ groupClaims }), k10()]],
      [`the API server on Entra ID with groupClaims ${groupClaims}`, [entra({ groupClaims }), api()]],
    ]),
  ),
  "OpenUnison with display names": [entra(), openunison(names)],
  "OpenUnison with display names and a prefix of its own": [entra(), openunison({ ...names, prefix: "aad_" })],
  "OpenUnison before the API server": [okta(), openunison(proxied)],
  "OpenUnison before the API server, on Entra ID": [entra(), openunison(proxied)],
  "a custom authorization server": [okta({ authorizationServer: { existing: "default" }, requirePkce: true, groupsClaim: "teams" }), k10()],
  "an authentication policy and rotation": [
    okta({ authenticationPolicy: { id: "rst1a2b3c4d5e6f7g8h9" }, secret: { rotateEvery: "90d" }, diagnosticRedirect: true }),
    k10(),
  ],
  "shorter secrets and a redirect for a look": [
    entra({ secret: { lifetime: "60d", rotateEvery: "30d", overlap: "7d" }, diagnosticRedirect: true, owners: ["ana@example.com"] }),
    k10(),
  ],
  "a policy of Conditional Access": [
    entra({ mfa: "required", conditionalAccess: { state: "enforced", breakGlassGroup: "admins" } }),
    k10({ session: { duration: "8h", refresh: true }, prompt: "login", usernameClaim: "email" }),
  ],
  "an old chart, whose configuration is a Secret": [okta(), k10({ chart: { version: "5.5.0", wait: false }, prefix: "okta_" })],
  "an Ingress with a path": [okta(), k10({ values: { ingress: { create: true, urlPath: "backup" } } })],
  "KubeSphere 3": [okta(), kubesphere("kubesphere3", { mappingMethod: "auto" })],
  "KubeSphere 4": [okta(), kubesphere("kubesphere4", { provider: "login" })],
  "Kasten K10 on Keycloak": [keycloak(), k10()],
  "the API server on Keycloak": [keycloak(), api({ prefix: "kc_" })],
  "Keycloak with every choice turned": [
    keycloak({ groupClaims: "paths", signIn: "granted", groupsClaim: "teams", secret: { rotateEvery: "90d" } }),
    k10(),
  ],
  "Keycloak with the longest tokens and a level of authentication": [
    keycloak({ tokenLifetimeSeconds: 86_400, requiredAcr: "gold" }),
    k10(),
  ],
  "Keycloak with the shortest tokens, at the API server": [
    keycloak({ tokenLifetimeSeconds: 60, requiredAcr: "2" }),
    api({ refresh: true }),
  ],
  "the longest secrets without an acknowledgement": [
    entra({ secret: { lifetime: "180d", rotateEvery: "90d", overlap: "89d" } }),
    k10({ session: { duration: "240h", refresh: true }, prompt: "none" }),
  ],
  "the longest session of OpenUnison": [okta(), openunison({ sessionSeconds: 86_400, replicas: 3 })],
  "KubeSphere 4 on Keycloak": [keycloak(), kubesphere("kubesphere4")],
  "Keycloak with a level of authentication and a loopback redirect, before OpenUnison": [
    keycloak({ requiredAcr: "2", tokenLifetimeSeconds: 600, diagnosticRedirect: true, secret: { rotatedOn: ["2026-11-01"] } }),
    openunison(),
  ],
  "the API server on Keycloak, sign-in closed": [keycloak({ signIn: "granted" }), api({ refresh: true })],
  "Keycloak with bare names, on a server before 25": [keycloak({ groupClaims: "insecureNames", serverVersion: "24.0.5" }), k10()],
  ...Object.fromEntries(
    Object.entries({
      "Kasten K10": k10(),
      "the API server": api(),
      "KubeSphere 4": kubesphere("kubesphere4"),
      OpenUnison: openunison(),
    }).map(([title, platform]) => [
      `${title} on Keycloak behind a private authority`,
      [keycloak({ certificateAuthority: privateAuthority }), platform] as const,
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({ "Kasten K10": k10(), OpenUnison: openunison() }).map(([title, platform]) => [
      `${title} on somebody else's issuer behind a private authority`,
      [
        {
          kind: "external",
          issuer: "https://sso.example.com/corporate",
          certificateAuthority: privateAuthority,
          clients: { it: { clientId: "by-hand", secret: { config: "clients:it" } } },
        },
        platform,
        { groups: { admins: { existing: "Kasten Admins" } } },
      ] as const,
    ]),
  ),
  "grants to single people on Okta": [okta(), k10({ access: single("admin") })],
  "grants to single people on Entra ID, with app roles": [entra({ groupClaims: "appRoles" }), k10({ access: single("admin") })],
  "grants to single people on Keycloak, sign-in closed": [keycloak({ signIn: "granted" }), api({ access: single("cluster-view") })],
  "grants to single people on KubeSphere": [keycloak(), kubesphere("kubesphere4", { access: single("platform-regular") })],
  "grants to single people on Google": [
    {
      kind: "external",
      preset: "google",
      issuer: "https://accounts.google.com",
      clients: { it: { clientId: "1.apps.googleusercontent.com" } },
      people: { "ana@example.com": "110248495921238986420" },
      requiredClaims: { hd: "example.com" },
    },
    api({ access: [{ user: "ana@example.com", role: "cluster-view" }] }),
    { groups: {} },
  ],
};

/** Choices whose danger has to be allowed in the pack's configuration as well: where the application reads the directory. */
const directory = ["df021288-bdef-4463-88db-98f22de89214", "5b567255-7703-4780-807c-7be8301ae99b", "98830695-27a2-44f7-8c18-0c3ebc9698f6"];
const settings = {
  "entra-no-app-permissions": { allowed: directory },
  "entra-no-granted-permissions": { allowed: directory },
};
/** Choices whose danger the pack names, although the stack file may make them: the plan and the report warn of them too. */
const named: Readonly<Record<string, readonly string[]>> = {
  "Kasten K10 on Entra ID with groupClaims all": ["entra-group-claims-bounded"],
  "the API server on Entra ID with groupClaims all": ["entra-group-claims-bounded"],
};

describe("what a stack file may say", () => {
  it.each(Object.entries(accepted))(
    "%s: the mandatory rules accept what validate accepts",
    async (name, [idp, platform, more]) => {
      const environment = {
        idp,
        groups: { admins: { displayName: "Kasten Admins", members: ["ana@example.com"] } },
        platforms: { it: platform },
        protectBindings: { deployers: ["system:serviceaccount:ci:deployer"], breakGlassGroup: "okta:Break Glass" },
        ...more,
      };
      const day = new Date().toISOString().slice(0, 10);
      expect(() => parseEnvironment(JSON.parse(JSON.stringify(environment)), day)).not.toThrow();
      const registered = await register({
        ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [`gatehouse:${key}`, value])),
        "clients:it": "handed over",
      });
      const reports = await runPolicies(
        makePolicies(rules, () => new Date()),
        registered,
        settings,
      );
      const found = reports.filter(({ policy }) => mandatory.has(policy) && !named[name]?.includes(policy));
      expect(found.map(({ policy, message }) => `${policy}: ${message}`)).toEqual([]);
      expect(registered.length).toBeGreaterThan(0);
    },
    40_000,
  );
});

test("a binding to a person is advised against, and no more", async () => {
  const environment = { idp: okta(), groups: { admins: { displayName: "Admins" } }, platforms: { it: k10({ access: single("admin") }) } };
  const registered = await register(Object.fromEntries(Object.entries(environment).map(([key, value]) => [`gatehouse:${key}`, value])));
  const reports = await runPolicies(
    makePolicies(rules, () => new Date()),
    registered,
    settings,
  );
  const people = reports.filter(({ policy }) => policy === "rbac-group-subjects-only");
  expect(people.map(({ message }) => message)).toContainEqual(expect.stringContaining(`User okta:`));
  expect(rules.find(({ id }) => id === "rbac-group-subjects-only")?.level).toBe("advisory");
});

describe("one rule for prefixes", () => {
  const prefix = fc.oneof(
    fc.constantFrom(
      ...prefixes,
      "",
      "-",
      "okta",
      "system:",
      "System:",
      "k10:",
      "kubeadm:",
      "eks:x:",
      " okta:",
      "okta: ",
      "o",
      "é:",
      "a".repeat(40) + ":",
    ),
    fc.string({ maxLength: 8 }),
  );

  it("holds for a stack file, for K10's values and for bindings alike", async () => {
    await fc.assert(
      fc.asyncProperty(prefix, async (groupPrefix) => {
        const accepts = prefixFault(groupPrefix) === undefined;
        const oidcAuth = { enabled: true, groupClaim: "groups", groupPrefix, usernameClaim: "sub" };
        const release = { type: "kubernetes:helm.sh/v3:Release", props: { chart: "k10", values: { auth: { oidcAuth } } } };
        expect((await run(valuesPrefixRequired, [release])).length === 0).toBe(accepts);
        const binding = {
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
          props: {
            metadata: { annotations: { [prefixAnnotation]: groupPrefix } },
            subjects: [{ kind: "Group", name: `${groupPrefix}Kasten Admins` }],
          },
        };
        expect((await run(rbacSubjectPrefixedId, [binding])).length === 0).toBe(accepts);
      }),
      { seed: 20261128, numRuns: 300 },
    );
  });
});
