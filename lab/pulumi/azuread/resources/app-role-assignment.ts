// azuread:index/appRoleAssignment:AppRoleAssignment — the requests of app_role_assignment_resource.go.
import { text } from "../../provider/schema";
import { textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type GraphClient, type RetryWhen } from "../client";

/** A new group or principal is not at once known everywhere. */
const whenNew: RetryWhen = ({ status, message }) => status === 404 || (status === 400 && message.includes("Not a valid reference update"));

async function readState(client: GraphClient, id: string): Promise<Properties | undefined> {
  const found = await client.find(`/v1.0${id}`);
  return (
    found && {
      appRoleId: found.appRoleId ?? "",
      principalDisplayName: textOf(found.principalDisplayName) ?? "",
      principalObjectId: found.principalId ?? "",
      principalType: textOf(found.principalType) ?? "",
      resourceDisplayName: textOf(found.resourceDisplayName) ?? "",
      resourceObjectId: found.resourceId ?? "",
    }
  );
}

export const appRoleAssignment: ResourceType<GraphClient> = {
  properties: {
    appRoleId: text({ required: true, forceNew: true }),
    principalDisplayName: text({ outputOnly: true }),
    principalObjectId: text({ required: true, forceNew: true }),
    principalType: text({ outputOnly: true }),
    resourceDisplayName: text({ outputOnly: true }),
    resourceObjectId: text({ required: true, forceNew: true }),
  },
  async create(client, inputs, created) {
    const resourceId = textOf(inputs.resourceObjectId) ?? "";
    const path = `/servicePrincipals/${resourceId}`;
    await client.send("GET", `/v1.0${path}`);
    const body: Properties = {
      "@odata.type": "#microsoft.graph.appRoleAssignment",
      appRoleId: inputs.appRoleId ?? "",
      principalId: inputs.principalObjectId ?? "",
      resourceId,
    };
    const made = await client.send("POST", `/v1.0${path}/appRoleAssignedTo`, body, whenNew);
    const id = `${path}/appRoleAssignedTo/${textOf(made.id) ?? ""}`;
    created(id);
    return { id, state: (await readState(client, id)) ?? {} };
  },
  async read(client, id) {
    const state = await readState(client, id);
    return state && { state };
  },
  async delete(client, id) {
    await client.send("DELETE", `/v1.0${id}`).catch(undefinedIfGone);
  },
};
