// okta:index/groupMemberships:GroupMemberships — the requests of terraform-provider-okta resource_okta_group_memberships.go.
import { flag, set, text } from "../../provider/schema";
import { textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import { undefinedIfGone, type OktaClient } from "../client";

const membersWait = 10_000;

async function memberIds(client: OktaClient, groupId: string): Promise<string[]> {
  const users = await client.list(`/api/v1/groups/${groupId}/users?limit=200`);
  return users.map((user) => textOf(user.id) ?? "").sort();
}

const membership = (groupId: string, userId: string): string => `/api/v1/groups/${groupId}/users/${userId}`;

/** Removal of somebody who is no member any more is a success. */
async function removeMember(client: OktaClient, groupId: string, userId: string): Promise<void> {
  await client.send("DELETE", membership(groupId, userId)).catch(undefinedIfGone);
}

export const groupMemberships: ResourceType<OktaClient> = {
  properties: {
    groupId: text({ required: true, forceNew: true }),
    users: set(text(), { required: true }),
    trackAllUsers: flag({ default: false }),
  },
  async create(client, inputs) {
    const groupId = textOf(inputs.groupId) ?? "";
    const users = textsOf(inputs.users);
    for (const user of users) {
      await client.send("PUT", membership(groupId, user));
    }
    const deadline = Date.now() + membersWait;
    while (users.length > 0 && (await memberIds(client, groupId)).length === 0) {
      if (Date.now() > deadline) {
        throw new Error(`group ${groupId}: expected ${users.length} members, still none after 10 s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return { id: groupId, state: {} };
  },
  async read(client, id, state) {
    // An import names the group, and after a slash whether all its members are to be tracked.
    const [groupId = id, trackAll] = id.split("/");
    const members = await memberIds(client, groupId).catch(undefinedIfGone);
    if (!members) {
      return undefined;
    }
    const trackAllUsers = state.trackAllUsers ?? trackAll === "true";
    const known = textsOf(state.users);
    // Without trackAllUsers, members that others added are not seen (memberships.go lines 155-170).
    const users = trackAllUsers || known.length === 0 ? members : known.filter((user) => members.includes(user));
    return { id: groupId, state: { groupId, users, trackAllUsers } };
  },
  async update(client, id, state, inputs) {
    const [before, after] = [textsOf(state.users), textsOf(inputs.users)];
    // The official plugin swallows the failures of these requests, and claims the members all the same
    // (memberships.go lines 197-205). A stand-in that hid them would hide a fault of the program under test: it does not.
    for (const user of after.filter((wanted) => !before.includes(wanted))) {
      await client.send("PUT", membership(id, user));
    }
    for (const user of before.filter((had) => !after.includes(had))) {
      await removeMember(client, id, user);
    }
    return {};
  },
  async delete(client, id, state) {
    for (const user of textsOf(state.users)) {
      await removeMember(client, id, user);
    }
  },
};
