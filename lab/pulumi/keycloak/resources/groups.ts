// keycloak:index/group*: groups, their members, and the roles that are given to them (KP provider/resource_keycloak_group*.go).
import { flag, list, map, set, text } from "../../provider/schema";
import { defined, objectOf, objectsOf, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type KeycloakClient } from "../client";
import { userByName } from "../lookups";
import { importedId } from "./imported-id";
import { listAttributes, stringAttributes } from "./attributes";

const realmOf = (properties: Properties): string => textOf(properties.realmId) ?? "";

function groupBody(inputs: Properties): Properties {
  return defined({ name: inputs.name, description: textOf(inputs.description), attributes: listAttributes(inputs.attributes) });
}

function groupState(found: Properties): Properties {
  return {
    name: found.name ?? "",
    description: found.description ?? "",
    path: found.path ?? "",
    organizationId: "",
    attributes: stringAttributes(found.attributes),
  };
}

export const group: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    name: text({ autoName: true }),
    description: text(),
    parentId: text({ forceNew: true, notImplemented: true }),
    organizationId: text({ computed: true, forceNew: true }),
    path: text({ outputOnly: true }),
    attributes: map(text()),
  },
  async create(client, inputs, created) {
    const id = await client.create(`${realmOf(inputs)}/groups`, groupBody(inputs));
    created(id);
    return { id, state: groupState(await client.get(`${realmOf(inputs)}/groups/${id}`)) };
  },
  async read(client, id, state) {
    const found = await client.find(`${realmOf(state)}/groups/${id}`);
    return found && { state: groupState(found) };
  },
  async update(client, id, _state, inputs) {
    await client.put(`${realmOf(inputs)}/groups/${id}`, { id, ...groupBody(inputs) });
    return groupState(await client.get(`${realmOf(inputs)}/groups/${id}`));
  },
  // The official plugin fails on a group that somebody deleted by hand, until a refresh.
  async delete(client, id, state) {
    await client.remove(`${realmOf(state)}/groups/${id}`);
  },
};

/** Every member's name; the server gives pages of fifty. */
async function memberNames(client: KeycloakClient, realm: string, groupId: string): Promise<string[]> {
  const names: string[] = [];
  for (let first = 0; ; first += 50) {
    const page = await client.list(`${realm}/groups/${groupId}/members?max=50&first=${first}`);
    names.push(...page.map((user) => textOf(user.username) ?? ""));
    if (page.length === 0) {
      return names.sort();
    }
  }
}

async function setMembership(client: KeycloakClient, inputs: Properties, name: string, member: boolean): Promise<void> {
  const realm = realmOf(inputs);
  const user = await userByName(client, realm, name);
  if (typeof user?.id !== "string") {
    throw new Error(`user with username ${name} does not exist`);
  }
  const path = `${realm}/users/${user.id}/groups/${textOf(inputs.groupId) ?? ""}`;
  await (member ? client.put(path) : client.remove(path));
}

/** Refused at the update, as the official plugin does, and not in the plan. */
function requireLowerCase(members: readonly string[]): void {
  const odd = members.find((name) => name !== name.toLowerCase());
  if (odd !== undefined) {
    throw new Error(`expected all usernames within group membership to be lowercase, but found ${odd}`);
  }
}

export const groupMemberships: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    groupId: text({ forceNew: true }),
    members: set(text(), { required: true }),
  },
  async create(client, inputs) {
    const members = textsOf(inputs.members);
    requireLowerCase(members);
    for (const name of members) {
      await setMembership(client, inputs, name, true);
    }
    const groupId = textOf(inputs.groupId) ?? "";
    return {
      id: `${realmOf(inputs)}/group-memberships/${groupId}`,
      state: { members: await memberNames(client, realmOf(inputs), groupId) },
    };
  },
  async read(client, _id, state) {
    const members = await memberNames(client, realmOf(state), textOf(state.groupId) ?? "").catch(undefinedIfGone);
    return members && { state: { members } };
  },
  async update(client, _id, state, inputs) {
    const after = textsOf(inputs.members);
    requireLowerCase(after);
    const before = await memberNames(client, realmOf(inputs), textOf(state.groupId) ?? "");
    for (const name of after.filter((wanted) => !before.includes(wanted))) {
      await setMembership(client, inputs, name, true);
    }
    for (const name of before.filter((had) => !after.includes(had))) {
      await setMembership(client, inputs, name, false);
    }
    return { members: [...after].sort() };
  },
  async delete(client, _id, state) {
    for (const name of textsOf(state.members)) {
      await setMembership(client, state, name, false);
    }
  },
};

/** The group or person that roles are given to. */
function holderPath(inputs: Properties): string {
  const holder = textOf(inputs.groupId) === undefined ? `users/${textOf(inputs.userId) ?? ""}` : `groups/${textOf(inputs.groupId) ?? ""}`;
  return `${realmOf(inputs)}/${holder}/role-mappings`;
}

