// The okta provider: which resource types and functions there are.
import { version } from "@pulumi/okta/package.json";
import type { ProviderTable } from "../provider/table";
import { OktaClient } from "./client";
import { configSchema, resolveConfig, validateConfig } from "./config";
import { functions } from "./lookups";
import { appGroupAssignments } from "./resources/app-group-assignments";
import { appOAuth } from "./resources/app-oauth";
import { appSignonPolicy } from "./resources/app-signon-policy";
import { appSignonPolicyRule } from "./resources/app-signon-policy-rule";
import {
  authorizationServer,
  authorizationServerClaim,
  authorizationServerPolicy,
  authorizationServerPolicyRule,
  authorizationServerScope,
} from "./resources/authorization-server";
import { appUser } from "./resources/app-user";
import { group } from "./resources/group";
import { groupMemberships } from "./resources/group-memberships";

export const okta: ProviderTable<OktaClient> = {
  name: "okta",
  version,
  config: configSchema,
  validateConfig,
  async connect(config) {
    const client = new OktaClient(resolveConfig(config, process.env));
    await client.verifyCredentials();
    return client;
  },
  resources: {
    "okta:app/oAuth:OAuth": appOAuth,
    "okta:app/user:User": appUser,
    "okta:auth/server:Server": authorizationServer,
    "okta:auth/serverClaim:ServerClaim": authorizationServerClaim,
    "okta:auth/serverPolicy:ServerPolicy": authorizationServerPolicy,
    "okta:auth/serverPolicyRule:ServerPolicyRule": authorizationServerPolicyRule,
    "okta:auth/serverScope:ServerScope": authorizationServerScope,
    "okta:group/group:Group": group,
    "okta:index/appGroupAssignments:AppGroupAssignments": appGroupAssignments,
    "okta:index/appSignonPolicy:AppSignonPolicy": appSignonPolicy,
    "okta:index/appSignonPolicyRule:AppSignonPolicyRule": appSignonPolicyRule,
    "okta:index/groupMemberships:GroupMemberships": groupMemberships,
  },
  functions,
};
