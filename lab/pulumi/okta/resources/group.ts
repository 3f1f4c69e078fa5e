// okta:group/group:Group — the requests of terraform-provider-okta resource_okta_group.go.
import { flag, text } from "../../provider/schema";
import { objectOf, parseJson, requiredText, sortedJson, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { OktaError, type OktaClient } from "../client";

const standardAttributes = new Set(["name", "description"]);

function body(inputs: Properties): Properties {
  const custom = textOf(inputs.customProfileAttributes);
  return {
    profile: {
      ...(custom ? objectOf(parseJson(custom, "customProfileAttributes")) : {}),
      name: inputs.name ?? "",
      description: inputs.description ?? "",
    },
  };
}

function state(group: Properties): Properties {
  const profile = objectOf(group.profile);
  const custom = Object.fromEntries(Object.entries(profile).filter(([key, value]) => !standardAttributes.has(key) && value !== null));
  return {
    name: profile.name ?? "",
    description: profile.description ?? "",
    customProfileAttributes: sortedJson(custom),
  };
}

/** A new group may be answered with 404 for a while: the official plugin asks for up to 10 seconds. */
async function awaitReplication(client: OktaClient, id: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (let pause = 250; !(await client.find(`/api/v1/groups/${id}`)); pause *= 2) {
    if (Date.now() > deadline) {
      throw new OktaError(404, `GET /api/v1/groups/${id}: still 404 ten seconds after its creation`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

export const group: ResourceType<OktaClient> = {
  properties: {
    name: text({ autoName: true }),
    description: text(),
    customProfileAttributes: text({ json: true }),
    skipUsers: flag({ default: false }),
  },
  async create(client, inputs, created) {
    const made = await client.send("POST", "/api/v1/groups", body(inputs));
    const id = requiredText(made, "id");
    created(id);
    await awaitReplication(client, id);
    return { id, state: state(await client.send("GET", `/api/v1/groups/${id}`)) };
  },
  async read(client, id) {
    const found = await client.find(`/api/v1/groups/${id}`);
    return found && { state: state(found) };
  },
  async update(client, id, _state, inputs) {
    await client.send("PUT", `/api/v1/groups/${id}`, body(inputs));
    return state(await client.send("GET", `/api/v1/groups/${id}`));
  },
  async delete(client, id) {
    await client.send("DELETE", `/api/v1/groups/${id}`);
  },
};