/** The client roles that a group or a person holds itself, with their ids. */
async function heldRoles(client: KeycloakClient, inputs: Properties): Promise<Properties[]> {
  const mappings = await client.get(holderPath(inputs));
  const byClient = Object.values(objectOf(mappings.clientMappings)).flatMap((entry) => objectsOf(objectOf(entry).mappings));
  return [...objectsOf(mappings.realmMappings), ...byClient];
}

async function changeRoles(client: KeycloakClient, inputs: Properties, ids: readonly string[], give: boolean): Promise<void> {
  const roles = await Promise.all(ids.map((id) => client.get(`${realmOf(inputs)}/roles-by-id/${id}`)));
  const containers = [...new Set(roles.map((role) => textOf(role.containerId) ?? ""))];
  for (const container of containers) {
    const path = `${holderPath(inputs)}/clients/${container}`;
    const own = roles.filter((role) => role.containerId === container);
    await (give ? client.post(path, own) : client.remove(path, own));
  }
}

const roleAssignment = (holder: "groupId" | "userId"): ResourceType<KeycloakClient> => ({
  properties: {
    realmId: text({ required: true, forceNew: true }),
    [holder]: text({ required: true, forceNew: true }),
    roleIds: set(text(), { required: true }),
    exhaustive: flag({ default: true }),
  },
  // The rest of its roles is not ours; the stand-in knows no other way.
  validate: (inputs) =>
    inputs.exhaustive === false
      ? []
      : [{ property: "exhaustive", reason: "only exhaustive: false is implemented by the lab's stand-in for the keycloak plugin" }],
  async create(client, inputs) {
    await changeRoles(client, inputs, textsOf(inputs.roleIds), true);
    return { id: `${realmOf(inputs)}/${textOf(inputs[holder]) ?? ""}`, state: {} };
  },
  async read(client, _id, state) {
    const held = await heldRoles(client, state).catch(undefinedIfGone);
    const ids = held?.map((role) => role.id);
    return ids && { state: { roleIds: textsOf(state.roleIds).filter((id) => ids.includes(id)) } };
  },
  async update(client, _id, state, inputs) {
    const held = (await heldRoles(client, inputs)).map((role) => textOf(role.id) ?? "");
    const [before, after] = [textsOf(state.roleIds), textsOf(inputs.roleIds)];
    await changeRoles(
      client,
      inputs,
      after.filter((id) => !held.includes(id)),
      true,
    );
    await changeRoles(
      client,
      inputs,
      before.filter((id) => !after.includes(id) && held.includes(id)),
      false,
    );
    return {};
  },
  async delete(client, _id, state) {
    const held = await heldRoles(client, state).catch(undefinedIfGone);
    const own = textsOf(state.roleIds).filter((id) => held?.some((role) => role.id === id));
    await changeRoles(client, state, own, false);
  },
});

export const groupRoles = roleAssignment("groupId");
export const userRoles = roleAssignment("userId");

export const role: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    clientId: text({ forceNew: true, required: true }),
    name: text({ autoName: true }),
    description: text(),
    attributes: map(text()),
    compositeRoles: list(text(), { notImplemented: true }),
    import: flag({ forceNew: true, notImplemented: true }),
  },
  async create(client, inputs, created) {
    const [container, name] = [textOf(inputs.clientId) ?? "", textOf(inputs.name) ?? ""];
    await client.create(`${realmOf(inputs)}/clients/${container}/roles`, roleBody(inputs));
    const made = await client.get(`${realmOf(inputs)}/clients/${container}/roles/${encodeURIComponent(name)}`);
    const id = textOf(made.id) ?? "";
    created(id);
    return { id, state: roleState(made) };
  },
  async read(client, id, state) {
    const { id: uuid, parents } = importedId(id, state, "{{realmId}}/{{id}}");
    const found = await client.find(`${realmOf({ ...state, ...parents })}/roles-by-id/${uuid}`);
    return found && { id: uuid, state: { ...parents, ...roleState(found) } };
  },
  async update(client, id, _state, inputs) {
    await client.put(`${realmOf(inputs)}/roles-by-id/${id}`, { id, ...roleBody(inputs) });
    return roleState(await client.get(`${realmOf(inputs)}/roles-by-id/${id}`));
  },
  async delete(client, id, state) {
    await client.remove(`${realmOf(state)}/roles-by-id/${id}`);
  },
};

function roleBody(inputs: Properties): Properties {
  return {
    name: inputs.name ?? "",
    description: inputs.description ?? "",
    clientRole: true,
    containerId: inputs.clientId ?? "",
    composite: false,
    attributes: listAttributes(inputs.attributes),
  };
}

function roleState(found: Properties): Properties {
  return {
    name: found.name ?? "",
    description: found.description ?? "",
    clientId: found.containerId ?? "",
    attributes: stringAttributes(found.attributes),
    compositeRoles: [],
    import: false,
  };
}
