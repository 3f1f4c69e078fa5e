import { entraNoAppPermissions } from "../../../policies/rules/entra-no-app-permissions";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const userReadAll = "df021288-bdef-4463-88db-98f22de89214";

describeRule(entraNoAppPermissions, {
  passing: {
    type: entra.application,
    props: { requiredResourceAccesses: [{ resourceAppId: "graph", resourceAccesses: [{ id: "e1fe6dd8", type: "Scope" }] }] },
  },
  alsoPassing: {
    "a permission that is allowed": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: userReadAll, type: "Role" } },
      settings: { allowed: [userReadAll] },
    },
    "delegated access only": { resources: [{ type: entra.apiAccess, props: { scopeIds: ["e1fe6dd8"] } }] },
  },
  violations: {
    "an application permission": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 1": { id: userReadAll, type: "Role" } },
      messages: [`requiredResourceAccesses[0].resourceAccesses[1]: expected no application permission (type Role), found "${userReadAll}"`],
    },
    "one whose ID is not known yet": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: unknown, type: "Role" } },
      messages: ['requiredResourceAccesses[0].resourceAccesses[0]: expected no application permission (type Role), found "Role"'],
    },
    "the split resource": {
      resources: [{ type: entra.apiAccess, props: { roleIds: [userReadAll] } }],
      messages: [`roleIds: expected no application permission, found ["${userReadAll}"]`],
    },
  },
});
