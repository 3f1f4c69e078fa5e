// keycloak:openid/client{Default,Optional}Scopes: exhaustive lists of the scopes attached to a client (KP provider/resource_keycloak_openid_client_*_scopes.go).
import { set, text } from "../../provider/schema";
import { textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type KeycloakClient } from "../client";

type Kind = "default" | "optional";

const clientPath = (inputs: Properties): string => `${textOf(inputs.realmId) ?? ""}/clients/${textOf(inputs.clientId) ?? ""}`;

async function attached(client: KeycloakClient, inputs: Properties, kind: Kind): Promise<Map<string, string>> {
  const scopes = await client.list(`${clientPath(inputs)}/${kind}-client-scopes`);
  return new Map(scopes.map((scope) => [textOf(scope.name) ?? "", textOf(scope.id) ?? ""]));
}

/** Attaches exactly the wanted scopes, and refuses what the official plugin refuses. */
async function reconcile(client: KeycloakClient, inputs: Properties, kind: Kind, wanted: readonly string[]): Promise<void> {
  const present = await attached(client, inputs, kind);
  const missing = wanted.filter((name) => !present.has(name));
  if (missing.length > 0) {
    const other = kind === "default" ? "optional" : "default";
    const elsewhere = await attached(client, inputs, other);
    const known = new Map((await client.list(`${textOf(inputs.realmId) ?? ""}/client-scopes`)).map((scope) => [scope.name, scope.id]));
    for (const name of missing) {
      if (elsewhere.has(name)) {
        throw new Error(
          `validation error: scope ${name} is already attached to client as ${other === "optional" ? "an" : "a"} ${other} scope`,
        );
      }
      const id = known.get(name);
      if (typeof id !== "string") {
        throw new Error(`validation error: scope ${name} does not exist`);
      }
      await client.put(`${clientPath(inputs)}/${kind}-client-scopes/${id}`);
    }
  }
  for (const [name, id] of present) {
    if (!wanted.includes(name)) {
      await client.remove(`${clientPath(inputs)}/${kind}-client-scopes/${id}`);
    }
  }
}

function scopes(kind: Kind, property: "defaultScopes" | "optionalScopes"): ResourceType<KeycloakClient> {
  const names = async (client: KeycloakClient, inputs: Properties): Promise<Properties> => ({
    [property]: [...(await attached(client, inputs, kind)).keys()].sort(),
  });
  return {
    properties: {
      realmId: text({ required: true, forceNew: true }),
      clientId: text({ required: true, forceNew: true }),
      [property]: set(text(), { required: true }),
    },
    async create(client, inputs) {
      await reconcile(client, inputs, kind, textsOf(inputs[property]));
      return { id: `${textOf(inputs.realmId) ?? ""}/${textOf(inputs.clientId) ?? ""}`, state: await names(client, inputs) };
    },
    async read(client, _id, state) {
      const found = await names(client, state).catch(undefinedIfGone);
      return found && { state: found };
    },
    async update(client, _id, _state, inputs) {
      await reconcile(client, inputs, kind, textsOf(inputs[property]));
      return names(client, inputs);
    },
    async delete(client, _id, state) {
      for (const [name, id] of await attached(client, state, kind)) {
        if (textsOf(state[property]).includes(name)) {
          await client.remove(`${clientPath(state)}/${kind}-client-scopes/${id}`);
        }
      }
    },
  };
}

export const clientDefaultScopes = scopes("default", "defaultScopes");
export const clientOptionalScopes = scopes("optional", "optionalScopes");
