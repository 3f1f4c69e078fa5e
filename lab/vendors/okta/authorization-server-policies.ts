import { z } from "zod";
import { serverOf } from "./authorization-servers";
import { noContent, created, ok, parseBody, type Call, type Reply, type Route } from "./call";
import { accessDenied, found, invalid } from "./errors";
import { link } from "./links";
import type { JsonObject, PolicyRecord, RuleRecord } from "./model";
import { newId, timestamp } from "./store";

const status = z.enum(["ACTIVE", "INACTIVE"]).optional();
const idList = z.array(z.string());
const minutes = z.int().min(0).optional();

const policyBody = z.strictObject({
  type: z.literal("OAUTH_AUTHORIZATION_POLICY"),
  name: z.string().min(1),
  description: z.string(),
  priority: z.int().min(1).optional(),
  status,
  conditions: z.strictObject({ clients: z.strictObject({ include: idList }) }),
});

const ruleBody = z.strictObject({
  type: z.literal("RESOURCE_ACCESS"),
  name: z.string().min(1),
  priority: z.int().min(1).optional(),
  status,
  conditions: z.strictObject({
    grantTypes: z.strictObject({ include: idList.min(1) }),
    scopes: z.strictObject({ include: idList.min(1) }),
    people: z
      .strictObject({
        groups: z.strictObject({ include: idList.optional(), exclude: idList.optional() }).optional(),
        users: z.strictObject({ include: idList.optional(), exclude: idList.optional() }).optional(),
      })
      .optional(),
  }),
  actions: z.strictObject({
    token: z
      .strictObject({
        accessTokenLifetimeMinutes: minutes,
        refreshTokenLifetimeMinutes: minutes,
        refreshTokenWindowMinutes: minutes,
        inlineHook: z.strictObject({ id: z.string() }).nullish(),
      })
      .optional(),
  }),
});

function policyOf(call: Call): PolicyRecord {
  return found(serverOf(call).policies, call.params.policyId, "Policy");
}

function ruleOf(call: Call): RuleRecord {
  return found(policyOf(call).rules, call.params.ruleId, "PolicyRule");
}

function href(call: Call, policy: PolicyRecord): string {
  return `${call.base}/api/v1/authorizationServers/${serverOf(call).id}/policies/${policy.id}`;
}

function renderPolicy(policy: PolicyRecord, call: Call): unknown {
  const { rules: _rules, ...rest } = policy;
  const self = href(call, policy);
  return { ...rest, _links: { self: link(self, "GET", "PUT", "DELETE"), rules: link(`${self}/rules`, "GET", "POST") } };
}

function renderRule(rule: RuleRecord, call: Call): unknown {
  return { ...rule, _links: { self: link(`${href(call, policyOf(call))}/rules/${rule.id}`, "GET", "PUT", "DELETE") } };
}

function policyFields(
  call: Call,
): Pick<PolicyRecord, "type" | "name" | "description" | "conditions"> & { priority?: number; status?: PolicyRecord["status"] } {
  const given = parseBody(policyBody, call.body, "authorization server policy");
  for (const id of given.conditions.clients.include) {
    const known = id === "ALL_CLIENTS" || call.store.state.apps.some((app) => app.clientId === id);
    if (!known) {
      throw invalid("conditions", `conditions.clients.include: expected ALL_CLIENTS or a client id, got ${id}`);
    }
  }
  return given;
}

function createPolicy(call: Call): Reply {
  const given = policyFields(call);
  const server = serverOf(call);
  const now = timestamp();
  const policy: PolicyRecord = {
    id: newId("00p"),
    ...given,
    status: given.status ?? "ACTIVE",
    priority: given.priority ?? server.policies.length + 1,
    system: false,
    created: now,
    lastUpdated: now,
    rules: [],
  };
  server.policies.push(policy);
  call.store.changed();
  return created(renderPolicy(policy, call));
}

function updatePolicy(call: Call): Reply {
  const policy = policyOf(call);
  const given = policyFields(call);
  Object.assign(policy, given, {
    priority: given.priority ?? policy.priority,
    status: given.status ?? policy.status,
    lastUpdated: timestamp(),
  });
  call.store.changed();
  return ok(renderPolicy(policy, call));
}

