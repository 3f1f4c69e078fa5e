// okta:index/appGroupAssignments:AppGroupAssignments — the requests of terraform-provider-okta resource_okta_app_group_assignments.go.
import { integer, list, object, text } from "../../provider/schema";
import { defined, numberOf, objectOf, objectsOf, parseJson, sortedJson, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type OktaClient } from "../client";

const assignment = (appId: string, groupId: string): string => `/api/v1/apps/${appId}/groups/${groupId}`;

async function assign(client: OktaClient, appId: string, group: Properties): Promise<void> {
  const id = textOf(group.id) ?? "";
  const profile = textOf(group.profile);
  await client.send(
    "PUT",
    assignment(appId, id),
    defined({
      id,
      priority: numberOf(group.priority) || undefined,
      profile: profile ? parseJson(profile, `groups: profile of ${id}`) : {},
    }),
  );
}

/** What differs only by attributes that the vendor added empty is the same profile. */
function profileText(found: Properties, known: string | undefined): string {
  const filled = sortedJson(Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null)));
  if (known === undefined) {
    return filled;
  }
  return sortedJson(parseJson(known, "profile")) === filled ? known : filled;
}

/** All groups that are assigned to the app count: one that somebody else assigned is drift. Known groups keep their order. */
function groupsState(found: Properties[], known: Properties[]): Properties[] {
  const order = new Map(known.map((group, index) => [textOf(group.id) ?? "", index]));
  const rank = (group: Properties): number => order.get(textOf(group.id) ?? "") ?? known.length;
  return [...found]
    .sort((left, right) => rank(left) - rank(right))
    .map((group) => {
      const before = known[rank(group)];
      return defined({
        id: group.id ?? "",
        profile: profileText(objectOf(group.profile), textOf(before?.profile)),
        // Okta numbers every assignment.
        priority: numberOf(group.priority),
      });
    });
}

async function readState(client: OktaClient, appId: string, known: Properties[]): Promise<Properties | undefined> {
  const found = await client.list(`/api/v1/apps/${appId}/groups?limit=200`).catch(undefinedIfGone);
  return found && { appId, groups: groupsState(found, known) };
}

export const appGroupAssignments: ResourceType<OktaClient> = {
  properties: {
    appId: text({ required: true, forceNew: true }),
    groups: list(object({ id: text({ required: true }), profile: text({ required: true }), priority: integer({ computed: true }) })),
  },
  async create(client, inputs, created) {
    const appId = textOf(inputs.appId) ?? "";
    const groups = objectsOf(inputs.groups);
    for (const group of groups) {
      await assign(client, appId, group);
    }
    created(appId);
    return { id: appId, state: (await readState(client, appId, groups)) ?? {} };
  },
  async read(client, id, state) {
    const found = await readState(client, id, objectsOf(state.groups));
    return found && { state: found };
  },
  async update(client, id, state, inputs) {
    const groups = objectsOf(inputs.groups);
    const kept = new Set(groups.map((group) => group.id));
    for (const group of objectsOf(state.groups)) {
      if (!kept.has(group.id ?? "")) {
        await client.send("DELETE", assignment(id, textOf(group.id) ?? "")).catch(undefinedIfGone);
      }
    }
    // Every remaining one is put again, changed or not.
    for (const group of groups) {
      await assign(client, id, group);
    }
    return (await readState(client, id, groups)) ?? {};
  },
  async delete(client, id, state) {
    for (const group of objectsOf(state.groups)) {
      await client.send("DELETE", assignment(id, textOf(group.id) ?? "")).catch(undefinedIfGone);
    }
  },
};
