// The okta provider's functions — the requests of terraform-provider-okta data_source_okta_{user,group,everyone_group,policy}.go.
import { setTimeout as delay } from "node:timers/promises";
import { flag, integer, list, object, text } from "../provider/schema";
import { numberOf, objectOf, objectsOf, sortedJson, textOf } from "../provider/json";
import type { Lookup } from "../provider/table";
import type { Properties, Value } from "../provider/values";
import type { OktaClient } from "./client";

/** Profile attributes that the function's result names; everything else is a custom one. */
const profileAttributes = [
  ...["city", "costCenter", "countryCode", "department", "displayName", "division", "email", "employeeNumber", "firstName"],
  ...["honorificPrefix", "honorificSuffix", "lastName", "locale", "login", "manager", "managerId", "middleName", "mobilePhone"],
  ...["nickName", "organization", "postalAddress", "preferredLanguage", "primaryPhone", "profileUrl", "secondEmail", "state"],
  ...["streetAddress", "timezone", "title", "userType", "zipCode"],
];
const times = ["activated", "created", "lastLogin", "lastUpdated", "passwordChanged", "statusChanged"];

async function delayed(inputs: Properties): Promise<void> {
  const seconds = Number(inputs.delayReadSeconds);
  if (seconds > 0) {
    await delay(seconds * 1_000);
  }
}

function searchExpression(inputs: Properties): string {
  const clauses = objectsOf(inputs.searches).map((search) => {
    const expression = textOf(search.expression);
    if (expression) {
      return expression;
    }
    const value = textOf(search.value);
    return `${textOf(search.name) ?? ""} ${textOf(search.comparison) ?? "eq"}${value ? ` "${value}"` : ""}`;
  });
  return clauses.join(` ${textOf(inputs.compoundSearchOperator) ?? "and"} `);
}

async function findUser(client: OktaClient, inputs: Properties): Promise<Properties> {
  const userId = textOf(inputs.userId);
  if (userId) {
    return client.send("GET", `/api/v1/users/${encodeURIComponent(userId)}`);
  }
  const search = searchExpression(inputs);
  if (search === "") {
    throw new Error("okta:user/getUser:getUser: expected userId or searches, got neither");
  }
  const [user] = objectsOf(await client.page(`/api/v1/users?${new URLSearchParams({ limit: "1", search }).toString()}`));
  if (!user) {
    throw new Error(`no users found using search criteria: ${search}`);
  }
  return user;
}

const getUser: Lookup<OktaClient> = {
  inputs: {
    compoundSearchOperator: text({ allowed: ["and", "or"] }),
    delayReadSeconds: text(),
    searches: list(object({ comparison: text(), expression: text(), name: text(), value: text() })),
    skipGroups: flag(),
    skipRoles: flag(),
    userId: text(),
  },
  async call(client, inputs) {
    await delayed(inputs);
    const user = await findUser(client, inputs);
    const id = textOf(user.id) ?? "";
    // The official plugin asks for the roles twice, once for each of two results.
    const adminRoles = inputs.skipRoles === true ? [] : await client.list(`/api/v1/users/${id}/roles`);
    const roles = inputs.skipRoles === true ? [] : await client.list(`/api/v1/users/${id}/roles`);
    const groups = inputs.skipGroups === true ? [] : await client.list(`/api/v1/users/${id}/groups`);
    return {
      ...profileOf(user),
      ...factsOf(user),
      compoundSearchOperator: inputs.compoundSearchOperator ?? "and",
      adminRoles: roleTypes(adminRoles),
      groupMemberships: groups.filter((group) => group.type !== "BUILT_IN").map((group) => textOf(group.id) ?? ""),
      id,
      roles: roleTypes(roles),
    };
  },
};

/** What Okta says of a user beside the profile. */
function factsOf(user: Properties): Properties {
  const typeId = textOf(objectOf(user.type).id);
  return {
    ...Object.fromEntries(times.map((key) => [key, user[key] ?? ""])),
    realmId: user.realmId ?? "",
    status: user.status ?? "",
    types: typeId ? [{ id: typeId }] : [],
  };
}

/** The profile as a result names it. */
function profileOf(user: Properties): Properties {
  const profile = objectOf(user.profile);
  const custom = Object.entries(profile).filter(([key, value]) => !profileAttributes.includes(key) && value !== null);
  return {
    ...Object.fromEntries(profileAttributes.map((key): [string, Value] => [key, profile[key] ?? ""])),
    customProfileAttributes: sortedJson(Object.fromEntries(custom)),
  };
}

/** terraform-provider-okta data_source_okta_users.go: by group, or by search; groups and roles of each only when asked for, which nobody does here. */
const getUsers: Lookup<OktaClient> = {
  inputs: {
    compoundSearchOperator: text({ allowed: ["and", "or"] }),
    delayReadSeconds: text(),
    groupId: text(),
    searches: list(object({ comparison: text(), expression: text(), name: text(), value: text() })),
  },
  async call(client, inputs) {
    await delayed(inputs);
    const groupId = textOf(inputs.groupId);
    const search = searchExpression(inputs);
    if (!groupId && search === "") {
      throw new Error("okta:user/getUsers:getUsers: one of groupId, searches must be specified");
    }
    const path = groupId ? `/api/v1/groups/${encodeURIComponent(groupId)}/users?` : "/api/v1/users?";
    const users = await client.list(path + new URLSearchParams(groupId ? { limit: "200" } : { limit: "200", search }).toString());
    return {
      compoundSearchOperator: inputs.compoundSearchOperator ?? "and",
      ...(groupId ? { id: groupId } : {}),
      users: users.map((user) => ({
        ...profileOf(user),
        ...factsOf(user),
        adminRoles: [],
        groupMemberships: [],
        id: user.id ?? "",
        roles: [],
      })),
    };
  },
};

