// The azuread provider's functions — the requests of its client_config, user, users and group data sources.
import { createHash } from "node:crypto";
import { flag, list, text } from "../provider/schema";
import { objectOf, textOf, textsOf } from "../provider/json";
import type { Lookup } from "../provider/table";
import type { Properties, Value } from "../provider/values";
import { filtered, quoted, unescaped, type GraphClient } from "./client";
import { getServicePrincipal } from "./lookup-service-principal";
import { onlyOne } from "./only-one";
import { idsOf } from "./owners";

/** No request of its own: the token says who calls. */
const getClientConfig: Lookup<GraphClient> = {
  inputs: {},
  call(client) {
    const { tenantId, clientId } = client.config;
    return Promise.resolve({ clientId, id: `${tenantId}-${clientId}-${client.callerId}`, objectId: client.callerId, tenantId });
  },
};

const userKeys = ["userPrincipalName", "objectId", "mailNickname", "mail", "employeeId"];

async function oneUser(client: GraphClient, key: string, value: string): Promise<Properties | undefined> {
  if (key === "objectId") {
    return client.find(`/v1.0/users/${encodeURIComponent(value)}`);
  }
  const users = await client.list(filtered("/v1.0/users", `${key} eq ${quoted(value)}`));
  if (users.length > 1) {
    throw new Error(`more than one user found with ${key}: ${JSON.stringify(value)}`);
  }
  return users[0];
}

const getUser: Lookup<GraphClient> = {
  inputs: Object.fromEntries(userKeys.map((key) => [key, text()])),
  async call(client, inputs) {
    const { key, value } = onlyOne("azuread:index/getUser:getUser", inputs, userKeys);
    const found = await oneUser(client, key, value);
    if (!found) {
      throw new Error(`user with ${key} ${JSON.stringify(value)} was not found`);
    }
    // Asked again with the fields by name, since what Graph sends unasked changes (user_data_source.go).
    const select = new URLSearchParams({ $select: userSelect.join(",") }).toString();
    const user = await client.send("GET", `/v1.0/users/${textOf(found.id) ?? ""}?${select}`);
    const manager = await client.find(`/v1.0/users/${textOf(user.id) ?? ""}/manager`);
    return { ...userResult(user), managerId: manager?.id ?? "" };
  },
};

const userTexts = {
  ageGroup: "ageGroup",
  city: "city",
  companyName: "companyName",
  consentProvidedForMinor: "consentProvidedForMinor",
  country: "country",
  creationType: "creationType",
  department: "department",
  displayName: "displayName",
  employeeHireDate: "employeeHireDate",
  employeeId: "employeeId",
  employeeType: "employeeType",
  externalUserState: "externalUserState",
  faxNumber: "faxNumber",
  givenName: "givenName",
  jobTitle: "jobTitle",
  mail: "mail",
  mailNickname: "mailNickname",
  mobilePhone: "mobilePhone",
  objectId: "id",
  officeLocation: "officeLocation",
  onpremisesDistinguishedName: "onPremisesDistinguishedName",
  onpremisesDomainName: "onPremisesDomainName",
  onpremisesImmutableId: "onPremisesImmutableId",
  onpremisesSamAccountName: "onPremisesSamAccountName",
  onpremisesSecurityIdentifier: "onPremisesSecurityIdentifier",
  onpremisesUserPrincipalName: "onPremisesUserPrincipalName",
  postalCode: "postalCode",
  preferredLanguage: "preferredLanguage",
  state: "state",
  streetAddress: "streetAddress",
  surname: "surname",
  usageLocation: "usageLocation",
  userPrincipalName: "userPrincipalName",
  userType: "userType",
} as const;

/** `$select` of getUser, field by field as user_data_source.go has it. */
const userSelect = [
  ...new Set<string>([
    ...["accountEnabled", "businessPhones", "employeeOrgData", "imAddresses", "onPremisesSyncEnabled", "otherMails", "proxyAddresses"],
    ...["showInAddressList", ...Object.values(userTexts)],
  ]),
].sort();

