// The azuread provider: which resource types and functions there are.
import { version } from "@pulumi/azuread/package.json";
import type { ProviderTable } from "../provider/table";
import { GraphClient } from "./client";
import { configSchema, resolveConfig } from "./config";
import { functions } from "./lookups";
import { appRoleAssignment } from "./resources/app-role-assignment";
import { application } from "./resources/application";
import { applicationPassword } from "./resources/application-password";
import { conditionalAccessPolicy } from "./resources/conditional-access-policy";
import { federatedCredential } from "./resources/federated-credential";
import { group } from "./resources/group";
import { groupMember } from "./resources/group-member";
import { servicePrincipal } from "./resources/service-principal";

export const azuread: ProviderTable<GraphClient> = {
  name: "azuread",
  version,
  config: configSchema,
  async connect(config) {
    const client = new GraphClient(resolveConfig(config, process.env));
    await client.connect();
    return client;
  },
  resources: {
    "azuread:index/appRoleAssignment:AppRoleAssignment": appRoleAssignment,
    "azuread:index/application:Application": application,
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": federatedCredential,
    "azuread:index/applicationPassword:ApplicationPassword": applicationPassword,
    "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": conditionalAccessPolicy,
    "azuread:index/group:Group": group,
    "azuread:index/groupMember:GroupMember": groupMember,
    "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipal,
  },
  functions,
};
