import { guidPattern } from "../../../../model/text/guid";
import { malformed, resourceNotFound } from "./errors";
import type { Application, ConditionalAccessPolicy } from "./entities";
import { listOptions, found, list, merge, noContent, one, readBody, type GraphCall, type Route } from "./call";
import { readPolicies, writePolicies } from "./permissions";
import { conditionalAccessBody, type ConditionalAccessBody } from "./shapes";

const resourceType = "ConditionalAccessPolicy";
const policiesPath = "identity/conditionalAccess/policies";
const anyApplication = new Set(["All", "None", "Office365", "MicrosoftAdminPortals"]);
const anyUser = new Set(["All", "None", "GuestsOrExternalUsers"]);

/** The service numbers its refusals ("1007: ...", hashicorp/terraform-provider-azuread#790); the wording after the number is ours. */
function refused(text: string): Error {
  return malformed(`1009: ${text}`);
}

function check(call: GraphCall, fields: ConditionalAccessBody): void {
  const { displayName, state, conditions, grantControls, sessionControls } = fields;
  if (displayName === undefined || displayName === "") {
    throw refused("displayName: a value is required.");
  }
  if (state === undefined) {
    throw refused("state: a value is required.");
  }
  if (conditions === undefined) {
    throw malformed("1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type.");
  }
  const { applications, users } = conditions;
  const included = [
    ...(applications.includeApplications ?? []),
    ...(applications.includeUserActions ?? []),
    ...(applications.includeAuthenticationContextClassReferences ?? []),
  ];
  if (included.length === 0) {
    throw refused("conditions.applications: at least one application, user action or authentication context must be included.");
  }
  checkApplications(call, [...(applications.includeApplications ?? []), ...(applications.excludeApplications ?? [])]);
  const people = [users.includeUsers, users.includeGroups, users.includeRoles].flatMap((ids) => ids ?? []);
  if (people.length === 0 && (users.includeGuestsOrExternalUsers ?? null) === null) {
    throw refused("conditions.users: at least one user, group, role or guest must be included.");
  }
  for (const id of [...(users.includeUsers ?? []), ...(users.excludeUsers ?? [])]) {
    if (!anyUser.has(id) && !guidPattern.test(id)) {
      throw refused(`conditions.users: '${id}' is neither an object ID nor one of ${[...anyUser].join(", ")}.`);
    }
  }
  for (const id of [...(users.includeGroups ?? []), ...(users.excludeGroups ?? [])]) {
    if (call.store.readObject(id)?.kind !== "group") {
      throw refused(`conditions.users: '${id}' is not the object ID of a group.`);
    }
  }
  if ((grantControls ?? null) === null && (sessionControls ?? null) === null) {
    throw refused("grantControls, sessionControls: at least one is required.");
  }
  if (grantControls !== null && grantControls !== undefined) {
    const controls = [grantControls.builtInControls, grantControls.customAuthenticationFactors, grantControls.termsOfUse].flatMap(
      (list) => list ?? [],
    );
    if (controls.length === 0 && (grantControls.authenticationStrength ?? null) === null) {
      throw refused("grantControls: at least one control is required.");
    }
    if (controls.includes("block") && controls.length > 1) {
      throw refused("grantControls.builtInControls: 'block' stands alone.");
    }
  }
}

/**
 * A policy names what people sign in to, and that is the service principal: a registration without one is refused, word by word
 * as hashicorp/go-azure-sdk sdk/odata/errors_test.go has it. A public client is no resource at all
 * (learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps, "you aren't able to apply it to a
 * client (public/native) application").
 */
function checkApplications(call: GraphCall, ids: readonly string[]): void {
  const invalid = new Map<string, string>();
  for (const id of ids) {
    if (anyApplication.has(id)) {
      continue;
    }
    const application = call.store.applicationByAppId(id);
    if (!guidPattern.test(id) || call.store.principalByAppId(id) === undefined) {
      invalid.set(id, "ServicePrincipalNotFound");
    } else if (application !== undefined && isPublicClient(application)) {
      invalid.set(id, "PublicClientsAreUnsupported");
    }
  }
  if (invalid.size > 0) {
    throw malformed(`1034: Policy contains invalid applications: ${JSON.stringify(Object.fromEntries(invalid))}`);
  }
}

function isPublicClient({ fields }: Application): boolean {
  const web = [fields.web, fields.spa].flatMap((platform) => platform?.redirectUris ?? []);
  return fields.isFallbackPublicClient === true || (web.length === 0 && (fields.publicClient?.redirectUris ?? []).length > 0);
}

function row(policy: ConditionalAccessPolicy): Record<string, unknown> {
  return {
    id: policy.id,
    createdDateTime: policy.createdDateTime,
    modifiedDateTime: policy.modifiedDateTime,
    templateId: null,
    ...policy.fields,
  };
}

function policyOf(call: GraphCall): ConditionalAccessPolicy {
  const id = call.params["id"] ?? "";
  if (!guidPattern.test(id)) {
    throw resourceNotFound(id);
  }
  return found(call, "conditionalAccessPolicy", id);
}

export const conditionalAccessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: policiesPath,
    requires: readPolicies,
    query: listOptions,
    handle: (call) => list(call, call.store.list("conditionalAccessPolicy").map(row), ["displayName", "id", "state"]),
  },
  {
    method: "POST",
    path: policiesPath,
    requires: writePolicies,
    handle: (call) => {
      const body = readBody(conditionalAccessBody, call.body, resourceType);
      check(call, body);
      const clientAppTypes = body.conditions?.clientAppTypes ?? ["all" as const];
      const {
        displayName = "",
        state = "disabled",
        conditions,
        grantControls = null,
        sessionControls = null,
      } = merge({}, body) as ConditionalAccessBody;
      const policy = call.store.add({
        kind: "conditionalAccessPolicy",
        id: call.store.newId(),
        createdDateTime: call.store.timestamp(),
        modifiedDateTime: null,
        fields: {
          displayName,
          state,
          conditions: { applications: {}, users: {}, ...conditions, clientAppTypes },
          grantControls,
          sessionControls,
        },
      });
      return one(call, row(policy), 201);
    },
  },
  {
    method: "GET",
    path: `${policiesPath}/:id`,
    requires: readPolicies,
    query: ["$select"],
    handle: (call) => one(call, row(policyOf(call))),
  },
  {
    method: "PATCH",
    path: `${policiesPath}/:id`,
    requires: writePolicies,
    handle: (call) => {
      const policy = policyOf(call);
      const fields = merge(policy.fields, readBody(conditionalAccessBody, call.body, resourceType));
      check(call, fields);
      policy.fields = fields;
      policy.modifiedDateTime = call.store.timestamp();
      return noContent;
    },
  },
  {
    method: "DELETE",
    path: `${policiesPath}/:id`,
    requires: writePolicies,
    handle: (call) => {
      call.store.remove(policyOf(call).id);
      return noContent;
    },
  },
];
