import { oktaNoAdministrators } from "../../../policies/rules/okta-no-administrators";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

const only = "expected nothing but READ_ONLY_ADMIN, REPORT_ADMIN, got";
const given = (type: string, props: Record<string, unknown>, ...messages: string[]) => ({ resources: [{ type, props }], messages });

describeRule(oktaNoAdministrators, {
  passing: { type: okta.groupRole, props: { groupId: "00g1", roleType: "READ_ONLY_ADMIN" } },
  alsoPassing: {
    "a custom role that is listed": {
      resources: [{ type: okta.groupRole, props: { roleType: "CUSTOM", roleId: "cr0" } }],
      settings: { allowed: ["cr0"] },
    },
    "scopes that read": { resources: [{ type: okta.apiScopes, props: { scopes: ["okta.groups.read"] } }] },
    "a client that reads": {
      resources: [{ type: "okta:index/oauth2V1ClientsRoleReadOnlyAdmin:Oauth2V1ClientsRoleReadOnlyAdmin", props: { clientId: "0oa1" } }],
    },
  },
  violations: {
    "a group": { change: { roleType: "SUPER_ADMIN" }, messages: [`roleType: ${only} "SUPER_ADMIN"`] },
    "a group's custom role": { change: { roleType: "CUSTOM", roleId: "cr0" }, messages: [`roleId: ${only} "cr0"`] },
    "a person": given(okta.userRoles, { adminRoles: ["REPORT_ADMIN", "USER_ADMIN"] }, `adminRoles: ${only} "USER_ADMIN"`),
    "a client": given(okta.clientRole, { type: "HELP_DESK_ADMIN" }, `type: ${only} "HELP_DESK_ADMIN"`),
    "a client's custom role": given(okta.clientRole, { type: "CUSTOM", role: "cr0" }, `role: ${only} "cr0"`),
    "a custom role's members": given(okta.customRole, { customRoleId: "cr0", members: ["m"] }, `customRoleId: ${only} "cr0"`),
    "scopes that write": given(
      okta.apiScopes,
      { scopes: ["okta.users.read", "okta.groups.manage"] },
      `scopes: ${only} "okta.groups.manage"`,
    ),
    "a client, by the type": given(
      "okta:index/oauth2V1ClientsRoleHelpDeskAdmin:Oauth2V1ClientsRoleHelpDeskAdmin",
      { clientId: "0oa1" },
      `role: ${only} "HELP_DESK_ADMIN"`,
    ),
    "a client's custom role, by the type": given(
      "okta:index/oauth2V1ClientsRoleCustom:Oauth2V1ClientsRoleCustom",
      { clientId: "0oa1" },
      `role: ${only} "CUSTOM"`,
    ),
  },
});
