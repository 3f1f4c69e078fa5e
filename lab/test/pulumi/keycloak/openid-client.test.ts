import type { KeycloakClient } from "../../../pulumi/keycloak/client";
import { openidClient } from "../../../pulumi/keycloak/resources/openid-client";
import type { Properties } from "../../../pulumi/provider/values";

const given: Properties = { realmId: "lab", clientId: "k10", accessType: "CONFIDENTIAL", enabled: true, name: "k10" };

/** What is written of a client when the program changes. */
async function written(state: Properties, inputs: Properties): Promise<Properties> {
  let body: Properties = {};
  const client: Partial<KeycloakClient> = {
    put: (_path, sent) => {
      body = sent as Properties;
      return Promise.resolve();
    },
    get: () => Promise.resolve({}),
  };
  await openidClient.update?.(client as KeycloakClient, "id", state, inputs);
  return body;
}

test("a block that the program leaves out is off, although the state has it (recorded: browser and direct_grant empty)", async () => {
  const state = { ...given, authenticationFlowBindingOverrides: { browserId: "flow", directGrantId: "" }, baseUrl: "https://elsewhere" };
  expect(await written(state, given)).toMatchObject({ authenticationFlowBindingOverrides: { browser: "", direct_grant: "" }, baseUrl: "" });
  const kept = { ...given, authenticationFlowBindingOverrides: { browserId: "flow" } };
  expect(await written(state, kept)).toMatchObject({ authenticationFlowBindingOverrides: { browser: "flow", direct_grant: "" } });
});

test("what the server decides and the program leaves out stays as the state has it", async () => {
  expect(await written({ ...given, webOrigins: ["https://a"], standardFlowEnabled: true }, given)).toMatchObject({
    webOrigins: ["https://a"],
    standardFlowEnabled: true,
  });
});
