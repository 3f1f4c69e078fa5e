// Owners and members of a directory object, by `$ref` requests.
import { textOf } from "../provider/json";
import type { Properties } from "../provider/values";
import { undefinedIfGone, whenNotFound, type GraphClient } from "./client";

/** Ids in a collection of directory objects, sorted. */
export async function idsOf(client: GraphClient, path: string): Promise<string[]> {
  return (await client.list(path)).map((object) => textOf(object.id) ?? "").sort();
}

/** `@odata.bind` of a new object: 20 at most, and always the caller, who is taken away again when not wanted. */
export function bindOwners(client: GraphClient, version: "v1.0" | "beta", owners: readonly string[]): Properties {
  const ids = [client.callerId, ...owners.filter((id) => id !== client.callerId)].slice(0, 20);
  return { "owners@odata.bind": ids.map((id) => client.reference(version, id)) };
}

/** Brings `path` (`/v1.0/applications/<id>/owners`) from one list of ids to another: additions first, so that it is never empty. */
export async function changeReferences(
  client: GraphClient,
  version: "v1.0" | "beta",
  path: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const id of after.filter((wanted) => !before.includes(wanted))) {
    await client.send("POST", `${path}/$ref`, { "@odata.id": client.reference(version, id) }, whenNotFound);
  }
  for (const id of before.filter((had) => !after.includes(had))) {
    await client.send("DELETE", `${path}/${id}/$ref`).catch(undefinedIfGone);
  }
}

/** After a creation with `bindOwners`: the owners beyond 20 come, and the caller goes when nobody wants it. */
export async function settleOwners(client: GraphClient, path: string, owners: readonly string[]): Promise<void> {
  const bound = [client.callerId, ...owners.filter((id) => id !== client.callerId)].slice(0, 20);
  await changeReferences(client, "v1.0", path, bound, owners);
}
