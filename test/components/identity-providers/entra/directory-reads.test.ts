import type { EntraApplicationArgs } from "../../../../components";
import { only, simulate, type Called } from "../../harness";

const graph = "00000003-0000-0000-c000-000000000000";
const roles = {
  "group-members": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  groups: "5b567255-7703-4780-807c-7be8301ae99b",
  users: "df021288-bdef-4463-88db-98f22de89214",
};

const args: EntraApplicationArgs = {
  displayName: "portal (lab)",
  redirectUris: ["https://k8sou.example.com/auth/oidc"],
  groupClaims: "assigned",
  assignedGroups: {},
  ownerIds: ["caller"],
  secrets: [{ start: "2026-09-04" }],
};

function application(changes: Partial<EntraApplicationArgs>, call = ({ inputs }: Called) => ({ ...inputs, objectId: "graph-object" })) {
  return simulate(({ EntraApplication }) => new EntraApplication("portal-app", { ...args, ...changes }), {
    call,
    computed: (_type, name) => ({ objectId: `object-of-${name}`, clientId: `client-of-${name}` }),
  });
}

test("three application permissions, asked for and consented to", async () => {
  const simulation = await application({ readsDirectory: true });
  expect(only(simulation, "azuread:index/application:Application").inputs["requiredResourceAccesses"]).toEqual([
    { resourceAppId: graph, resourceAccesses: Object.values(roles).map((id) => ({ id, type: "Role" })) },
  ]);
  expect(simulation.calls).toEqual([{ token: "azuread:index/getServicePrincipal:getServicePrincipal", inputs: { clientId: graph } }]);
  const consents = simulation.resources.filter(({ type }) => type === "azuread:index/appRoleAssignment:AppRoleAssignment");
  expect(consents.map(({ name, parent, inputs }) => ({ name, parent, inputs }))).toEqual(
    Object.entries(roles).map(([key, appRoleId]) => ({
      name: `portal-app-reads-${key}`,
      parent: "portal-app",
      inputs: { appRoleId, principalObjectId: "object-of-portal-app-principal", resourceObjectId: "graph-object" },
    })),
  );
});

test("by default the app has no permission, and Microsoft Graph is not looked up", async () => {
  const simulation = await application({});
  expect(simulation.calls).toEqual([]);
  expect(only(simulation, "azuread:index/application:Application").inputs).not.toHaveProperty("requiredResourceAccesses");
  expect(simulation.resources.filter(({ name }) => name.includes("-reads-"))).toEqual([]);
});
