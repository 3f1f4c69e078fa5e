// okta:auth/server*: a custom authorization server with its claims, scopes, policies and rules —
// the requests of terraform-provider-okta resource_okta_auth_server*.go.
import { flag, integer, set, text, type Schema } from "../../provider/schema";
import { defined, objectOf, requiredText, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import { undefinedIfGone, type OktaClient } from "../client";

const status = text({ default: "ACTIVE", allowed: ["ACTIVE", "INACTIVE"] });
const servers = "/api/v1/authorizationServers";
const lifecycle = (wanted: Value | undefined): string => (wanted === "INACTIVE" ? "deactivate" : "activate");

function serverBody(inputs: Properties): Properties {
  return defined({
    audiences: textsOf(inputs.audiences),
    credentials: { signing: { rotationMode: inputs.credentialsRotationMode ?? "AUTO" } },
    description: textOf(inputs.description),
    issuerMode: textOf(inputs.issuerMode),
    name: inputs.name,
  });
}

function serverState(server: Properties): Properties {
  const signing = objectOf(objectOf(server.credentials).signing);
  return {
    audiences: textsOf(server.audiences),
    credentialsLastRotated: signing.lastRotated ?? null,
    credentialsNextRotation: signing.nextRotation ?? null,
    credentialsRotationMode: signing.rotationMode ?? null,
    description: server.description ?? null,
    issuer: server.issuer ?? null,
    ...defined({ issuerMode: textOf(server.issuerMode) }),
    kid: signing.kid ?? null,
    name: server.name ?? null,
    status: server.status ?? null,
  };
}

export const authorizationServer: ResourceType<OktaClient> = {
  properties: {
    audiences: set(text(), { required: true }),
    credentialsLastRotated: text({ outputOnly: true }),
    credentialsNextRotation: text({ outputOnly: true }),
    credentialsRotationMode: text({ default: "AUTO" }),
    description: text(),
    issuer: text({ outputOnly: true }),
    issuerMode: text({ default: "ORG_URL" }),
    kid: text({ outputOnly: true }),
    name: text({ autoName: true }),
    status,
  },
  async create(client, inputs, created) {
    const id = requiredText(await client.send("POST", servers, serverBody(inputs)), "id");
    created(id);
    if (inputs.status === "INACTIVE") {
      await client.send("POST", `${servers}/${id}/lifecycle/deactivate`);
    }
    return { id, state: serverState(await client.send("GET", `${servers}/${id}`)) };
  },
  async read(client, id) {
    const server = await client.find(`${servers}/${id}`);
    return server && { state: serverState(server) };
  },
  async update(client, id, state, inputs) {
    if (state.status !== inputs.status) {
      await client.send("POST", `${servers}/${id}/lifecycle/${lifecycle(inputs.status)}`);
    }
    await client.send("PUT", `${servers}/${id}`, serverBody(inputs));
    return serverState(await client.send("GET", `${servers}/${id}`));
  },
  async delete(client, id) {
    await client.send("POST", `${servers}/${id}/lifecycle/deactivate`).catch(undefinedIfGone);
    await client.send("DELETE", `${servers}/${id}`).catch(undefinedIfGone);
  },
};

/**
 * A part of an authorization server: POST to make it, then GET, PUT and DELETE by its id. None of the official plugin's is replaced
 * when the server's id changes (resource_okta_auth_server_claim.go, _scope.go, _policy.go and _policy_rule.go: `auth_server_id` and
 * `policy_id` without ForceNew): its PUT goes to the new server with the old id, and Okta answers 404.
 */
interface Part {
  readonly properties: Schema;
  /** Path of the collection. */
  readonly collection: (properties: Properties) => string;
  readonly body: (inputs: Properties) => Properties;
  readonly state: (found: Properties) => Properties;
  /** The collection's ids that an import gives before the part's own, each after the other with a slash between. */
  readonly parents: readonly string[];
  /** Whether the status has endpoints of its own. */
  readonly lifecycle: boolean;
}

function part(description: Part): ResourceType<OktaClient> {
  const { properties, collection, body, state: stateOf, parents } = description;
  return {
    properties,
    async create(client, inputs, created) {
      const id = requiredText(await client.send("POST", collection(inputs), body(inputs)), "id");
      created(id);
      if (description.lifecycle && inputs.status === "INACTIVE") {
        await client.send("POST", `${collection(inputs)}/${id}/lifecycle/deactivate`);
      }
      return { id, state: stateOf(await client.send("GET", `${collection(inputs)}/${id}`)) };
    },
    async read(client, id, state) {
      const segments = id.split("/");
      const own = segments.pop() ?? id;
      const imported = Object.fromEntries(segments.map((segment, index) => [parents[index] ?? "", segment]));
      const where = { ...state, ...imported };
      const found = await client.find(`${collection(where)}/${own}`);
      return found && { id: own, state: { ...imported, ...stateOf(found) } };
    },
    async update(client, id, state, inputs) {
      const path = `${collection(inputs)}/${id}`;
      await client.send("PUT", path, body(inputs));
      if (description.lifecycle && state.status !== inputs.status) {
        await client.send("POST", `${path}/lifecycle/${lifecycle(inputs.status)}`);
      }
      return stateOf(await client.send("GET", path));
    },
    async delete(client, id, state) {
      await client.send("DELETE", `${collection(state)}/${id}`).catch(undefinedIfGone);
    },
  };
}

const serverPath = (properties: Properties): string => `${servers}/${textOf(properties.authServerId) ?? ""}`;
const policyPath = (properties: Properties): string => `${serverPath(properties)}/policies/${textOf(properties.policyId) ?? ""}`;

export const authorizationServerClaim = part({
  properties: {
    alwaysIncludeInToken: flag({ default: true }),
    authServerId: text({ required: true }),
    claimType: text({ required: true }),
    groupFilterType: text(),
    name: text({ autoName: true }),
    scopes: set(text()),
    status,
    value: text({ required: true }),
    valueType: text({ default: "EXPRESSION" }),
  },
  collection: (properties) => `${serverPath(properties)}/claims`,
  body: (inputs) =>
    defined({
      alwaysIncludeInToken: inputs.alwaysIncludeInToken,
      claimType: inputs.claimType,
      conditions: textsOf(inputs.scopes).length > 0 ? { scopes: textsOf(inputs.scopes) } : {},
      group_filter_type: textOf(inputs.groupFilterType),
      name: inputs.name,
      status: inputs.status,
      value: inputs.value,
      valueType: inputs.valueType,
    }),
  state: (claim) => ({
    alwaysIncludeInToken: claim.alwaysIncludeInToken === true,
    claimType: claim.claimType ?? null,
    groupFilterType: claim.group_filter_type ?? null,
    name: claim.name ?? null,
    scopes: textsOf(objectOf(claim.conditions).scopes),
    status: claim.status ?? null,
    value: claim.value ?? null,
    valueType: claim.valueType ?? null,
  }),
  parents: ["authServerId"],
  lifecycle: false,
});

export const authorizationServerScope = part({
  properties: {
    authServerId: text({ required: true }),
    consent: text({ default: "IMPLICIT" }),
    default: flag({ default: false }),
    description: text(),
    displayName: text(),
    metadataPublish: text({ default: "ALL_CLIENTS" }),
    name: text({ autoName: true }),
    optional: flag({ default: false }),
    system: flag({ outputOnly: true }),
  },
  collection: (properties) => `${serverPath(properties)}/scopes`,
  body: ({ consent, default: isDefault, description, displayName, metadataPublish, name, optional }) =>
    defined({ consent, default: isDefault, description, displayName, metadataPublish, name, optional }),
  state: (scope) => ({
    consent: scope.consent ?? null,
    default: scope.default === true,
    description: scope.description ?? null,
    displayName: scope.displayName ?? null,
    metadataPublish: scope.metadataPublish ?? null,
    name: scope.name ?? null,
    optional: scope.optional === true,
    system: scope.system === true,
  }),
  parents: ["authServerId"],
  lifecycle: false,
});

export const authorizationServerPolicy = part({
  properties: {
    authServerId: text({ required: true }),
    clientWhitelists: set(text(), { required: true }),
    description: text({ required: true }),
    name: text({ autoName: true }),
    priority: integer({ required: true }),
    status,
  },
  collection: (properties) => `${serverPath(properties)}/policies`,
  body: (inputs) => ({
    type: "OAUTH_AUTHORIZATION_POLICY",
    name: inputs.name ?? "",
    description: inputs.description ?? "",
    priority: inputs.priority ?? 1,
    status: inputs.status ?? "ACTIVE",
    conditions: { clients: { include: textsOf(inputs.clientWhitelists) } },
  }),
  state: (policy) => ({
    clientWhitelists: textsOf(objectOf(objectOf(policy.conditions).clients).include),
    description: policy.description ?? null,
    name: policy.name ?? null,
    priority: policy.priority ?? null,
    status: policy.status ?? null,
  }),
  parents: ["authServerId"],
  lifecycle: true,
});

export const authorizationServerPolicyRule = part({
  properties: {
    accessTokenLifetimeMinutes: integer({ default: 60 }),
    authServerId: text({ required: true }),
    grantTypeWhitelists: set(text(), { required: true }),
    groupBlacklists: set(text()),
    groupWhitelists: set(text()),
    inlineHookId: text(),
    name: text({ autoName: true }),
    policyId: text({ required: true }),
    priority: integer({ required: true }),
    refreshTokenLifetimeMinutes: integer(),
    refreshTokenWindowMinutes: integer({ default: 10080 }),
    scopeWhitelists: set(text()),
    status,
    system: flag({ outputOnly: true }),
    type: text({ default: "RESOURCE_ACCESS" }),
    userBlacklists: set(text()),
    userWhitelists: set(text()),
  },
  collection: (properties) => `${policyPath(properties)}/rules`,
  body: (inputs) => ({
    type: inputs.type ?? "RESOURCE_ACCESS",
    name: inputs.name ?? "",
    priority: inputs.priority ?? 1,
    status: inputs.status ?? "ACTIVE",
    actions: {
      token: defined({
        accessTokenLifetimeMinutes: inputs.accessTokenLifetimeMinutes ?? 60,
        refreshTokenLifetimeMinutes: inputs.refreshTokenLifetimeMinutes ?? 0,
        refreshTokenWindowMinutes: inputs.refreshTokenWindowMinutes ?? 10080,
        inlineHook: textOf(inputs.inlineHookId) ? { id: inputs.inlineHookId ?? "" } : undefined,
      }),
    },
    conditions: {
      grantTypes: { include: textsOf(inputs.grantTypeWhitelists) },
      people: {
        groups: { include: textsOf(inputs.groupWhitelists), exclude: textsOf(inputs.groupBlacklists) },
        users: { include: textsOf(inputs.userWhitelists), exclude: textsOf(inputs.userBlacklists) },
      },
      scopes: { include: textsOf(inputs.scopeWhitelists) },
    },
  }),
  state: (rule) => {
    const token = objectOf(objectOf(rule.actions).token);
    const conditions = objectOf(rule.conditions);
    const [groups, users] = [objectOf(objectOf(conditions.people).groups), objectOf(objectOf(conditions.people).users)];
    return {
      accessTokenLifetimeMinutes: token.accessTokenLifetimeMinutes ?? null,
      grantTypeWhitelists: textsOf(objectOf(conditions.grantTypes).include),
      groupBlacklists: textsOf(groups.exclude),
      groupWhitelists: textsOf(groups.include),
      inlineHookId: objectOf(token.inlineHook).id ?? null,
      name: rule.name ?? null,
      priority: rule.priority ?? null,
      refreshTokenLifetimeMinutes: token.refreshTokenLifetimeMinutes ?? null,
      refreshTokenWindowMinutes: token.refreshTokenWindowMinutes ?? null,
      scopeWhitelists: textsOf(objectOf(conditions.scopes).include),
      status: rule.status ?? null,
      system: rule.system === true,
      type: rule.type ?? null,
      userBlacklists: textsOf(users.exclude),
      userWhitelists: textsOf(users.include),
    };
  },
  parents: ["authServerId", "policyId"],
  lifecycle: true,
});
