// The provider's functions (data sources) that Gatehouse uses: groups by path, users by name.
import { text } from "../provider/schema";
import { objectOf, textOf, textsOf } from "../provider/json";
import type { Lookup } from "../provider/table";
import { KeycloakError, type KeycloakClient } from "./client";
import { stringAttributes } from "./resources/attributes";

/** The path is a path of segments: `/a/b` is the group b inside of a (KP keycloak/group.go GetGroupByPath). */
const groupByPath: Lookup<KeycloakClient> = {
  inputs: { realmId: text({ required: true }), groupPath: text(), name: text({ notImplemented: true }) },
  async call(client, inputs) {
    const [realm, path] = [textOf(inputs.realmId) ?? "", textOf(inputs.groupPath) ?? ""];
    const segments = path.split("/").filter(Boolean).map(encodeURIComponent).join("/");
    const found = await client.get(`${realm}/group-by-path/${segments}`).catch((error: unknown) => {
      throw error instanceof KeycloakError && error.status === 404 ? new Error(`group not found at path: ${path}`) : error;
    });
    return {
      id: found.id ?? "",
      name: found.name ?? "",
      path: found.path ?? "",
      groupPath: path,
      description: found.description ?? "",
      organizationId: "",
      attributes: stringAttributes(found.attributes),
    };
  },
};

/** A search of which the server gives the first hundred; who is not among them does not exist (KP keycloak/user.go GetUserByUsername). */
export async function userByName(client: KeycloakClient, realm: string, name: string): Promise<Record<string, unknown> | undefined> {
  const found = await client.list(`${realm}/users?username=${encodeURIComponent(name)}`);
  return found.find((user) => user.username === name);
}

const userLookup: Lookup<KeycloakClient> = {
  inputs: { realmId: text({ required: true }), username: text({ required: true }) },
  async call(client, inputs) {
    const name = textOf(inputs.username) ?? "";
    const found = objectOf((await userByName(client, textOf(inputs.realmId) ?? "", name)) as never);
    if (textOf(found.id) === undefined) {
      throw new Error(`user with username ${name} does not exist`);
    }
    return {
      id: found.id ?? "",
      username: name,
      email: found.email ?? "",
      emailVerified: found.emailVerified === true,
      enabled: found.enabled === true,
      firstName: found.firstName ?? "",
      lastName: found.lastName ?? "",
      attributes: stringAttributes(found.attributes),
      requiredActions: textsOf(found.requiredActions),
      federatedIdentities: [],
    };
  },
};

export const functions: Readonly<Record<string, Lookup<KeycloakClient>>> = {
  "keycloak:index/getGroup:getGroup": groupByPath,
  "keycloak:index/getUser:getUser": userLookup,
};
