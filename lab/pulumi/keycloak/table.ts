// The keycloak provider: which resource types and functions there are.
import { version } from "@pulumi/keycloak/package.json";
import type { ProviderTable } from "../provider/table";
import { KeycloakClient } from "./client";
import { configSchema, resolveConfig, validateConfig } from "./config";
import { functions } from "./lookups";
import { execution, executionConfig, flow, subflow } from "./resources/authentication";
import { group, groupMemberships, groupRoles, role, userRoles } from "./resources/groups";
import { groupMembershipMapper, userClientRoleMapper } from "./resources/mappers";
import { openidClient } from "./resources/openid-client";
import { clientDefaultScopes, clientOptionalScopes } from "./resources/scopes";

export const keycloak: ProviderTable<KeycloakClient> = {
  name: "keycloak",
  version,
  config: configSchema,
  validateConfig,
  async connect(config) {
    const client = new KeycloakClient(resolveConfig(config, process.env));
    await client.login();
    return client;
  },
  resources: {
    "keycloak:authentication/execution:Execution": execution,
    "keycloak:authentication/executionConfig:ExecutionConfig": executionConfig,
    "keycloak:authentication/flow:Flow": flow,
    "keycloak:authentication/subflow:Subflow": subflow,
    "keycloak:index/group:Group": group,
    "keycloak:index/groupMemberships:GroupMemberships": groupMemberships,
    "keycloak:index/groupRoles:GroupRoles": groupRoles,
    "keycloak:index/role:Role": role,
    "keycloak:index/userRoles:UserRoles": userRoles,
    "keycloak:openid/client:Client": openidClient,
    "keycloak:openid/clientDefaultScopes:ClientDefaultScopes": clientDefaultScopes,
    "keycloak:openid/clientOptionalScopes:ClientOptionalScopes": clientOptionalScopes,
    "keycloak:openid/groupMembershipProtocolMapper:GroupMembershipProtocolMapper": groupMembershipMapper,
    "keycloak:openid/userClientRoleProtocolMapper:UserClientRoleProtocolMapper": userClientRoleMapper,
  },
  functions,
};
