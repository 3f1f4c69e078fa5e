// okta:index/appSignonPolicyRule:AppSignonPolicyRule — the requests of terraform-provider-okta resource_okta_app_signon_policy_rule.go.
import { flag, integer, list, object, set, text, type CheckFailure, type Schema } from "../../provider/schema";
import { defined, numberOf, objectOf, objectsOf, parseJson, requiredText, sortedJson, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import type { OktaClient } from "../client";

const properties: Schema = {
  access: text({ default: "ALLOW", allowed: ["ALLOW", "DENY"] }),
  chains: list(text()),
  constraints: list(text()),
  customExpression: text(),
  deviceAssurancesIncluded: set(text()),
  deviceIsManaged: flag(),
  deviceIsRegistered: flag(),
  factorMode: text({ default: "2FA" }),
  groupsExcluded: set(text()),
  groupsIncluded: set(text()),
  inactivityPeriod: text(),
  keepMeSignedIn: object({ postAuth: text({ computed: true }), postAuthPromptFrequency: text({ computed: true }) }, { computed: true }),
  name: text({ autoName: true }),
  networkConnection: text({ default: "ANYWHERE" }),
  networkExcludes: list(text()),
  networkIncludes: list(text()),
  office365ClientIncludes: set(text()),
  platformIncludes: set(object({ osExpression: text(), osType: text(), type: text() })),
  policyId: text({ required: true, forceNew: true }),
  priority: integer(),
  reAuthenticationFrequency: text({ default: "PT2H" }),
  riskScore: text({ computed: true }),
  status: text({ default: "ACTIVE", allowed: ["ACTIVE", "INACTIVE"] }),
  system: flag({ outputOnly: true }),
  type: text({ default: "ASSURANCE" }),
  userTypesExcluded: set(text()),
  userTypesIncluded: set(text()),
  usersExcluded: set(text()),
  usersIncluded: set(text()),
};

const resourceType = "okta.AppSignonPolicyRule";
const rulesPath = (policyId: Value | undefined): string => `/api/v1/policies/${textOf(policyId) ?? ""}/rules`;

function validateRule(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (inputs.deviceIsRegistered === false) {
    failures.push({ property: "deviceIsRegistered", reason: "deviceIsRegistered: expected true, or nothing at all, got false" });
  }
  if (inputs.deviceIsManaged !== undefined && inputs.deviceIsRegistered === undefined) {
    failures.push({ property: "deviceIsManaged", reason: "deviceIsManaged: deviceIsRegistered must be set as well" });
  }
  if (textsOf(inputs.networkIncludes).length > 0 && textsOf(inputs.networkExcludes).length > 0) {
    failures.push({ property: "networkIncludes", reason: "expected one of networkIncludes and networkExcludes, got both" });
  }
  return failures;
}

/** Include and exclude lists as an object, undefined when both are empty. */
function includeExclude(include: Value | undefined, exclude: Value | undefined): Properties | undefined {
  const [included, excluded] = [textsOf(include), textsOf(exclude)];
  if (included.length === 0 && excluded.length === 0) {
    return undefined;
  }
  return defined({ include: included.length > 0 ? included : undefined, exclude: excluded.length > 0 ? excluded : undefined });
}

function conditions(inputs: Properties): Properties {
  const users = includeExclude(inputs.usersIncluded, inputs.usersExcluded);
  const groups = includeExclude(inputs.groupsIncluded, inputs.groupsExcluded);
  const expression = textOf(inputs.customExpression);
  const riskScore = textOf(inputs.riskScore);
  const assurances = includeExclude(inputs.deviceAssurancesIncluded, undefined);
  const registered = inputs.deviceIsRegistered === true;
  const platforms = objectsOf(inputs.platformIncludes).map((platform): Properties => ({
    os: defined({ type: platform.osType, expression: platform.osType === "OTHER" ? textOf(platform.osExpression) : undefined }),
    type: platform.type ?? "",
  }));
  return defined({
    network: { connection: inputs.networkConnection ?? "ANYWHERE", ...includeExclude(inputs.networkIncludes, inputs.networkExcludes) },
    platform: platforms.length > 0 ? { include: platforms } : {},
    people: users || groups ? defined({ users, groups }) : undefined,
    userType: includeExclude(inputs.userTypesIncluded, inputs.userTypesExcluded),
    elCondition: expression ? { condition: expression } : undefined,
    riskScore: riskScore ? { level: riskScore } : undefined,
    device:
      registered || assurances
        ? defined({
            registered: registered ? true : undefined,
            managed: registered ? inputs.deviceIsManaged === true : undefined,
            assurance: assurances,
          })
        : undefined,
    office365Client: includeExclude(inputs.office365ClientIncludes, undefined),
  });
}

function body(inputs: Properties): Properties {
  const constraints = textsOf(inputs.constraints).map((text) => parseJson(text, "constraints"));
  const chains = textsOf(inputs.chains).map((text) => parseJson(text, "chains"));
  // A chain's own frequency and the rule's exclude each other.
  const chainsDecide = chains.some((chain) => textOf(objectOf(chain).reauthenticateIn));
  const signedIn = objectOf(inputs.keepMeSignedIn);
  return {
    type: "ACCESS_POLICY",
    name: inputs.name ?? "",
    priority: numberOf(inputs.priority) ?? 0,
    conditions: conditions(inputs),
    actions: {
      appSignOn: defined({
        access: inputs.access,
        keepMeSignedIn: Object.keys(signedIn).length > 0 ? signedIn : undefined,
        verificationMethod: defined({
          type: inputs.type,
          factorMode: inputs.factorMode,
          reauthenticateIn: chainsDecide ? undefined : inputs.reAuthenticationFrequency,
          inactivityPeriod: textOf(inputs.inactivityPeriod),
          constraints: constraints.length > 0 ? constraints : undefined,
          chains: chains.length > 0 ? chains : undefined,
        }),
      }),
    },
  };
}

/** The text that was given, if it says the same. */
function jsonTexts(found: Value | undefined, known: Value | undefined): string[] {
  const before = textsOf(known);
  return (Array.isArray(found) ? found : []).map((value, index) => {
    const given = before[index];
    return given !== undefined && sortedJson(parseJson(given, "state")) === sortedJson(value) ? given : sortedJson(value);
  });
}

function ruleState(rule: Properties, policyId: Value | undefined, known: Properties): Properties {
  const signOn = objectOf(objectOf(rule.actions).appSignOn);
  const method = objectOf(signOn.verificationMethod);
  const found = objectOf(rule.conditions);
  const [people, device, network] = [objectOf(found.people), objectOf(found.device), objectOf(found.network)];
  const lists = (value: Value | undefined): { include: string[]; exclude: string[] } => ({
    include: textsOf(objectOf(value).include),
    exclude: textsOf(objectOf(value).exclude),
  });
  const [users, groups, userTypes] = [lists(people.users), lists(people.groups), lists(found.userType)];
  return {
    access: signOn.access ?? null,
    chains: jsonTexts(method.chains, known.chains),
    constraints: jsonTexts(method.constraints, known.constraints),
    customExpression: objectOf(found.elCondition).condition ?? null,
    deviceAssurancesIncluded: lists(device.assurance).include,
    deviceIsManaged: device.managed ?? null,
    deviceIsRegistered: device.registered ?? null,
    factorMode: textOf(method.factorMode) ?? "2FA",
    groupsExcluded: groups.exclude,
    groupsIncluded: groups.include,
    inactivityPeriod: textOf(method.inactivityPeriod) ?? null,
    keepMeSignedIn: signOn.keepMeSignedIn ?? null,
    name: rule.name ?? null,
    networkConnection: textOf(network.connection) ?? known.networkConnection ?? "ANYWHERE",
    networkExcludes: textsOf(network.exclude),
    networkIncludes: textsOf(network.include),
    office365ClientIncludes: lists(found.office365Client).include,
    platformIncludes: objectsOf(objectOf(found.platform).include).map((platform) =>
      defined({ osType: objectOf(platform.os).type, osExpression: textOf(objectOf(platform.os).expression), type: platform.type }),
    ),
    policyId: policyId ?? null,
    priority: rule.priority ?? null,
    reAuthenticationFrequency: textOf(method.reauthenticateIn) ?? known.reAuthenticationFrequency ?? "PT2H",
    riskScore: objectOf(found.riskScore).level ?? null,
    status: rule.status ?? null,
    system: rule.system === true,
    type: method.type ?? null,
    userTypesExcluded: userTypes.exclude,
    userTypesIncluded: userTypes.include,
    usersExcluded: users.exclude,
    usersIncluded: users.include,
  };
}

export const appSignonPolicyRule: ResourceType<OktaClient> = {
  properties,
  validate: validateRule,
  create: (client, inputs, created) =>
    client.oneRuleAtATime(async () => {
      await client.requireIdentityEngine(resourceType);
      const rules = rulesPath(inputs.policyId);
      const id = requiredText(await client.send("POST", rules, body(inputs)), "id");
      created(id);
      if (inputs.status === "INACTIVE") {
        await client.send("POST", `${rules}/${id}/lifecycle/deactivate`);
      }
      return { id, state: ruleState(await client.send("GET", `${rules}/${id}`), inputs.policyId, inputs) };
    }),
  async read(client, id, state) {
    await client.requireIdentityEngine(resourceType);
    // An import names the policy and the rule.
    const [first = id, second] = id.split("/");
    const [policyId, ruleId]: [Value | undefined, string] = second === undefined ? [state.policyId, first] : [first, second];
    const rule = await client.find(`${rulesPath(policyId)}/${ruleId}`);
    return rule && { id: ruleId, state: ruleState(rule, policyId, state) };
  },
  update: (client, id, state, inputs) =>
    client.oneRuleAtATime(async () => {
      await client.requireIdentityEngine(resourceType);
      const path = `${rulesPath(inputs.policyId)}/${id}`;
      const wanted = body(inputs);
      // The conditions of the catch-all rule are Okta's.
      if (state.system === true) {
        delete wanted.conditions;
      }
      await client.send("PUT", path, wanted);
      if (state.status !== inputs.status) {
        await client.send("POST", `${path}/lifecycle/${inputs.status === "ACTIVE" ? "activate" : "deactivate"}`);
      }
      return ruleState(await client.send("GET", path), inputs.policyId, inputs);
    }),
  delete: (client, id, state) =>
    client.oneRuleAtATime(async () => {
      await client.requireIdentityEngine(resourceType);
      // Okta does not let it be deleted.
      if (state.name === "Catch-all Rule") {
        return;
      }
      await client.send("DELETE", `${rulesPath(state.policyId)}/${id}`);
    }),
};
