import { entraNoGrantedPermissions } from "../../../policies/rules/entra-no-granted-permissions";
import { entra } from "../../../policies/types";
import { describeRule, unknown, type Fixture } from "../harness";

const role = "11111111-2222-4333-8444-555555555555";
const app: Fixture = { type: entra.servicePrincipal, name: "app", props: { clientId: "c" } };
const api: Fixture = { type: entra.servicePrincipal, name: "api", props: { clientId: "d" } };
const graph: Fixture = { type: entra.servicePrincipal, name: "graph", props: { clientId: "g", useExisting: true } };
const assignment = (props: object, from: Record<string, string[]> = {}): Fixture => ({
  type: entra.appRoleAssignment,
  name: "assignment",
  props: { appRoleId: role, principalObjectId: unknown, resourceObjectId: unknown, ...props },
  from,
});
const toApp = { principalObjectId: ["app"] };
const refused = (got: string) => [`appRoleId: expected no application permission on another API, got "${got}"`];

describeRule(entraNoGrantedPermissions, {
  passing: [app, api, graph, assignment({}, { ...toApp, resourceObjectId: ["api"] })],
  alsoPassing: {
    "a group's role in an application of the stack": { resources: [app, assignment({}, { resourceObjectId: ["app"] })] },
    "a group's role in an application of others": { resources: [app, assignment({}, {})] },
    "membership without a role": { resources: [app, assignment({ appRoleId: "00000000-0000-0000-0000-000000000000" }, toApp)] },
    "a role that is allowed": { resources: [app, assignment({}, toApp)], settings: { allowed: [role] } },
    "a role that is not known yet": { resources: [app, assignment({ appRoleId: unknown }, toApp)] },
    "a directory role for a group": { resources: [app, { type: entra.directoryRoleAssignment, props: { roleId: role } }] },
    "a directory role that is allowed": {
      resources: [app, { type: entra.directoryRoleAssignment, props: { roleId: role }, from: toApp }],
      settings: { allowed: [role] },
    },
  },
  violations: {
    "a role of an API that was there before": {
      resources: [app, graph, assignment({}, { ...toApp, resourceObjectId: ["graph"] })],
      messages: refused(role),
    },
    "a role of an API that was looked up": { resources: [app, assignment({}, toApp)], messages: refused(role) },
    "a permission of Graph, all of it written out": {
      resources: [assignment({ appRoleId: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", principalObjectId: role, resourceObjectId: role })],
      messages: refused("RoleManagement.ReadWrite.Directory"),
    },
    "the same in capitals": {
      resources: [assignment({ appRoleId: "9E3F62CF-CA93-4989-B6CE-BF83C28F9FE8" })],
      messages: refused("RoleManagement.ReadWrite.Directory"),
    },
    "a directory role": {
      resources: [app, { type: entra.directoryRoleAssignment, props: { roleId: role }, from: toApp }],
      messages: [`roleId: expected no directory role for an application, got "${role}"`],
    },
  },
});
