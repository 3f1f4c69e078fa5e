// azuread:index/applicationFederatedIdentityCredential — application_federated_identity_credential_resource.go.
import { list, text } from "../../provider/schema";
import { textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { objectId, undefinedIfGone, type GraphClient } from "../client";

function path(id: string): string {
  const [application = "", kind, credential = ""] = id.split("/");
  if (kind !== "federatedIdentityCredential") {
    throw new Error(`federated credential id: expected <application object id>/federatedIdentityCredential/<id>, got ${id}`);
  }
  return `/v1.0/applications/${application}/federatedIdentityCredentials/${credential}`;
}

function body(inputs: Properties): Properties {
  return {
    "@odata.type": "#microsoft.graph.federatedIdentityCredential",
    audiences: textsOf(inputs.audiences),
    description: textOf(inputs.description) ?? null,
    issuer: inputs.issuer ?? "",
    name: inputs.displayName ?? "",
    subject: inputs.subject ?? "",
  };
}

async function readState(client: GraphClient, id: string): Promise<Properties | undefined> {
  const found = await client.find(path(id));
  return (
    found && {
      applicationId: `/applications/${id.split("/")[0] ?? ""}`,
      audiences: textsOf(found.audiences),
      credentialId: found.id ?? "",
      description: textOf(found.description) ?? "",
      displayName: found.name ?? "",
      issuer: found.issuer ?? "",
      subject: found.subject ?? "",
    }
  );
}

export const federatedCredential: ResourceType<GraphClient> = {
  properties: {
    applicationId: text({ required: true, forceNew: true }),
    audiences: list(text(), { required: true }),
    credentialId: text({ outputOnly: true }),
    description: text(),
    displayName: text({ required: true, forceNew: true }),
    issuer: text({ required: true }),
    subject: text({ required: true }),
  },
  create(client, inputs, created) {
    const application = objectId(textOf(inputs.applicationId) ?? "");
    return client.oneAtATime(application, async () => {
      await client.send("GET", `/v1.0/applications/${application}`);
      const made = await client.send("POST", `/v1.0/applications/${application}/federatedIdentityCredentials`, body(inputs));
      const id = `${application}/federatedIdentityCredential/${textOf(made.id) ?? ""}`;
      created(id);
      await client.confirm(path(id), (found) => found !== undefined);
      return { id, state: (await readState(client, id)) ?? {} };
    });
  },
  async read(client, id) {
    const state = await readState(client, id);
    return state && { state };
  },
  async update(client, id, _state, inputs) {
    await client.send("PATCH", path(id), { ...body(inputs), id: objectId(id) });
    return (await readState(client, id)) ?? {};
  },
  async delete(client, id) {
    await client.send("DELETE", path(id)).catch(undefinedIfGone);
    await client.confirm(path(id), (found) => found === undefined);
  },
};
