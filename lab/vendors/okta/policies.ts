import { noContent, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, alreadyExists, found, invalid } from "./errors";
import { link } from "./links";
import type { JsonObject, PolicyRecord, RuleRecord } from "./model";
import { paged } from "./paging";
import {
  accessRuleBody,
  answeredActions,
  answeredConditions,
  catchAllRule,
  policyBody,
  requireGroups,
  signOnRuleBody,
  type RuleBody,
} from "./policy-schema";
import { newId, timestamp } from "./store";

const types = ["ACCESS_POLICY", "OKTA_SIGN_ON"];

function policyOf(call: Call): PolicyRecord {
  return call.store.policy(call.params.policyId ?? "");
}

function ruleOf(call: Call): RuleRecord {
  return found(policyOf(call).rules, call.params.ruleId, "PolicyRule");
}

function toggle(status: string): "activate" | "deactivate" {
  return status === "ACTIVE" ? "deactivate" : "activate";
}

function renderPolicy(policy: PolicyRecord, base: string, inList: boolean): unknown {
  const self = `${base}/api/v1/policies/${policy.id}`;
  const { rules: _rules, description, ...rest } = policy;
  const own = !policy.system;
  return {
    ...rest,
    ...(description === null ? {} : { description }),
    ...(inList && policy.type === "ACCESS_POLICY" ? { _embedded: { resourceType: "APP" } } : {}),
    _links: {
      ...(own && policy.type === "ACCESS_POLICY" ? { mappings: link(`${self}/mappings`, "GET", "POST") } : {}),
      self: own ? link(self, "GET", "PUT", "DELETE") : link(self, "GET", "PUT"),
      rules: link(`${self}/rules`, "GET", "POST"),
      ...(own ? { [toggle(policy.status)]: link(`${self}/lifecycle/${toggle(policy.status)}`, "POST") } : {}),
    },
  };
}

function renderRule(rule: RuleRecord, policy: PolicyRecord, base: string): unknown {
  const self = `${base}/api/v1/policies/${policy.id}/rules/${rule.id}`;
  return {
    ...rule,
    _links: {
      self: rule.system ? link(self, "GET", "PUT") : link(self, "GET", "PUT", "DELETE"),
      ...(rule.system ? {} : { [toggle(rule.status)]: link(`${self}/lifecycle/${toggle(rule.status)}`, "POST") }),
    },
  };
}

function list(call: Call): Reply {
  const type = call.query.get("type");
  if (type === null) {
    throw invalid("type", "type: expected a policy type, got none");
  }
  if (!types.includes(type)) {
    throw invalid("type", `type: expected one of ${types.join(", ")} (no other is offered by this server), got ${type}`);
  }
  const policies = call.store.state.policies.filter((policy) => policy.type === type);
  return paged(call, policies, (policy) => renderPolicy(policy, call.base, true), { defaultLimit: 200, maxLimit: 200, selfLink: true });
}

function requireFreeName(call: Call, type: string, name: string, self?: PolicyRecord): void {
  const taken = call.store.state.policies.some((policy) => policy !== self && policy.type === type && policy.name === name);
  if (taken) {
    throw alreadyExists("name", "name");
  }
}

function create(call: Call): Reply {
  const body = parseBody(policyBody, call.body, "policy");
  requireFreeName(call, body.type, body.name);
  requireGroups(call.store, body.conditions);
  const now = timestamp();
  const policy: PolicyRecord = {
    id: newId(body.type === "ACCESS_POLICY" ? "rst" : "00p"),
    status: body.status ?? "ACTIVE",
    name: body.name,
    description: body.description ?? null,
    priority: body.priority ?? 1,
    system: false,
    conditions: (body.conditions as JsonObject | null | undefined) ?? null,
    created: now,
    lastUpdated: now,
    type: body.type,
    rules: body.type === "ACCESS_POLICY" ? [catchAllRule(newId("rul"), now)] : [],
  };
  call.store.state.policies.push(policy);
  call.store.changed();
  return ok(renderPolicy(policy, call.base, false));
}

function update(call: Call): Reply {
  const policy = policyOf(call);
  const body = parseBody(policyBody, call.body, "policy");
  if (body.type !== policy.type) {
    throw invalid("type", `type: expected ${policy.type} (it cannot be changed), got ${body.type}`);
  }
  if (policy.system && body.name !== policy.name) {
    throw invalid("name", `name: the system policy ${policy.name} cannot be renamed`);
  }
  requireFreeName(call, body.type, body.name, policy);
  requireGroups(call.store, body.conditions);
  Object.assign(policy, {
    name: body.name,
    description: body.description ?? null,
    priority: body.priority ?? policy.priority,
    status: body.status ?? policy.status,
    conditions: body.conditions ?? null,
    lastUpdated: timestamp(),
  });
  call.store.changed();
  return ok(renderPolicy(policy, call.base, false));
}

