import { badRequest, resourceNotFound } from "./errors";
import { listOptions, found, list, noContent, readBody, referenced, requireOwnership, type Route } from "./call";
import type { DirectoryObject } from "./entities";
import type { Requirement } from "./permissions";
import { referenceBody } from "./shapes";

/** How an object appears in a collection of directory objects: its type, its id and the fields that name it. */
export function referenceRow(object: DirectoryObject): Record<string, unknown> {
  const name = object.kind === "servicePrincipal" ? { appId: object.appId } : { displayName: object.fields.displayName };
  const login = object.kind === "user" ? { userPrincipalName: object.fields.userPrincipalName, mail: object.fields.mail } : {};
  return { "@odata.type": `#microsoft.graph.${object.kind}`, id: object.id, ...name, ...login };
}

type Owned = "application" | "servicePrincipal" | "group";

/** `/{collection}/{id}/owners`: list, add and remove, the same for the three kinds that have owners. */
export function ownerRoutes(collection: string, kind: Owned, reads: Requirement, writes: Requirement): readonly Route[] {
  return [
    {
      method: "GET",
      path: `${collection}/:id/owners`,
      requires: reads,
      query: listOptions,
      handle: (call) => {
        const object = found(call, kind, call.params["id"] ?? "");
        const owners = [...object.owners].flatMap((id) => call.store.readObject(id) ?? []);
        return list(call, owners.map(referenceRow), ["id"]);
      },
    },
    {
      method: "POST",
      path: `${collection}/:id/owners/$ref`,
      requires: writes,
      handle: (call) => {
        const object = found(call, kind, call.params["id"] ?? "");
        if (kind !== "group") {
          requireOwnership(call, object);
        }
        const owner = referenced(call, readBody(referenceBody, call.body, "DirectoryObject")["@odata.id"], "owners");
        if (owner.kind === "group") {
          throw badRequest("The reference target 'Group' is invalid for the 'owners' reference.");
        }
        if (object.owners.has(owner.id)) {
          throw badRequest("One or more added object references already exist for the following modified properties: 'owners'.");
        }
        object.owners.add(owner.id);
        return noContent;
      },
    },
    {
      method: "DELETE",
      path: `${collection}/:id/owners/:owner/$ref`,
      requires: writes,
      handle: (call) => {
        const object = found(call, kind, call.params["id"] ?? "");
        if (kind !== "group") {
          requireOwnership(call, object);
        }
        const owner = (call.params["owner"] ?? "").toLowerCase();
        if (!object.owners.has(owner)) {
          throw resourceNotFound(owner);
        }
        // group-delete-owners: "the last owner (a user object) of the group cannot be removed".
        if (kind === "group" && object.owners.size === 1 && call.store.readObject(owner)?.kind === "user") {
          throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
        }
        object.owners.delete(owner);
        return noContent;
      },
    },
  ];
}
