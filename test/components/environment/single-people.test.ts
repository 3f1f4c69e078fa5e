import * as pulumi from "@pulumi/pulumi";
import { lookUpMembers } from "../../../components/identity-providers";
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { parseEnvironment } from "../../../model";
import { settled, simulate, type Called } from "../harness";

const today = "2026-11-28";
const ana = "ana@example.com";
const k10 = {
  kind: "kasten",
  host: "https://k10.example.com",
  chart: { version: "8.0.15" },
  access: [
    { group: "admins", role: "admin" },
    { user: ana, role: "admin" },
  ],
};

/** What the providers' look-ups answer. */
function directory({ token, inputs }: Called): Record<string, unknown> {
  switch (token) {
    case "okta:user/getUser:getUser":
      return { id: `00u-${(inputs["searches"] as { value: string }[])[0]?.value ?? ""}` };
    case "azuread:index/getUser:getUser":
      return { objectId: `oid-${String(inputs["userPrincipalName"])}` };
    case "azuread:index/getClientConfig:getClientConfig":
      return { objectId: "oid-deployer" };
    case "keycloak:index/getUser:getUser":
      return { id: `uuid-${String(inputs["username"])}` };
    default:
      throw new Error(`The directory does not know ${token}.`);
  }
}

async function deployed(idp: object, groups: object = { admins: { displayName: "Admins" } }, platform: object = k10) {
  const { environment } = parseEnvironment({ idp, groups, platforms: { k10: platform } }, today);
  const simulation = await simulate(
    async () => {
      const members = await lookUpMembers(environment);
      return { document: deployEnvironment({ environment, scope: programScope, stack: "lab", today, members }) };
    },
    {
      call: directory,
      computed: (type, name) => ({
        ...(type === "okta:app/oAuth:OAuth" ? { clientId: `0oa-${name}` } : {}),
        ...(type === "random:index/randomPassword:RandomPassword" ? { result: "generated" } : {}),
        ...(type.startsWith("azuread:") ? { objectId: `object-of-${name}`, clientId: `client-of-${name}`, value: "generated" } : {}),
        ...(type === "keycloak:openid/client:Client" ? { clientSecret: "generated" } : {}),
      }),
    },
  );
  return { ...simulation, document: (await settled(simulation.result.document)).value };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;

const named = ({ resources }: Deployed, name: string) => resources.find((resource) => resource.name === name)?.inputs;

const bound = (group: string, user: string) => [
  { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group },
  { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user },
];

test("Okta: bound by sub beside the groups, and assigned to the app", async () => {
  const made = await deployed({ kind: "okta", orgUrl: "https://acme.okta.com" });
  const binding = named(made, "k10-access-k10-admin");
  expect(binding?.["subjects"]).toEqual(bound("okta:Admins", `okta:00u-${ana}`));
  expect(binding).toMatchObject({
    metadata: { annotations: { "gatehouse.dev/users": `okta:00u-${ana} = ${ana}`, "gatehouse.dev/groups": "okta:Admins = Admins" } },
  });
  expect(named(made, `k10-app-user-${ana}`)).toEqual({ appId: "k10-app-id", userId: `00u-${ana}` });
  expect(made.document.access.map(({ group, subject, person }) => [group, subject.name, person?.claimValue])).toEqual([
    ["admins", "okta:Admins", undefined],
    [`user:${ana}`, `okta:00u-${ana}`, `00u-${ana}`],
  ]);
});

test("Entra ID: bound by oid; an app with roles of its own has one for the assignment", async () => {
  const idp = { kind: "entra", tenantId: "11111111-2222-4333-8444-555555555555" };
  const made = await deployed(idp);
  expect(named(made, "k10-access-k10-admin")?.["subjects"]).toEqual(bound("entra:object-of-groups-admins", `entra:oid-${ana}`));
  expect(named(made, `k10-app-user-${ana}`)).toMatchObject({
    principalObjectId: `oid-${ana}`,
    appRoleId: "00000000-0000-0000-0000-000000000000",
  });
  const withRoles = await deployed({ ...idp, groupClaims: "appRoles" });
  const roles = named(withRoles, "k10-app")?.["appRoles"] as { id: string; value: string }[];
  expect(roles.map(({ value }) => value)).toEqual(["admins", "single.person"]);
  expect(named(withRoles, `k10-app-user-${ana}`)?.["appRoleId"]).toBe(roles[1]?.id);
});

test("Keycloak: bound by the user's id; given the role that lets them in, where sign-in is closed", async () => {
  const idp = { kind: "keycloak", issuer: "https://keycloak.example.com/realms/main" };
  const open = await deployed(idp);
  expect(named(open, "k10-access-k10-admin")?.["subjects"]).toEqual(bound("keycloak:Admins", `keycloak:uuid-${ana}`));
  expect(named(open, `k10-app-access-user-${ana}`)).toBeUndefined();
  const closed = await deployed({ ...idp, signIn: "granted" });
  expect(named(closed, `k10-app-access-user-${ana}`)).toEqual({
    realmId: "main",
    userId: `uuid-${ana}`,
    roleIds: ["k10-app-access-role-id"],
    exhaustive: false,
  });
});

test("Google, without any group: nothing is looked up, and the bindings name sub", async () => {
  pulumi.runtime.setConfig("clients:k10", "from-google");
  const idp = {
    kind: "external",
    preset: "google",
    issuer: "https://accounts.google.com",
    clients: { k10: { clientId: "1.apps.googleusercontent.com", secret: { config: "clients:k10" } } },
    people: { [ana]: "110248495921238986420" },
  };
  const made = await deployed(idp, {}, { ...k10, access: [{ user: ana, role: "admin" }] });
  expect(made.calls).toEqual([]);
  expect(named(made, "k10-access-k10-admin")?.["subjects"]).toEqual([
    { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "external:110248495921238986420" },
  ]);
  expect(named(made, "k10-release")).toMatchObject({ values: { auth: { oidcAuth: { groupClaim: "" } } } });
});

test("without a grant to a person nothing is said of people: the bindings of earlier versions do not change", async () => {
  const made = await deployed({ kind: "okta", orgUrl: "https://acme.okta.com" }, undefined, { ...k10, access: k10.access.slice(0, 1) });
  expect(JSON.stringify(named(made, "k10-access-k10-admin"))).not.toContain("users");
});
