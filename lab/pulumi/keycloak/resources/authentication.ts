// keycloak:authentication/*: a flow of one's own and its steps (KP provider/resource_keycloak_authentication_*.go).
import { integer, map, text } from "../../provider/schema";
import { defined, objectOf, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import { undefinedIfGone, type KeycloakClient } from "../client";

const flowsOf = (of: Properties): string => `${textOf(of.realmId) ?? ""}/authentication/flows`;
const stepsOf = (of: Properties): string => `${flowsOf(of)}/${encodeURIComponent(textOf(of.parentFlowAlias) ?? "")}/executions`;
const stepPath = (of: Properties, id: string): string => `${textOf(of.realmId) ?? ""}/authentication/executions/${id}`;
const requirements = ["REQUIRED", "ALTERNATIVE", "OPTIONAL", "CONDITIONAL", "DISABLED"];

export const flow: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    alias: text({ required: true }),
    description: text(),
    providerId: text({ default: "basic-flow" }),
  },
  async create(client, inputs, created) {
    const id = await client.create(flowsOf(inputs), flowBody(inputs));
    created(id);
    return { id, state: flowState(await client.get(`${flowsOf(inputs)}/${id}`)) };
  },
  async read(client, id, state) {
    const found = await client.find(`${flowsOf(state)}/${id}`);
    return found && { state: flowState(found) };
  },
  async update(client, id, _state, inputs) {
    await client.put(`${flowsOf(inputs)}/${id}`, { id, ...flowBody(inputs) });
    return flowState(await client.get(`${flowsOf(inputs)}/${id}`));
  },
  async delete(client, id, state) {
    await client.remove(`${flowsOf(state)}/${id}`);
  },
};

function flowBody(inputs: Properties): Properties {
  return {
    alias: inputs.alias ?? "",
    description: textOf(inputs.description) ?? "",
    providerId: inputs.providerId ?? "",
    topLevel: true,
    builtIn: false,
  };
}

function flowState(found: Properties): Properties {
  return { alias: found.alias ?? "", description: found.description ?? "", providerId: found.providerId ?? "" };
}

/** A subflow has an id of its own, and another as a step of its parent. */
async function stepOfSubflow(client: KeycloakClient, of: Properties, id: string): Promise<Properties | undefined> {
  return (await client.list(stepsOf(of))).find((step) => step.flowId === id);
}

async function setStep(client: KeycloakClient, inputs: Properties, id: string): Promise<void> {
  await client.put(stepsOf(inputs), defined({ id, requirement: inputs.requirement, priority: inputs.priority }));
}

async function subflowState(client: KeycloakClient, of: Properties, id: string): Promise<Properties | undefined> {
  const found = await client.find(`${flowsOf(of)}/${id}`);
  const listed = found && (await stepOfSubflow(client, of, id).catch(undefinedIfGone));
  // The list may be older than the step itself, where another step of the same flow was just made.
  const step = listed && (await client.find(stepPath(of, textOf(listed.id) ?? "")));
  return (
    found &&
    step && {
      alias: found.alias ?? "",
      description: found.description ?? "",
      providerId: found.providerId ?? "",
      authenticator: "",
      requirement: step.requirement ?? "",
      priority: step.priority ?? 0,
    }
  );
}

export const subflow: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    parentFlowAlias: text({ required: true, forceNew: true }),
    alias: text({ required: true }),
    description: text(),
    providerId: text({ default: "basic-flow" }),
    authenticator: text({ forceNew: true, notImplemented: true }),
    requirement: text({ default: "DISABLED", allowed: requirements }),
    priority: integer(),
  },
  async create(client, inputs, created) {
    const body: Properties = {
      alias: inputs.alias ?? "",
      type: inputs.providerId ?? "",
      provider: "",
      description: textOf(inputs.description) ?? "",
    };
    const id = await client.create(`${stepsOf(inputs)}/flow`, body);
    created(id);
    await setStep(client, inputs, textOf((await stepOfSubflow(client, inputs, id))?.id) ?? "");
    return { id, state: (await subflowState(client, inputs, id)) ?? {} };
  },
  async read(client, id, state) {
    const found = await subflowState(client, state, id);
    return found && { state: found };
  },
  async update(client, id, _state, inputs) {
    await client.put(`${flowsOf(inputs)}/${id}`, { id, ...flowBody(inputs), topLevel: false });
    await setStep(client, inputs, textOf((await stepOfSubflow(client, inputs, id))?.id) ?? "");
    return (await subflowState(client, inputs, id)) ?? {};
  },
  async delete(client, id, state) {
    const step = await stepOfSubflow(client, state, id);
    await client.remove(stepPath(state, textOf(step?.id) ?? ""));
  },
};

export const execution: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    parentFlowAlias: text({ required: true, forceNew: true }),
    authenticator: text({ required: true, forceNew: true }),
    requirement: text({ default: "DISABLED", allowed: requirements }),
    priority: integer(),
  },
  async create(client, inputs, created) {
    const id = await client.create(`${stepsOf(inputs)}/execution`, { provider: inputs.authenticator ?? "" });
    created(id);
    await setStep(client, inputs, id);
    return { id, state: executionState(await client.get(stepPath(inputs, id))) };
  },
  async read(client, id, state) {
    const found = await client.find(stepPath(state, id));
    return found && { state: executionState(found) };
  },
  async update(client, id, _state, inputs) {
    await setStep(client, inputs, id);
    return executionState(await client.get(stepPath(inputs, id)));
  },
  async delete(client, id, state) {
    await client.remove(stepPath(state, id));
  },
};

function executionState(found: Properties): Properties {
  return { authenticator: found.authenticator ?? "", requirement: found.requirement ?? "", priority: found.priority ?? 0 };
}

const configPath = (of: Properties, id: string): string => `${textOf(of.realmId) ?? ""}/authentication/config/${id}`;

export const executionConfig: ResourceType<KeycloakClient> = {
  properties: {
    realmId: text({ required: true, forceNew: true }),
    executionId: text({ required: true, forceNew: true }),
    alias: text({ required: true, forceNew: true }),
    config: map(text(), { required: true }),
  },
  async create(client, inputs, created) {
    const path = `${stepPath(inputs, textOf(inputs.executionId) ?? "")}/config`;
    const id = await client.create(path, { alias: inputs.alias ?? "", config: objectOf(inputs.config) });
    created(id);
    return { id, state: { config: objectOf((await client.get(configPath(inputs, id))).config) } };
  },
  async read(client, id, state) {
    const found = await client.find(configPath(state, id));
    return found && { state: { alias: found.alias ?? "", config: objectOf(found.config) } };
  },
  async update(client, id, _state, inputs) {
    await client.put(configPath(inputs, id), { id, alias: inputs.alias ?? "", config: objectOf(inputs.config) });
    return { config: objectOf((await client.get(configPath(inputs, id))).config) };
  },
  async delete(client, id, state) {
    await client.remove(configPath(state, id));
  },
};
