import { badRequest, malformed, resourceNotFound, valueRequired } from "./errors";
import type { DirectoryObject, Group } from "./entities";
import {
  listOptions,
  found,
  list,
  merge,
  noContent,
  one,
  readBody,
  referenced,
  type GraphAnswer,
  type GraphCall,
  type Route,
} from "./call";
import { ownerRoutes, referenceRow } from "./owners";
import { createGroups, readGroups, writeGroups, writeMembers } from "./permissions";
import { groupBody, referenceBody, type GroupBody } from "./shapes";
import { groupsOf, type TenantStore } from "./store";

const resourceType = "Group";
const filterable = ["displayName", "id", "mailEnabled", "mailNickname", "securityEnabled"];
const nicknameRefused = /[@()[\]";:<>,\\\s]/;

export function newGroup(
  store: TenantStore,
  fields: GroupBody,
  owners: Set<string>,
  rest: { id?: string; members?: Set<string> } = {},
): Group {
  const empty: Group["fields"] = {
    displayName: null,
    description: null,
    groupTypes: [],
    isAssignableToRole: null,
    mailEnabled: false,
    mailNickname: "",
    membershipRule: null,
    membershipRuleProcessingState: null,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityEnabled: true,
    theme: null,
    visibility: null,
    writebackConfiguration: null,
  };
  return {
    kind: "group",
    id: rest.id ?? store.newId(),
    createdDateTime: store.timestamp(),
    owners,
    members: rest.members ?? new Set(),
    fields: merge(empty, fields),
  };
}

function groupRow(group: Group): Record<string, unknown> {
  return {
    id: group.id,
    classification: null,
    createdDateTime: group.createdDateTime,
    deletedDateTime: null,
    expirationDateTime: null,
    mail: null,
    onPremisesDomainName: null,
    onPremisesNetBiosName: null,
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: group.createdDateTime,
    ...group.fields,
  };
}

function check(store: TenantStore, fields: Group["fields"], self?: Group): void {
  if (fields.displayName === null || fields.displayName.trim() === "") {
    throw valueRequired("displayName", resourceType);
  }
  if (fields.mailNickname === "") {
    throw valueRequired("mailNickname", resourceType);
  }
  const character = nicknameRefused.exec(fields.mailNickname)?.[0];
  if (character !== undefined) {
    throw badRequest(`Invalid value specified for property 'mailNickname' of resource 'Group'. It contains '${character}'.`);
  }
  const twin = store
    .list("group")
    .find((one) => one !== self && one.fields.mailNickname.toLowerCase() === fields.mailNickname.toLowerCase());
  // mailNickname is unique among mail-enabled groups only; display names never are (hence the provider's preventDuplicateNames).
  if (twin !== undefined && fields.mailEnabled) {
    throw badRequest("Another object with the same value for property mailNickname already exists.");
  }
  const unified = fields.groupTypes.includes("Unified");
  if (fields.mailEnabled && !unified) {
    throw badRequest(
      "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
    );
  }
  if (!fields.mailEnabled && !fields.securityEnabled) {
    throw badRequest("A group must be mail-enabled, security-enabled, or both.");
  }
  if (fields.groupTypes.includes("DynamicMembership") && (fields.membershipRule ?? "") === "") {
    throw valueRequired("membershipRule", resourceType);
  }
}

function create(call: GraphCall): Group {
  const body = readBody(groupBody, call.body, resourceType);
  for (const field of ["mailEnabled", "mailNickname", "securityEnabled"] as const) {
    if (body[field] === undefined) {
      throw valueRequired(field, resourceType);
    }
  }
  const { "owners@odata.bind": owners = [], "members@odata.bind": members = [], ...fields } = body;
  const bound = (urls: string[], property: string): Set<string> => new Set(urls.map((url) => referenced(call, url, property).id));
  // group-post-groups: an application without owners@odata.bind makes a group that nobody owns; the provider always sends one.
  const made = newGroup(call.store, fields, bound(owners, "owners"), { members: bound(members, "members") });
  check(call.store, made.fields);
  return call.store.add(made);
}

function addMember(call: GraphCall): void {
  const group = found(call, "group", call.params["id"] ?? "");
  const member = referenced(call, readBody(referenceBody, call.body, "DirectoryObject")["@odata.id"], "members");
  if (member.kind === "application") {
    throw badRequest("The reference target 'Application' is invalid for the 'members' reference.");
  }
  if (group.fields.groupTypes.includes("DynamicMembership")) {
    throw badRequest("Insufficient privileges: the members of a dynamic group follow its rule.");
  }
  if (group.members.has(member.id)) {
    throw badRequest("One or more added object references already exist for the following modified properties: 'members'.");
  }
  if (member.id === group.id) {
    throw badRequest("A group cannot be a member of itself.");
  }
  group.members.add(member.id);
}

const selectable = ["id", "displayName", "userPrincipalName", "mail", "appId", "accountEnabled"];

/**
 * A collection of several types: `$select` takes a property that only some of them have, and `accountEnabled` comes only when it is
 * asked for (learn.microsoft.com/graph/api/group-list-members).
 */
function listMembers(call: GraphCall, members: readonly DirectoryObject[]): GraphAnswer {
  const { $select: wanted, ...query } = call.query;
  if (wanted === undefined) {
    return list(call, members.map(referenceRow), ["id", "displayName"]);
  }
  const unknown = wanted.split(",").find((name) => !selectable.includes(name));
  if (unknown !== undefined) {
    throw malformed(`Could not find a property named '${unknown}' on type 'microsoft.graph.directoryObject'.`);
  }
  const rows = members.map((member): Record<string, unknown> => {
    const row = { ...referenceRow(member), ...(member.kind === "user" && { accountEnabled: member.fields.accountEnabled }) };
    return Object.fromEntries(Object.entries(row).filter(([name]) => name.startsWith("@") || wanted.split(",").includes(name)));
  });
  const answer = list({ ...call, query }, rows, ["id"]);
  const { "@odata.nextLink": next, ...rest } = answer.body as { "@odata.nextLink"?: string };
  return { ...answer, body: next === undefined ? rest : { ...rest, "@odata.nextLink": `${next}&$select=${wanted}` } };
}

/** Everything in a group and in the groups within it, each once. */
function membersBelow(store: TenantStore, group: Group): Set<string> {
  const below = new Set<string>();
  const open = [...group.members];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id !== group.id && !below.has(id)) {
      below.add(id);
      const inner = store.readObject(id);
      open.push(...(inner?.kind === "group" ? inner.members : []));
    }
  }
  return below;
}

