// okta:app/user:User — the requests of terraform-provider-okta resource_okta_app_user.go, for an app that keeps no passwords.
import { flag, text } from "../../provider/schema";
import { objectOf, sortedJson, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type OktaClient } from "../client";

const path = (of: Properties): string => `/api/v1/apps/${textOf(of.appId) ?? ""}/users`;

function stateOf(found: Properties): Properties {
  return {
    username: textOf(objectOf(found.credentials).userName) ?? "",
    profile: sortedJson(objectOf(found.profile)),
    hasSharedUsername: false,
  };
}

export const appUser: ResourceType<OktaClient> = {
  properties: {
    appId: text({ required: true, forceNew: true }),
    userId: text({ required: true, forceNew: true }),
    username: text({ computed: true, forceNew: true }),
    password: text({ notImplemented: true }),
    profile: text({ computed: true, notImplemented: true }),
    retainAssignment: flag({ default: false, notImplemented: true }),
    hasSharedUsername: flag({ outputOnly: true }),
  },
  async create(client, inputs, created) {
    const id = textOf(inputs.userId) ?? "";
    const found = objectOf(await client.send("POST", path(inputs), { id, scope: "USER", profile: {} }));
    created(id);
    return { id, state: stateOf(found) };
  },
  async read(client, id, state) {
    const found = await client.send("GET", `${path(state)}/${id}`).catch(undefinedIfGone);
    return found === undefined ? undefined : { state: stateOf(objectOf(found)) };
  },
  update: (_client, _id, state) => Promise.resolve(state),
  async delete(client, id, state) {
    await client.send("DELETE", `${path(state)}/${id}`).catch(undefinedIfGone);
  },
};