function userResult(user: Properties): Properties {
  const organisation = objectOf(user.employeeOrgData);
  return {
    ...Object.fromEntries(Object.entries(userTexts).map(([key, field]): [string, Value] => [key, textOf(user[field]) ?? ""])),
    accountEnabled: user.accountEnabled === true,
    id: `/users/${textOf(user.id) ?? ""}`,
    businessPhones: textsOf(user.businessPhones),
    costCenter: textOf(organisation.costCenter) ?? "",
    division: textOf(organisation.division) ?? "",
    imAddresses: textsOf(user.imAddresses),
    onpremisesSyncEnabled: user.onPremisesSyncEnabled === true,
    otherMails: textsOf(user.otherMails),
    proxyAddresses: textsOf(user.proxyAddresses),
    showInAddressList: user.showInAddressList === true,
  };
}

const usersSelect = [
  ...["accountEnabled", "displayName", "employeeId", "id", "mail", "mailNickname", "onPremisesImmutableId"],
  ...["onPremisesSamAccountName", "onPremisesUserPrincipalName", "usageLocation", "userPrincipalName", "userType"],
];
const usersKeys = {
  userPrincipalNames: "userPrincipalName",
  objectIds: "objectId",
  mailNicknames: "mailNickname",
  mails: "mail",
  employeeIds: "employeeId",
} as const;

const getUsers: Lookup<GraphClient> = {
  inputs: { ...Object.fromEntries(Object.keys(usersKeys).map((key) => [key, list(text())])), ignoreMissing: flag(), returnAll: flag() },
  async call(client, inputs) {
    const users = await manyUsers(client, inputs);
    const column = (field: string): string[] => users.flatMap((user) => textOf(user[field]) ?? []);
    const names = column("userPrincipalName");
    return {
      employeeIds: column("employeeId"),
      id: `users#${createHash("sha1").update(names.join("/")).digest("base64url")}`,
      mailNicknames: column("mailNickname"),
      mails: column("mail"),
      objectIds: column("id"),
      userPrincipalNames: names,
      users: users.map((user) => {
        const { accountEnabled, displayName, employeeId, mail, mailNickname, objectId, usageLocation, userPrincipalName, ...rest } =
          userResult(user);
        const { onpremisesImmutableId, onpremisesSamAccountName, onpremisesUserPrincipalName } = rest;
        return {
          ...{ accountEnabled, displayName, employeeId, mail, mailNickname, objectId, usageLocation, userPrincipalName },
          ...{ onpremisesImmutableId, onpremisesSamAccountName, onpremisesUserPrincipalName },
        } as Properties;
      }),
    };
  },
};

async function manyUsers(client: GraphClient, inputs: Properties): Promise<Properties[]> {
  const select = new URLSearchParams({ $select: usersSelect.join(",") }).toString();
  if (inputs.returnAll === true) {
    return client.list(`/v1.0/users?${select}`);
  }
  const [entry] = Object.entries(usersKeys).filter(([key]) => textsOf(inputs[key]).length > 0);
  if (!entry) {
    throw new Error(`azuread:index/getUsers:getUsers: expected one of ${Object.keys(usersKeys).join(", ")}, returnAll; got none`);
  }
  const found: Properties[] = [];
  for (const value of textsOf(inputs[entry[0]])) {
    const user =
      entry[1] === "objectId"
        ? await client.find(`/v1.0/users/${value}?${select}`)
        : (await client.list(filtered("/v1.0/users", `${entry[1]} eq ${quoted(value)}`, usersSelect)))[0];
    if (user) {
      found.push(user);
    } else if (inputs.ignoreMissing !== true) {
      throw new Error(`user with ${entry[1]} ${JSON.stringify(value)} was not found`);
    }
  }
  return found;
}

const groupKeys = ["displayName", "mailNickname", "objectId"];