export const groupRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "groups",
    requires: readGroups,
    query: listOptions,
    handle: (call) => list(call, call.store.list("group").map(groupRow), filterable),
  },
  { method: "POST", path: "groups", requires: createGroups, handle: (call) => one(call, groupRow(create(call)), 201) },
  {
    method: "GET",
    path: "groups/:id",
    requires: readGroups,
    query: ["$select"],
    handle: (call) => one(call, groupRow(found(call, "group", call.params["id"] ?? ""))),
  },
  {
    method: "PATCH",
    path: "groups/:id",
    requires: writeGroups,
    handle: (call) => {
      const group = found(call, "group", call.params["id"] ?? "");
      const body = readBody(groupBody.omit({ "owners@odata.bind": true, "members@odata.bind": true }), call.body, resourceType);
      if (body.isAssignableToRole !== undefined && body.isAssignableToRole !== group.fields.isAssignableToRole) {
        throw badRequest("Property 'isAssignableToRole' can only be set at creation and is immutable.");
      }
      const fields = merge(group.fields, body);
      check(call.store, fields, group);
      group.fields = fields;
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: "groups/:id",
    requires: writeGroups,
    handle: (call) => {
      call.store.remove(found(call, "group", call.params["id"] ?? "").id);
      return noContent;
    },
  },
  {
    method: "GET",
    path: "groups/:id/members",
    requires: readGroups,
    query: listOptions,
    handle: (call) => {
      const group = found(call, "group", call.params["id"] ?? "");
      const members = [...group.members].flatMap((id) => call.store.readObject(id) ?? []);
      return listMembers(call, members);
    },
  },
  {
    method: "GET",
    path: "groups/:id/transitiveMembers/$count",
    requires: readGroups,
    query: [],
    handle: (call) => {
      if (call.headers?.["consistencylevel"] !== "eventual") {
        throw badRequest("$count is not currently supported.");
      }
      return { status: 200, body: String(membersBelow(call.store, found(call, "group", call.params["id"] ?? "")).size) };
    },
  },
  {
    method: "POST",
    path: "groups/:id/members/$ref",
    requires: writeMembers,
    handle: (call) => {
      addMember(call);
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: "groups/:id/members/:member/$ref",
    requires: writeMembers,
    handle: (call) => {
      const group = found(call, "group", call.params["id"] ?? "");
      const member = (call.params["member"] ?? "").toLowerCase();
      if (!group.members.delete(member)) {
        throw resourceNotFound(member);
      }
      return noContent;
    },
  },
  {
    method: "GET",
    path: "groups/:id/memberOf",
    requires: readGroups,
    query: listOptions,
    handle: (call) => {
      const group = found(call, "group", call.params["id"] ?? "");
      return list(call, groupsOf(call.store, group.id, false).map(referenceRow), ["id"]);
    },
  },
  ...ownerRoutes("groups", "group", readGroups, writeGroups),
];
