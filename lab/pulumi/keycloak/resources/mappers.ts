// keycloak:openid/*ProtocolMapper: what puts claims into a client's tokens (KP provider/resource_keycloak_openid_*_protocol_mapper.go).
import { flag, text, type Schema } from "../../provider/schema";
import { objectOf, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import type { KeycloakClient } from "../client";
import { importedId } from "./imported-id";

interface Mapper {
  /** The server's own name of the kind. */
  readonly kind: string;
  readonly properties: Schema;
  readonly config: (inputs: Properties) => Properties;
  readonly state: (config: Properties) => Properties;
}

const yes = (value: Value | undefined): string => String(value === true);
const is = (value: Value | undefined): boolean => value === "true";

function mapper({ kind, properties, config, state }: Mapper): ResourceType<KeycloakClient> {
  const collection = (of: Properties): string => `${textOf(of.realmId) ?? ""}/clients/${textOf(of.clientId) ?? ""}/protocol-mappers/models`;
  const body = (inputs: Properties): Properties => ({
    name: inputs.name ?? "",
    protocol: "openid-connect",
    protocolMapper: kind,
    config: config(inputs),
  });
  const read = (found: Properties): Properties => ({ name: found.name ?? "", ...state(objectOf(found.config)) });
  return {
    properties: {
      realmId: text({ required: true, forceNew: true }),
      clientId: text({ required: true, forceNew: true }),
      clientScopeId: text({ forceNew: true, notImplemented: true }),
      ...properties,
    },
    async create(client, inputs, created) {
      await refuseDouble(client, collection(inputs), textOf(inputs.name) ?? "");
      const id = await client.create(collection(inputs), body(inputs));
      created(id);
      return { id, state: read(await client.get(`${collection(inputs)}/${id}`)) };
    },
    async read(client, id, known) {
      const { id: uuid, parents } = importedId(id, known, "{{realmId}}/client/{{clientId}}/{{id}}");
      const found = await client.find(`${collection({ ...known, ...parents })}/${uuid}`);
      return found && { id: uuid, state: { ...parents, ...read(found) } };
    },
    async update(client, id, _state, inputs) {
      await client.put(`${collection(inputs)}/${id}`, { id, ...body(inputs) });
      return read(await client.get(`${collection(inputs)}/${id}`));
    },
    async delete(client, id, known) {
      await client.remove(`${collection(known)}/${id}`);
    },
  };
}

/** The official plugin looks for a mapper of the same name before it makes one. */
async function refuseDouble(client: KeycloakClient, path: string, name: string): Promise<void> {
  if ((await client.list(path)).some((other) => other.name === name)) {
    throw new Error(`validation error: a protocol mapper with name ${name} already exists for this client`);
  }
}

export const groupMembershipMapper = mapper({
  kind: "oidc-group-membership-mapper",
  properties: {
    name: text({ forceNew: true, autoName: true }),
    claimName: text({ required: true }),
    fullPath: flag({ default: true }),
    addToIdToken: flag({ default: true }),
    addToAccessToken: flag({ default: true }),
    addToUserinfo: flag({ default: true }),
    addToTokenIntrospection: flag(),
  },
  config: (inputs) => ({
    "access.token.claim": yes(inputs.addToAccessToken),
    "claim.name": inputs.claimName ?? "",
    "full.path": yes(inputs.fullPath),
    "id.token.claim": yes(inputs.addToIdToken),
    "introspection.token.claim": yes(inputs.addToTokenIntrospection),
    "userinfo.token.claim": yes(inputs.addToUserinfo),
  }),
  state: (config) => ({
    claimName: config["claim.name"] ?? "",
    fullPath: is(config["full.path"]),
    addToIdToken: is(config["id.token.claim"]),
    addToAccessToken: is(config["access.token.claim"]),
    addToUserinfo: is(config["userinfo.token.claim"]),
    addToTokenIntrospection: is(config["introspection.token.claim"]),
  }),
});

export const userClientRoleMapper = mapper({
  kind: "oidc-usermodel-client-role-mapper",
  properties: {
    name: text({ autoName: true }),
    claimName: text({ required: true }),
    claimValueType: text({ default: "String" }),
    clientIdForRoleMappings: text(),
    clientRolePrefix: text(),
    // One role alone, as a text, unless it is written out.
    multivalued: flag({ default: false }),
    addToIdToken: flag({ default: true }),
    addToAccessToken: flag({ default: true }),
    addToUserinfo: flag({ default: true }),
  },
  config: (inputs) => ({
    "access.token.claim": yes(inputs.addToAccessToken),
    "claim.name": inputs.claimName ?? "",
    "id.token.claim": yes(inputs.addToIdToken),
    "jsonType.label": inputs.claimValueType ?? "String",
    multivalued: yes(inputs.multivalued),
    "userinfo.token.claim": yes(inputs.addToUserinfo),
    "usermodel.clientRoleMapping.clientId": inputs.clientIdForRoleMappings ?? "",
    "usermodel.clientRoleMapping.rolePrefix": inputs.clientRolePrefix ?? "",
  }),
  state: (config) => ({
    claimName: config["claim.name"] ?? "",
    claimValueType: config["jsonType.label"] ?? "",
    clientIdForRoleMappings: config["usermodel.clientRoleMapping.clientId"] ?? "",
    clientRolePrefix: config["usermodel.clientRoleMapping.rolePrefix"] ?? "",
    multivalued: is(config.multivalued),
    addToIdToken: is(config["id.token.claim"]),
    addToAccessToken: is(config["access.token.claim"]),
    addToUserinfo: is(config["userinfo.token.claim"]),
  }),
});