const getGroup: Lookup<GraphClient> = {
  inputs: {
    displayName: text(),
    includeTransitiveMembers: { type: "boolean", notImplemented: true },
    mailEnabled: flag(),
    mailNickname: text(),
    objectId: text(),
    securityEnabled: flag(),
  },
  async call(client, inputs) {
    const { key, value } = onlyOne("azuread:index/getGroup:getGroup", inputs, groupKeys);
    const found = await findGroup(client, inputs, key, value);
    const id = textOf(found.id) ?? "";
    const members = await idsOf(client, `/beta/groups/${id}/members`);
    const owners = await idsOf(client, `/beta/groups/${id}/owners`);
    const word = (field: string): string => textOf(found[field]) ?? "";
    const rule = textOf(found.membershipRule);
    return {
      assignableToRole: found.isAssignableToRole === true,
      autoSubscribeNewMembers: false,
      behaviors: textsOf(found.resourceBehaviorOptions),
      description: word("description"),
      displayName: word("displayName"),
      dynamicMemberships: [{ enabled: found.membershipRuleProcessingState !== "Paused", rule: rule ?? "" }],
      externalSendersAllowed: false,
      hideFromAddressLists: false,
      hideFromOutlookClients: false,
      id: `/groups/${id}`,
      mail: word("mail"),
      mailEnabled: found.mailEnabled === true,
      mailNickname: word("mailNickname"),
      members,
      objectId: id,
      onpremisesDomainName: word("onPremisesDomainName"),
      onpremisesGroupType: textOf(objectOf(found.writebackConfiguration).onPremisesGroupType) ?? "",
      onpremisesNetbiosName: word("onPremisesNetBiosName"),
      onpremisesSamAccountName: word("onPremisesSamAccountName"),
      onpremisesSecurityIdentifier: word("onPremisesSecurityIdentifier"),
      onpremisesSyncEnabled: found.onPremisesSyncEnabled === true,
      owners,
      preferredLanguage: word("preferredLanguage"),
      provisioningOptions: textsOf(found.resourceProvisioningOptions),
      proxyAddresses: textsOf(found.proxyAddresses),
      securityEnabled: found.securityEnabled === true,
      theme: word("theme"),
      types: textsOf(found.groupTypes),
      visibility: word("visibility"),
      writebackEnabled: objectOf(found.writebackConfiguration).isEnabled === true,
    };
  },
};

async function findGroup(client: GraphClient, inputs: Properties, key: string, value: string): Promise<Properties> {
  if (key === "objectId") {
    const group = await client.find(`/beta/groups/${value}`);
    if (!group) {
      throw new Error(`no group found with object ID: ${JSON.stringify(value)}`);
    }
    for (const kind of ["mailEnabled", "securityEnabled"]) {
      if (typeof inputs[kind] === "boolean" && group[kind] !== inputs[kind]) {
        throw new Error(`group ${value}: expected ${kind} ${String(inputs[kind])}, got ${String(group[kind] === true)}`);
      }
    }
    return group;
  }
  const kinds = ["mailEnabled", "securityEnabled"].flatMap((kind) =>
    typeof inputs[kind] === "boolean" ? [`${kind} eq ${String(inputs[kind])}`] : [],
  );
  const filter = [`${key} eq ${unescaped(value)}`, ...kinds].join(" and ");
  const groups = await client.list(filtered("/beta/groups", filter));
  const [group] = groups;
  if (!group) {
    throw new Error(`no group found matching specified filter (${filter})`);
  }
  if (groups.length > 1) {
    throw new Error(`more than one group found matching specified filter (${filter})`);
  }
  return group;
}

export const functions: Record<string, Lookup<GraphClient>> = {
  "azuread:index/getClientConfig:getClientConfig": getClientConfig,
  "azuread:index/getGroup:getGroup": getGroup,
  "azuread:index/getServicePrincipal:getServicePrincipal": getServicePrincipal,
  "azuread:index/getUser:getUser": getUser,
  "azuread:index/getUsers:getUsers": getUsers,
};
