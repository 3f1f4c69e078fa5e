import type { KeycloakClient } from "../../../pulumi/keycloak/client";
import { role } from "../../../pulumi/keycloak/resources/groups";
import { groupMembershipMapper, userClientRoleMapper } from "../../../pulumi/keycloak/resources/mappers";
import { openidClient } from "../../../pulumi/keycloak/resources/openid-client";
import type { Properties } from "../../../pulumi/provider/values";

const answers: Readonly<Record<string, Properties>> = {
  "main/clients/c1": { id: "c1", clientId: "kasten", enabled: true, redirectUris: ["https://k10.example.com/*"] },
  "main/clients/c1/client-secret": { value: "made by hand" },
  "main/clients/c1/protocol-mappers/models/m1": { name: "groups", config: { "claim.name": "groups", "full.path": "false" } },
  "main/roles-by-id/r1": { name: "Operators", containerId: "c1" },
};
const find = (path: string): Promise<Properties | undefined> => Promise.resolve(answers[path]);
const client = { find, get: async (path: string) => (await find(path)) ?? {} } as KeycloakClient;

test("ids of an import as the provider documents them, and the resource's own afterwards", async () => {
  expect(await openidClient.read(client, "main/c1", {})).toMatchObject({
    id: "c1",
    state: { realmId: "main", clientId: "kasten", clientSecret: "made by hand", validRedirectUris: ["https://k10.example.com/*"] },
  });
  expect(await groupMembershipMapper.read(client, "main/client/c1/m1", {})).toMatchObject({
    id: "m1",
    state: { realmId: "main", clientId: "c1", name: "groups", fullPath: false },
  });
  expect(await role.read(client, "main/r1", {})).toMatchObject({ id: "r1", state: { realmId: "main", clientId: "c1", name: "Operators" } });
  // Once it is in the state, its own id alone.
  expect(await role.read(client, "r1", { realmId: "main" })).toMatchObject({ id: "r1" });
});

test.each([
  [() => openidClient.read(client, "c1", {}), "{{realmId}}/{{id}}"],
  [() => userClientRoleMapper.read(client, "main/c1/m1", {}), "{{realmId}}/client/{{clientId}}/{{id}}"],
  [() => userClientRoleMapper.read(client, "main/client-scope/s1/m1", {}), "{{realmId}}/client/{{clientId}}/{{id}}"],
])("another form is refused in the provider's words", async (read, format) => {
  await expect(Promise.resolve().then(read)).rejects.toThrow(`Invalid import. Supported import formats: ${format}`);
});
