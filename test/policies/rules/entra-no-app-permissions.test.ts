import { entraNoAppPermissions } from "../../../policies/rules/entra-no-app-permissions";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const userReadAll = "df021288-bdef-4463-88db-98f22de89214";

describeRule(entraNoAppPermissions, {
  passing: {
    type: entra.application,
    props: {
      web: { redirectUris: ["https://k10.example.com/cb"] },
      requiredResourceAccesses: [{ resourceAppId: "graph", resourceAccesses: [{ id: "e1fe6dd8", type: "Scope" }] }],
    },
  },
  alsoPassing: {
    "a permission that is allowed": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: userReadAll, type: "Role" } },
      settings: { allowed: [userReadAll] },
    },
    "a daemon, to which nobody signs in": {
      change: { web: undefined, "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: userReadAll, type: "Role" } },
    },
    "delegated access only": { resources: [{ type: entra.apiAccess, props: { scopeIds: ["e1fe6dd8"] } }] },
  },
  violations: {
    "an application permission": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 1": { id: userReadAll, type: "Role" } },
      messages: [`requiredResourceAccesses[0].resourceAccesses[1]: expected no application permission (type Role), got "${userReadAll}"`],
    },
    ...Object.fromEntries(
      ["singlePageApplication", "publicClient", "groupMembershipClaims"].map((part) => [
        `an application permission beside ${part}`,
        {
          change: {
            web: undefined,
            [part]: ["x"],
            "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: userReadAll, type: "Role" },
          },
          messages: [
            `requiredResourceAccesses[0].resourceAccesses[0]: expected no application permission (type Role), got "${userReadAll}"`,
          ],
        },
      ]),
    ),
    "one whose ID is not known yet": {
      change: { "requiredResourceAccesses > 0 > resourceAccesses > 0": { id: unknown, type: "Role" } },
      messages: ['requiredResourceAccesses[0].resourceAccesses[0]: expected no application permission (type Role), got "Role"'],
    },
    "the split resource": {
      resources: [{ type: entra.apiAccess, props: { roleIds: [userReadAll] } }],
      messages: [`roleIds: expected no application permission, got ["${userReadAll}"]`],
    },
  },
});
