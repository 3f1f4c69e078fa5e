// azuread:index/group:Group — all on /beta, as group_resource.go has it.
import { randomUUID } from "node:crypto";
import { flag, notImplemented, object, set, text } from "../../provider/schema";
import { objectOf, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import { filtered, objectId, unescaped, whenNotFound, type GraphClient } from "../client";
import { changeReferences, idsOf } from "../owners";
import { probeByRenaming } from "./application";
import { orNull } from "./application-schema";

async function refuseDuplicate(client: GraphClient, inputs: Properties): Promise<void> {
  if (inputs.preventDuplicateNames !== true) {
    return;
  }
  const name = textOf(inputs.displayName) ?? "";
  const [twin] = await client.list(filtered("/beta/groups", `displayName eq ${unescaped(name)}`));
  if (twin) {
    throw new Error(
      `a group named ${JSON.stringify(name)} already exists with object id ${textOf(twin.id) ?? ""}: import it, or name this one differently`,
    );
  }
}

async function readState(client: GraphClient, id: string, known: Properties): Promise<Properties | undefined> {
  const path = `/beta/groups/${id}`;
  const found = await client.find(path);
  if (!found) {
    return undefined;
  }
  const owners = await idsOf(client, `${path}/owners`);
  const members = await idsOf(client, `${path}/members`);
  // Asked for administrative units, of which the lab has none.
  await client.list(`${path}/memberOf`);
  const value = (key: string): Value => textOf(found[key]) ?? "";
  const rule = textOf(found.membershipRule);
  return {
    assignableToRole: found.isAssignableToRole === true,
    behaviors: textsOf(found.resourceBehaviorOptions),
    description: value("description"),
    displayName: value("displayName"),
    dynamicMembership: rule || known.dynamicMembership ? { enabled: found.membershipRuleProcessingState === "On", rule: rule ?? "" } : null,
    mail: value("mail"),
    mailEnabled: found.mailEnabled === true,
    mailNickname: value("mailNickname"),
    members,
    objectId: value("id"),
    onpremisesDomainName: value("onPremisesDomainName"),
    onpremisesNetbiosName: value("onPremisesNetBiosName"),
    onpremisesSamAccountName: value("onPremisesSamAccountName"),
    onpremisesSecurityIdentifier: value("onPremisesSecurityIdentifier"),
    onpremisesSyncEnabled: found.onPremisesSyncEnabled === true,
    owners,
    preferredLanguage: value("preferredLanguage"),
    provisioningOptions: textsOf(found.resourceProvisioningOptions),
    proxyAddresses: textsOf(found.proxyAddresses),
    securityEnabled: found.securityEnabled === true,
    theme: value("theme"),
    types: textsOf(found.groupTypes),
    visibility: value("visibility"),
  };
}

/** Each declared owner is looked up to sort it; the official plugin asks once for every type it tries. */
async function lookUpOwners(client: GraphClient, owners: readonly string[]): Promise<void> {
  for (const id of owners.filter((owner) => owner !== client.callerId)) {
    for (let tried = 0; tried < 3; tried++) {
      await client.send("GET", `/v1.0/directoryObjects/${id}`, undefined, whenNotFound);
    }
  }
}

function newBody(client: GraphClient, inputs: Properties, owners: readonly string[]): Properties {
  const dynamic = objectOf(inputs.dynamicMembership);
  const rule = textOf(dynamic.rule);
  return {
    "@odata.type": "#microsoft.graph.group",
    description: orNull(inputs.description),
    displayName: inputs.displayName ?? "",
    groupTypes: textsOf(inputs.types),
    isAssignableToRole: inputs.assignableToRole === true,
    mailEnabled: inputs.mailEnabled === true,
    mailNickname: textOf(inputs.mailNickname) ?? randomUUID().slice(0, 10),
    membershipRule: rule ?? null,
    ...(rule ? { membershipRuleProcessingState: dynamic.enabled === true ? "On" : "Paused" } : {}),
    "owners@odata.bind": owners.map((id) => client.reference("beta", id)),
    resourceBehaviorOptions: textsOf(inputs.behaviors),
    resourceProvisioningOptions: textsOf(inputs.provisioningOptions),
    securityEnabled: inputs.securityEnabled === true,
  };
}

export const group: ResourceType<GraphClient> = {
  properties: {
    administrativeUnitIds: notImplemented,
    assignableToRole: flag({ forceNew: true }),
    autoSubscribeNewMembers: { ...notImplemented, computed: true },
    behaviors: set(text(), { forceNew: true }),
    description: text(),
    displayName: text({ required: true }),
    dynamicMembership: object({ enabled: flag({ required: true }), rule: text({ required: true }) }),
    externalSendersAllowed: { ...notImplemented, computed: true },
    hideFromAddressLists: { ...notImplemented, computed: true },
    hideFromOutlookClients: { ...notImplemented, computed: true },
    mail: text({ outputOnly: true }),
    mailEnabled: flag(),
    mailNickname: text({ computed: true, forceNew: true }),
    members: set(text(), { computed: true }),
    objectId: text({ outputOnly: true }),
    onpremisesDomainName: text({ outputOnly: true }),
    onpremisesGroupType: { ...notImplemented, computed: true },
    onpremisesNetbiosName: text({ outputOnly: true }),
    onpremisesSamAccountName: text({ outputOnly: true }),
    onpremisesSecurityIdentifier: text({ outputOnly: true }),
    onpremisesSyncEnabled: flag({ outputOnly: true }),
    owners: set(text(), { computed: true }),
    preferredLanguage: text({ outputOnly: true }),
    preventDuplicateNames: flag({ default: false }),
    provisioningOptions: set(text(), { forceNew: true }),
    proxyAddresses: { type: "list", element: text(), outputOnly: true },
    securityEnabled: flag(),
    theme: notImplemented,
    types: set(text({ allowed: ["DynamicMembership", "Unified"] }), { forceNew: true }),
    visibility: text({ computed: true, allowed: ["Private", "Public", "Hiddenmembership"] }),
    writebackEnabled: notImplemented,
  },
  validate(inputs) {
    if (inputs.mailEnabled === true || inputs.securityEnabled === true || typeof inputs.securityEnabled === "symbol") {
      return [];
    }
    return [{ property: "securityEnabled", reason: "securityEnabled: one of mailEnabled and securityEnabled must be true" }];
  },
  async create(client, inputs, created) {
    await refuseDuplicate(client, inputs);
    const declared = textsOf(inputs.owners);
    await lookUpOwners(client, declared);
    // The first 20 owners; the caller alone when none is declared.
    const owners = declared.length > 0 ? declared.slice(0, 20) : [client.callerId];
    const made = await client.send("POST", "/beta/groups", newBody(client, inputs, owners));
    const id = textOf(made.id) ?? "";
    created(`/groups/${id}`);
    const path = `/beta/groups/${id}`;
    const name = textOf(inputs.displayName) ?? "";
    await probeByRenaming(client, path, "#microsoft.graph.group", name);
    await client.confirm(path, (found) => found?.displayName === name);
    await changeReferences(client, "beta", `${path}/owners`, owners, declared.length > 0 ? declared : owners);
    await changeReferences(client, "beta", `${path}/members`, [], textsOf(inputs.members));
    return { id: `/groups/${id}`, state: (await readState(client, id, inputs)) ?? {} };
  },
  async read(client, id, state) {
    const found = await readState(client, objectId(id), state);
    return found && { state: found };
  },
  async update(client, id, state, inputs) {
    const path = `/beta/groups/${objectId(id)}`;
    if (inputs.displayName !== state.displayName) {
      await refuseDuplicate(client, inputs);
    }
    await client.send("PATCH", path, {
      "@odata.type": "#microsoft.graph.group",
      description: textOf(inputs.description) ?? "",
      displayName: inputs.displayName ?? "",
      mailEnabled: inputs.mailEnabled === true,
      membershipRule: orNull(objectOf(inputs.dynamicMembership).rule),
      securityEnabled: inputs.securityEnabled === true,
    });
    for (const property of ["members", "owners"]) {
      if (!Array.isArray(inputs[property])) {
        continue;
      }
      const collection = `${path}/${property}`;
      await changeReferences(client, "beta", collection, await idsOf(client, collection), textsOf(inputs[property]));
    }
    return (await readState(client, objectId(id), inputs)) ?? {};
  },
  async delete(client, id) {
    const path = `/beta/groups/${objectId(id)}`;
    if ((await client.find(path)) === undefined) {
      return;
    }
    await client.send("DELETE", path);
    await client.confirm(path, (found) => found === undefined);
  },
};
