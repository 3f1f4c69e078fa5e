// azuread:index/application:Application — the requests of terraform-provider-azuread application_resource.go.
import { randomUUID } from "node:crypto";
import { objectOf, objectsOf, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import { equal, type Properties } from "../../provider/values";
import { filtered, objectId, unescaped, whenNotFoundOrConflict, type GraphClient } from "../client";
import { bindOwners, changeReferences, idsOf, settleOwners } from "../owners";
import {
  commonBody,
  optionalClaimsBody,
  properties,
  resourceAccessBody,
  roleBody,
  scopeBody,
  validateRedirectUris,
} from "./application-schema";
import { applicationState } from "./application-state";

async function refuseDuplicate(client: GraphClient, inputs: Properties): Promise<void> {
  if (inputs.preventDuplicateNames !== true) {
    return;
  }
  const name = textOf(inputs.displayName) ?? "";
  const [twin] = await client.list(filtered("/v1.0/applications", `displayName eq ${unescaped(name)}`));
  if (twin) {
    throw new Error(
      `an application named ${JSON.stringify(name)} already exists with object id ${textOf(twin.id) ?? ""}: import it, or name this one differently`,
    );
  }
}

async function readState(client: GraphClient, id: string, known: Properties): Promise<Properties | undefined> {
  const path = `applications/${id}`;
  const app = await client.find(`/v1.0/${path}`);
  if (!app) {
    return undefined;
  }
  const beta = await client.send("GET", `/beta/${path}?${new URLSearchParams({ $select: "oauth2RequirePostResponse" }).toString()}`);
  const owners = await idsOf(client, `/v1.0/${path}/owners`);
  return applicationState(app, owners, beta.oauth2RequirePostResponse === true, known);
}

/** A temporary name and back: the official plugin's probe for replication, which a watcher of the directory sees (trap T25). */
export async function probeByRenaming(client: GraphClient, path: string, type: string, displayName: string): Promise<void> {
  for (const name of [`TERRAFORM_UPDATE_${randomUUID()}`, displayName]) {
    await client.send("PATCH", path, { "@odata.type": type, displayName: name }, whenNotFoundOrConflict);
  }
}

/** What goes or changes is disabled first, or Graph refuses it (CannotDeleteOrUpdateEnabledEntitlement). */
async function disableChanged(client: GraphClient, path: string, inputs: Properties): Promise<void> {
  const app = await client.send("GET", path);
  const disable = (found: Properties[], wanted: Properties[]): Properties[] =>
    found.map((one) => (wanted.some((other) => other.id === one.id && other.value === one.value) ? one : { ...one, isEnabled: false }));
  const appRoles = disable(objectsOf(app.appRoles), objectsOf(roleBody(inputs.appRoles)));
  const oauth2PermissionScopes = disable(objectsOf(objectOf(app.api).oauth2PermissionScopes), objectsOf(scopeBody(inputs)));
  await client.send("PATCH", path, { "@odata.type": "#microsoft.graph.application", api: { oauth2PermissionScopes }, appRoles });
}

export const application: ResourceType<GraphClient> = {
  properties,
  validate: validateRedirectUris,

  async create(client, inputs, created) {
    await refuseDuplicate(client, inputs);
    const common = commonBody(inputs);
    const app = await client.send("POST", "/v1.0/applications", {
      ...common,
      api: { ...objectOf(common.api), oauth2PermissionScopes: scopeBody(inputs) },
      appRoles: roleBody(inputs.appRoles),
      identifierUris: textsOf(inputs.identifierUris),
      optionalClaims: optionalClaimsBody(inputs),
      requiredResourceAccess: resourceAccessBody(inputs),
      ...bindOwners(client, "v1.0", textsOf(inputs.owners)),
    });
    const id = textOf(app.id) ?? "";
    created(`/applications/${id}`);
    const path = `/v1.0/applications/${id}`;
    await probeByRenaming(client, path, "#microsoft.graph.application", textOf(inputs.displayName) ?? "");
    if (inputs.oauth2PostResponseRequired === true) {
      await client.send("PATCH", `/beta/applications/${id}`, { oauth2RequirePostResponse: true }, whenNotFoundOrConflict);
    }
    await settleOwners(client, `${path}/owners`, textsOf(inputs.owners));
    const state = await readState(client, id, inputs);
    if (!state) {
      throw new Error(`${path}: expected the new application, got a 404`);
    }
    return { id: `/applications/${id}`, state };
  },

  async read(client, id, state) {
    const found = await readState(client, objectId(id), state);
    return found && { state: found };
  },

  update(client, id, state, inputs) {
    return client.oneAtATime(objectId(id), async () => {
      const path = `/v1.0/applications/${objectId(id)}`;
      if (inputs.displayName !== state.displayName) {
        await refuseDuplicate(client, inputs);
      }
      const rolesChanged = !equal(roleBody(state.appRoles), roleBody(inputs.appRoles));
      const scopesChanged = !equal(scopeBody(state), scopeBody(inputs));
      if (rolesChanged || scopesChanged) {
        await disableChanged(client, path, inputs);
      }
      const common = commonBody(inputs);
      await client.send("PATCH", path, {
        ...common,
        ...(scopesChanged ? { api: { ...objectOf(common.api), oauth2PermissionScopes: scopeBody(inputs) } } : {}),
        ...(rolesChanged ? { appRoles: roleBody(inputs.appRoles) } : {}),
        ...changed("identifierUris", textsOf(state.identifierUris), textsOf(inputs.identifierUris)),
        ...changed("optionalClaims", optionalClaimsBody(state), emptied(optionalClaimsBody(inputs))),
        ...changed("requiredResourceAccess", resourceAccessBody(state), resourceAccessBody(inputs)),
      });
      if (state.oauth2PostResponseRequired !== (inputs.oauth2PostResponseRequired ?? false)) {
        await client.send("PATCH", `/beta/applications/${objectId(id)}`, {
          oauth2RequirePostResponse: inputs.oauth2PostResponseRequired === true,
        });
      }
      const owners = `${path}/owners`;
      await changeReferences(client, "v1.0", owners, await idsOf(client, owners), textsOf(inputs.owners));
      return (await readState(client, objectId(id), inputs)) ?? {};
    });
  },

  async delete(client, id) {
    const path = `/v1.0/applications/${objectId(id)}`;
    await client.send("DELETE", path);
    await client.confirm(path, (found) => found === undefined);
  },
};

function changed(key: string, before: Properties[string], after: Properties[string]): Properties {
  return equal(before, after) ? {} : { [key]: after };
}

/** Claims that were taken away are sent as empty lists: an empty object would leave them. */
function emptied(claims: Properties): Properties {
  return Object.keys(claims).length > 0 ? claims : { accessToken: [], idToken: [], saml2Token: [] };
}