function ruleFields(
  call: Call,
): Pick<RuleRecord, "type" | "name" | "conditions" | "actions"> & { priority?: number; status?: RuleRecord["status"] } {
  const given = parseBody(ruleBody, call.body, "authorization server policy rule");
  const plain = JSON.parse(JSON.stringify(given)) as { conditions: JsonObject; actions: JsonObject };
  return { ...given, conditions: plain.conditions, actions: plain.actions };
}

function createRule(call: Call): Reply {
  const given = ruleFields(call);
  const policy = policyOf(call);
  const now = timestamp();
  const rule: RuleRecord = {
    id: newId("0pr"),
    ...given,
    status: given.status ?? "ACTIVE",
    priority: given.priority ?? policy.rules.length + 1,
    system: false,
    created: now,
    lastUpdated: now,
  };
  policy.rules.push(rule);
  call.store.changed();
  return created(renderRule(rule, call));
}

function updateRule(call: Call): Reply {
  const rule = ruleOf(call);
  const given = ruleFields(call);
  Object.assign(rule, given, { priority: given.priority ?? rule.priority, status: given.status ?? rule.status, lastUpdated: timestamp() });
  call.store.changed();
  return ok(renderRule(rule, call));
}

function remove(call: Call): Reply {
  const policy = policyOf(call);
  if (call.params.ruleId === undefined) {
    if (policy.system) {
      throw accessDenied(`${policy.name}: expected a policy that is not a system policy`);
    }
    const server = serverOf(call);
    server.policies = server.policies.filter((candidate) => candidate !== policy);
  } else {
    const rule = ruleOf(call);
    policy.rules = policy.rules.filter((candidate) => candidate !== rule);
  }
  call.store.changed();
  return noContent;
}

function setStatus(target: (call: Call) => PolicyRecord | RuleRecord, value: "ACTIVE" | "INACTIVE"): (call: Call) => Reply {
  return (call) => {
    Object.assign(target(call), { status: value, lastUpdated: timestamp() });
    call.store.changed();
    return noContent;
  };
}

const policiesPath = "/api/v1/authorizationServers/:serverId/policies";
const policyPath = `${policiesPath}/:policyId`;
const rulePath = `${policyPath}/rules/:ruleId`;
const manage = "okta.authorizationServers.manage";
const read = "okta.authorizationServers.read";

export const authorizationServerPolicyRoutes: readonly Route[] = [
  {
    method: "GET",
    path: policiesPath,
    scope: read,
    handle: (call) => ok(serverOf(call).policies.map((policy) => renderPolicy(policy, call))),
  },
  { method: "POST", path: policiesPath, scope: manage, handle: createPolicy },
  { method: "GET", path: policyPath, scope: read, handle: (call) => ok(renderPolicy(policyOf(call), call)) },
  { method: "PUT", path: policyPath, scope: manage, handle: updatePolicy },
  { method: "DELETE", path: policyPath, scope: manage, handle: remove },
  { method: "POST", path: `${policyPath}/lifecycle/activate`, scope: manage, handle: setStatus(policyOf, "ACTIVE") },
  { method: "POST", path: `${policyPath}/lifecycle/deactivate`, scope: manage, handle: setStatus(policyOf, "INACTIVE") },
  {
    method: "GET",
    path: `${policyPath}/rules`,
    scope: read,
    handle: (call) => ok(policyOf(call).rules.map((rule) => renderRule(rule, call))),
  },
  { method: "POST", path: `${policyPath}/rules`, scope: manage, handle: createRule },
  { method: "GET", path: rulePath, scope: read, handle: (call) => ok(renderRule(ruleOf(call), call)) },
  { method: "PUT", path: rulePath, scope: manage, handle: updateRule },
  { method: "DELETE", path: rulePath, scope: manage, handle: remove },
  { method: "POST", path: `${rulePath}/lifecycle/activate`, scope: manage, handle: setStatus(ruleOf, "ACTIVE") },
  { method: "POST", path: `${rulePath}/lifecycle/deactivate`, scope: manage, handle: setStatus(ruleOf, "INACTIVE") },
];
