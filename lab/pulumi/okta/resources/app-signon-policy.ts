// okta:index/appSignonPolicy:AppSignonPolicy — the requests of terraform-provider-okta resource_okta_app_signon_policy.go.
import { flag, integer, text } from "../../provider/schema";
import { objectOf, requiredText, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties } from "../../provider/values";
import type { OktaClient } from "../client";
import { systemPolicyId } from "./app-oauth";

const resourceType = "okta.AppSignonPolicy";

function body(inputs: Properties): Properties {
  return { type: "ACCESS_POLICY", name: inputs.name ?? "", description: inputs.description ?? "", priority: inputs.priority ?? 1 };
}

/** Okta makes a catch-all rule with every access policy. */
async function catchAllRule(client: OktaClient, policyId: string): Promise<Properties> {
  const rules = await client.list(`/api/v1/policies/${policyId}/rules`);
  const rule = rules.find((candidate) => candidate.system === true && candidate.type === "ACCESS_POLICY");
  if (!rule) {
    throw new Error(`policy ${policyId}: expected a system rule of type ACCESS_POLICY, got none among ${rules.length} rules`);
  }
  return rule;
}

async function denyCatchAll(client: OktaClient, policyId: string): Promise<void> {
  const rule = await catchAllRule(client, policyId);
  const actions = objectOf(rule.actions);
  const changed = { ...rule, actions: { ...actions, appSignOn: { ...objectOf(actions.appSignOn), access: "DENY" } } };
  await client.send("PUT", `/api/v1/policies/${policyId}/rules/${textOf(rule.id) ?? ""}`, changed);
}

export const appSignonPolicy: ResourceType<OktaClient> = {
  properties: {
    name: text({ autoName: true }),
    description: text({ required: true }),
    priority: integer({ computed: true }),
    catchAll: flag({ default: true, forceNew: true }),
    defaultRuleId: text({ outputOnly: true }),
  },
  async create(client, inputs, created) {
    await client.requireIdentityEngine(resourceType);
    const policy = await client.send("POST", "/api/v1/policies", body(inputs));
    const id = requiredText(policy, "id");
    created(id);
    const rule = await catchAllRule(client, id);
    if (inputs.catchAll === false) {
      await denyCatchAll(client, id);
    }
    return { id, state: { priority: inputs.priority ?? policy.priority ?? 1, defaultRuleId: rule.id ?? null } };
  },
  // A 404 is an error here as in the official plugin.
  async read(client, id, state) {
    await client.requireIdentityEngine(resourceType);
    const policy = await client.send("GET", `/api/v1/policies/${id}`);
    const rule = await catchAllRule(client, id);
    return {
      state: {
        name: policy.name ?? null,
        description: policy.description ?? null,
        priority: policy.priority ?? null,
        catchAll: state.catchAll ?? objectOf(objectOf(rule.actions).appSignOn).access !== "DENY",
        defaultRuleId: rule.id ?? null,
      },
    };
  },
  async update(client, id, _state, inputs) {
    await client.requireIdentityEngine(resourceType);
    const policy = await client.send("PUT", `/api/v1/policies/${id}`, body(inputs));
    const rule = await catchAllRule(client, id);
    return { priority: policy.priority ?? inputs.priority ?? 1, defaultRuleId: rule.id ?? null };
  },
  async delete(client, id) {
    await client.requireIdentityEngine(resourceType);
    const systemPolicy = await systemPolicyId(client);
    for (const app of await client.list("/api/v1/apps?limit=200")) {
      const policy = textOf(objectOf(objectOf(app._links).accessPolicy).href)
        ?.split("/")
        .pop();
      if (policy !== id) {
        continue;
      }
      // An app may be deleted at the same moment; the official plugin ignores errors here too.
      await client.send("PUT", `/api/v1/apps/${textOf(app.id) ?? ""}/policies/${systemPolicy}`).catch(() => undefined);
    }
    await client.send("DELETE", `/api/v1/policies/${id}`);
  },
};
