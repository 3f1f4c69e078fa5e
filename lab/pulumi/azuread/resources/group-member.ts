// azuread:index/groupMember:GroupMember — the requests of group_member_resource.go.
import { text } from "../../provider/schema";
import { textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import { filtered, quoted, undefinedIfGone, whenNotFound, type GraphClient } from "../client";
import { idsOf } from "../owners";

function parts(id: string): [string, string] {
  const [group = "", kind, member = ""] = id.split("/");
  if (kind !== "member" || member === "") {
    throw new Error(`group member id: expected <group object id>/member/<object id>, got ${id}`);
  }
  return [group, member];
}

async function isMember(client: GraphClient, group: string, member: string): Promise<boolean> {
  const found = await client.list(filtered(`/beta/groups/${group}/members`, `id eq ${quoted(member)}`)).catch(undefinedIfGone);
  return (found ?? []).length > 0;
}

export const groupMember: ResourceType<GraphClient> = {
  properties: {
    groupObjectId: text({ required: true, forceNew: true }),
    memberObjectId: text({ required: true, forceNew: true }),
  },
  create(client, inputs) {
    const [group, member] = [textOf(inputs.groupObjectId) ?? "", textOf(inputs.memberObjectId) ?? ""];
    const path = `/beta/groups/${group}`;
    return client.oneAtATime(group, async () => {
      await client.send("GET", path);
      const id = `${group}/member/${member}`;
      if ((await idsOf(client, `${path}/members`)).includes(member)) {
        throw new Error(`group member ${id} already exists: import it to manage it`);
      }
      await client.send("POST", `${path}/members/$ref`, { "@odata.id": client.reference("beta", member) }, whenNotFound);
      return { id, state: { groupObjectId: group, memberObjectId: member } };
    });
  },
  async read(client, id) {
    const [group, member] = parts(id);
    return (await isMember(client, group, member)) ? { state: { groupObjectId: group, memberObjectId: member } } : undefined;
  },
  delete(client, id) {
    const [group, member] = parts(id);
    return client.oneAtATime(group, async () => {
      await client.send("DELETE", `/beta/groups/${group}/members/${member}/$ref`).catch(undefinedIfGone);
    });
  },
};
