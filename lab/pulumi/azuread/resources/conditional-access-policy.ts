// azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy — the requests of conditional_access_policy_resource.go.
import { flag, integer, list, notImplemented, object, text } from "../../provider/schema";
import { objectOf, textOf, textsOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import type { Properties, Value } from "../../provider/values";
import { objectId, type GraphClient } from "../client";

const policiesPath = "/v1.0/identity/conditionalAccess/policies";
const names = list(text());

function body(inputs: Properties): Properties {
  const conditions = objectOf(inputs.conditions);
  const applications = objectOf(conditions.applications);
  const users = objectOf(conditions.users);
  return {
    "@odata.type": "#microsoft.graph.conditionalAccessPolicy",
    conditions: {
      applications: {
        excludeApplications: textsOf(applications.excludedApplications),
        includeApplications: textsOf(applications.includedApplications),
        includeUserActions: textsOf(applications.includedUserActions),
      },
      authenticationFlows: null,
      clientAppTypes: textsOf(conditions.clientAppTypes),
      devices: null,
      locations: null,
      platforms: null,
      servicePrincipalRiskLevels: textsOf(conditions.servicePrincipalRiskLevels),
      signInRiskLevels: textsOf(conditions.signInRiskLevels),
      userRiskLevels: textsOf(conditions.userRiskLevels),
      users: {
        excludeGroups: textsOf(users.excludedGroups),
        excludeGuestsOrExternalUsers: null,
        excludeRoles: textsOf(users.excludedRoles),
        excludeUsers: textsOf(users.excludedUsers),
        includeGroups: textsOf(users.includedGroups),
        includeGuestsOrExternalUsers: null,
        includeRoles: textsOf(users.includedRoles),
        includeUsers: textsOf(users.includedUsers),
      },
    },
    displayName: inputs.displayName ?? "",
    grantControls: grantBody(objectOf(inputs.grantControls)),
    sessionControls: sessionBody(objectOf(inputs.sessionControls)),
    state: inputs.state ?? "",
  };
}

function grantBody(grant: Properties): Value {
  if (!textOf(grant.operator)) {
    return null;
  }
  return {
    builtInControls: textsOf(grant.builtInControls),
    customAuthenticationFactors: textsOf(grant.customAuthenticationFactors),
    operator: grant.operator ?? "",
    termsOfUse: textsOf(grant.termsOfUses),
  };
}

function sessionBody(session: Properties): Value {
  if (typeof session.signInFrequency !== "number") {
    return null;
  }
  return {
    signInFrequency: {
      authenticationType: textOf(session.signInFrequencyAuthenticationType) ?? "primaryAndSecondaryAuthentication",
      frequencyInterval: textOf(session.signInFrequencyInterval) ?? "timeBased",
      isEnabled: true,
      type: textOf(session.signInFrequencyPeriod) ?? null,
      value: session.signInFrequency,
    },
  };
}

/** A list that was not given and is empty stays away, so that it is no drift. */
function stateOf(policy: Properties): Properties {
  const conditions = objectOf(policy.conditions);
  const applications = objectOf(conditions.applications);
  const users = objectOf(conditions.users);
  const grant = objectOf(policy.grantControls);
  const frequency = objectOf(objectOf(policy.sessionControls).signInFrequency);
  return {
    conditions: {
      applications: {
        excludedApplications: textsOf(applications.excludeApplications),
        includedApplications: textsOf(applications.includeApplications),
        includedUserActions: textsOf(applications.includeUserActions),
      },
      clientAppTypes: textsOf(conditions.clientAppTypes),
      servicePrincipalRiskLevels: textsOf(conditions.servicePrincipalRiskLevels),
      signInRiskLevels: textsOf(conditions.signInRiskLevels),
      userRiskLevels: textsOf(conditions.userRiskLevels),
      users: {
        excludedGroups: textsOf(users.excludeGroups),
        excludedRoles: textsOf(users.excludeRoles),
        excludedUsers: textsOf(users.excludeUsers),
        includedGroups: textsOf(users.includeGroups),
        includedRoles: textsOf(users.includeRoles),
        includedUsers: textsOf(users.includeUsers),
      },
    },
    displayName: policy.displayName ?? "",
    grantControls: textOf(grant.operator)
      ? {
          builtInControls: textsOf(grant.builtInControls),
          customAuthenticationFactors: textsOf(grant.customAuthenticationFactors),
          operator: grant.operator ?? "",
          termsOfUses: textsOf(grant.termsOfUse),
        }
      : null,
    objectId: policy.id ?? "",
    sessionControls:
      typeof frequency.value === "number"
        ? {
            signInFrequency: frequency.value,
            signInFrequencyAuthenticationType: textOf(frequency.authenticationType) ?? "",
            signInFrequencyInterval: textOf(frequency.frequencyInterval) ?? "",
            signInFrequencyPeriod: textOf(frequency.type) ?? "",
          }
        : null,
    state: policy.state ?? "",
  };
}

async function settled(client: GraphClient, id: string, inputs: Properties): Promise<Properties> {
  const path = `${policiesPath}/${id}`;
  await client.confirm(path, (found) => found?.displayName === inputs.displayName && found?.state === inputs.state);
  return stateOf(await client.send("GET", path));
}

export const conditionalAccessPolicy: ResourceType<GraphClient> = {
  properties: {
    conditions: object(
      {
        applications: object(
          { excludedApplications: names, filter: notImplemented, includedApplications: names, includedUserActions: names },
          { required: true },
        ),
        authenticationFlowTransferMethods: notImplemented,
        clientAppTypes: list(
          text({ allowed: ["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"] }),
          { required: true },
        ),
        clientApplications: notImplemented,
        devices: notImplemented,
        insiderRiskLevels: { ...notImplemented, computed: true },
        locations: notImplemented,
        platforms: notImplemented,
        servicePrincipalRiskLevels: names,
        signInRiskLevels: names,
        userRiskLevels: names,
        users: object(
          {
            excludedGroups: names,
            excludedGuestsOrExternalUsers: notImplemented,
            excludedRoles: names,
            excludedUsers: names,
            includedGroups: names,
            includedGuestsOrExternalUsers: notImplemented,
            includedRoles: names,
            includedUsers: names,
          },
          { required: true },
        ),
      },
      { required: true },
    ),
    displayName: text({ required: true }),
    grantControls: object({
      authenticationStrengthPolicyId: notImplemented,
      builtInControls: names,
      customAuthenticationFactors: names,
      operator: text({ required: true, allowed: ["AND", "OR"] }),
      termsOfUses: names,
    }),
    objectId: text({ outputOnly: true }),
    sessionControls: object({
      applicationEnforcedRestrictionsEnabled: notImplemented,
      cloudAppSecurityPolicy: notImplemented,
      disableResilienceDefaults: flag({ notImplemented: true }),
      persistentBrowserMode: notImplemented,
      signInFrequency: integer(),
      signInFrequencyAuthenticationType: text({ computed: true }),
      signInFrequencyInterval: text({ computed: true }),
      signInFrequencyPeriod: text({ allowed: ["days", "hours"] }),
    }),
    state: text({ required: true, allowed: ["disabled", "enabled", "enabledForReportingButNotEnforced"] }),
  },
  async create(client, inputs, created) {
    const made = await client.send("POST", policiesPath, body(inputs));
    const id = textOf(made.id) ?? "";
    created(`${policiesPath.slice("/v1.0".length)}/${id}`);
    return { id: `${policiesPath.slice("/v1.0".length)}/${id}`, state: await settled(client, id, inputs) };
  },
  async read(client, id) {
    const found = await client.find(`${policiesPath}/${objectId(id)}`);
    return found && { state: stateOf(found) };
  },
  async update(client, id, _state, inputs) {
    await client.send("PATCH", `${policiesPath}/${objectId(id)}`, body(inputs));
    return settled(client, objectId(id), inputs);
  },
  async delete(client, id) {
    const path = `${policiesPath}/${objectId(id)}`;
    if ((await client.find(path)) === undefined) {
      return;
    }
    await client.send("DELETE", path);
    await client.confirm(path, (found) => found === undefined);
  },
};