function roleTypes(roles: Properties[]): Value[] {
  return roles.map((role) => textOf(role.type) ?? "").filter(Boolean);
}

/** `q` asks for a prefix: of several matches only an exact one counts, of one match any does, as for the official plugin. */
async function findGroup(client: OktaClient, name: string, type: string | undefined): Promise<Properties> {
  const query = new URLSearchParams({ ...(type ? { filter: `type eq "${type}"` } : {}), q: name });
  const groups = objectsOf(await client.page(`/api/v1/groups?${query.toString()}`));
  const [only] = groups;
  const what = `group with name ${JSON.stringify(name)}${type ? ` and type ${type}` : ""}`;
  if (!only) {
    throw new Error(`${what} does not exist`);
  }
  if (groups.length === 1) {
    return only;
  }
  const exact = groups.find((group) => objectOf(group.profile).name === name && (!type || group.type === type));
  if (!exact) {
    throw new Error(`${what} matches ${groups.length} groups, select a more precise name`);
  }
  return exact;
}

async function memberIds(client: OktaClient, inputs: Properties, groupId: string): Promise<string[]> {
  if (inputs.includeUsers !== true) {
    return [];
  }
  return (await client.list(`/api/v1/groups/${groupId}/users?limit=200`)).map((user) => textOf(user.id) ?? "").sort();
}

const getGroup: Lookup<OktaClient> = {
  inputs: { delayReadSeconds: text(), id: text(), includeUsers: flag(), name: text(), type: text() },
  async call(client, inputs) {
    await delayed(inputs);
    const givenId = textOf(inputs.id);
    if (givenId && (textOf(inputs.name) || textOf(inputs.type))) {
      throw new Error("okta:group/getGroup:getGroup: expected id alone, got name or type too");
    }
    const group = givenId
      ? await client.send("GET", `/api/v1/groups/${givenId}`)
      : await findGroup(client, textOf(inputs.name) ?? "", textOf(inputs.type));
    const id = textOf(group.id) ?? "";
    const { name, description } = objectOf(group.profile);
    return { id, name: name ?? "", description: description ?? "", type: group.type ?? "", users: await memberIds(client, inputs, id) };
  },
};

/** terraform-provider-okta data_source_okta_groups.go: the order is always sent, the limit unless another is given is 200. */
const getGroups: Lookup<OktaClient> = {
  inputs: { limit: integer(), q: text(), search: text(), type: text() },
  async call(client, inputs) {
    const query: Record<string, string> = { limit: String(numberOf(inputs.limit) ?? 200), sortOrder: "asc" };
    if (textOf(inputs.type)) {
      query.filter = `type eq "${textOf(inputs.type) ?? ""}"`;
    }
    if (textOf(inputs.q)) {
      query.q = textOf(inputs.q) ?? "";
    }
    if (textOf(inputs.search)) {
      query.search = textOf(inputs.search) ?? "";
    }
    const groups = await client.list(`/api/v1/groups?${new URLSearchParams(query).toString()}`);
    return {
      limit: numberOf(inputs.limit) ?? 200,
      groups: groups.map((group) => {
        const { name, description, ...custom } = objectOf(group.profile);
        return {
          customProfileAttributes: sortedJson(custom),
          description: description ?? "",
          id: group.id ?? "",
          name: name ?? "",
          source: "",
          type: group.type ?? "",
        };
      }),
    };
  },
};

const getEveryoneGroup: Lookup<OktaClient> = {
  inputs: { includeUsers: flag() },
  async call(client) {
    const group = await findGroup(client, "Everyone", undefined);
    return { id: group.id ?? "", description: objectOf(group.profile).description ?? "" };
  },
};

const getPolicy: Lookup<OktaClient> = {
  inputs: { name: text({ required: true }), type: text({ required: true }) },
  async call(client, inputs) {
    const policies = await client.list(`/api/v1/policies?${new URLSearchParams({ type: textOf(inputs.type) ?? "" }).toString()}`);
    const policy = policies.find((candidate) => candidate.name === inputs.name);
    if (!policy) {
      throw new Error(`no policy of type ${textOf(inputs.type)} retrieved with the name ${JSON.stringify(inputs.name)}`);
    }
    return { id: policy.id ?? "", status: policy.status ?? "" };
  },
};

export const functions: Record<string, Lookup<OktaClient>> = {
  "okta:group/getEveryoneGroup:getEveryoneGroup": getEveryoneGroup,
  "okta:group/getGroup:getGroup": getGroup,
  "okta:index/getGroups:getGroups": getGroups,
  "okta:policy/getPolicy:getPolicy": getPolicy,
  "okta:user/getUser:getUser": getUser,
  "okta:user/getUsers:getUsers": getUsers,
};