/** Apps that used the policy fall back to the system one (docs, "Delete a policy"; the official plugin does the same beforehand). */
function remove(call: Call): Reply {
  const policy = policyOf(call);
  if (policy.system) {
    throw accessDenied(`${policy.name}: expected a policy that is not a system policy`);
  }
  const { state } = call.store;
  state.policies = state.policies.filter((candidate) => candidate !== policy);
  for (const app of state.apps) {
    if (app.accessPolicyId === policy.id) {
      app.accessPolicyId = call.store.systemAccessPolicy().id;
    }
  }
  call.store.changed();
  return noContent;
}

function ruleBody(call: Call, policy: PolicyRecord): RuleBody {
  const schema = policy.type === "ACCESS_POLICY" ? accessRuleBody : signOnRuleBody;
  const body: RuleBody = parseBody<RuleBody>(schema, call.body, "policy rule");
  requireGroups(call.store, body.conditions);
  return body;
}

function requireFreeRuleName(policy: PolicyRecord, name: string, self?: RuleRecord): void {
  if (policy.rules.some((rule) => rule !== self && rule.name === name)) {
    throw invalid("name", `name: Policy rule name already in use: ${name}`);
  }
}

function createRule(call: Call): Reply {
  const policy = policyOf(call);
  const body = ruleBody(call, policy);
  requireFreeRuleName(policy, body.name);
  const now = timestamp();
  const highest = Math.max(-1, ...policy.rules.filter((rule) => !rule.system).map((rule) => rule.priority));
  const rule: RuleRecord = {
    id: newId(policy.type === "ACCESS_POLICY" ? "rul" : "0pr"),
    status: body.status ?? "ACTIVE",
    name: body.name,
    priority: body.priority ?? highest + 1,
    created: now,
    lastUpdated: now,
    system: false,
    conditions: answeredConditions(body),
    actions: answeredActions(body),
    type: body.type,
  };
  policy.rules.push(rule);
  call.store.changed();
  return ok(renderRule(rule, policy, call.base));
}

function updateRule(call: Call): Reply {
  const policy = policyOf(call);
  const rule = ruleOf(call);
  const body = ruleBody(call, policy);
  requireFreeRuleName(policy, body.name, rule);
  Object.assign(rule, {
    name: body.name,
    priority: rule.system ? rule.priority : (body.priority ?? rule.priority),
    status: body.status ?? rule.status,
    conditions: rule.system ? rule.conditions : answeredConditions(body),
    actions: answeredActions(body),
    lastUpdated: timestamp(),
  });
  call.store.changed();
  return ok(renderRule(rule, policy, call.base));
}

function removeRule(call: Call): Reply {
  const policy = policyOf(call);
  const rule = ruleOf(call);
  if (rule.system) {
    throw accessDenied(`${rule.name}: expected a rule that is not a system rule`);
  }
  policy.rules = policy.rules.filter((candidate) => candidate !== rule);
  call.store.changed();
  return noContent;
}

function setStatus(target: (call: Call) => PolicyRecord | RuleRecord, status: "ACTIVE" | "INACTIVE"): (call: Call) => Reply {
  return (call) => {
    const object = target(call);
    if (object.system) {
      throw accessDenied(`${object.name}: expected an object that is not a system one`);
    }
    object.status = status;
    object.lastUpdated = timestamp();
    call.store.changed();
    return noContent;
  };
}

const policyPath = "/api/v1/policies/:policyId";
const rulePath = `${policyPath}/rules/:ruleId`;
const manage = "okta.policies.manage";
const read = "okta.policies.read";

export const policyRoutes: readonly Route[] = [
  { method: "GET", path: "/api/v1/policies", query: ["type", "limit", "after"], scope: read, handle: list },
  { method: "POST", path: "/api/v1/policies", scope: manage, handle: create },
  { method: "GET", path: policyPath, scope: read, handle: (call) => ok(renderPolicy(policyOf(call), call.base, false)) },
  { method: "PUT", path: policyPath, scope: manage, handle: update },
  { method: "DELETE", path: policyPath, scope: manage, handle: remove },
  { method: "POST", path: `${policyPath}/lifecycle/activate`, scope: manage, handle: setStatus(policyOf, "ACTIVE") },
  { method: "POST", path: `${policyPath}/lifecycle/deactivate`, scope: manage, handle: setStatus(policyOf, "INACTIVE") },
  {
    method: "GET",
    path: `${policyPath}/rules`,
    scope: read,
    handle: (call) => {
      const policy = policyOf(call);
      const rules = [...policy.rules].sort((left, right) => left.priority - right.priority);
      return ok(rules.map((rule) => renderRule(rule, policy, call.base)));
    },
  },
  { method: "POST", path: `${policyPath}/rules`, scope: manage, handle: createRule },
  { method: "GET", path: rulePath, scope: read, handle: (call) => ok(renderRule(ruleOf(call), policyOf(call), call.base)) },
  { method: "PUT", path: rulePath, scope: manage, handle: updateRule },
  { method: "DELETE", path: rulePath, scope: manage, handle: removeRule },
  { method: "POST", path: `${rulePath}/lifecycle/activate`, scope: manage, handle: setStatus(ruleOf, "ACTIVE") },
  { method: "POST", path: `${rulePath}/lifecycle/deactivate`, scope: manage, handle: setStatus(ruleOf, "INACTIVE") },
];
