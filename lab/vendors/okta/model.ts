/** What the organisation holds. Plain JSON, so that it can be written to a file and read back. Times: ISO 8601, UTC, whole seconds. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
// A record type may not refer to itself, an interface may.

export interface JsonObject {
  [key: string]: Json;
}

export interface GroupRecord {
  id: string;
  type: "OKTA_GROUP" | "BUILT_IN";
  created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  profile: { name: string; description: string | null };
  /** User ids, in the order of joining. Empty for Everyone, which holds all users by definition. */
  members: string[];
  /** Left out where nobody ever gave it any. */
  roles?: RoleRecord[];
  /** Users and groups by id, in the order in which they came. */
  owners?: { id: string; type: "USER" | "GROUP"; lastUpdated: string }[];
}

export type UserStatus = "STAGED" | "PROVISIONED" | "ACTIVE" | "SUSPENDED" | "DEPROVISIONED";

export interface RoleRecord {
  id: string;
  type: string;
  label: string;
  created: string;
}

export interface UserRecord {
  id: string;
  status: UserStatus;
  created: string;
  activated: string | null;
  statusChanged: string | null;
  lastLogin: string | null;
  lastUpdated: string;
  passwordChanged: string | null;
  profile: JsonObject & { login: string; email: string; firstName: string; lastName: string };
  /** scrypt, base64url; never the password. */
  password?: { salt: string; hash: string };
  roles: RoleRecord[];
}

export type GroupFilter = "STARTS_WITH" | "EQUALS" | "CONTAINS" | "REGEX";

export interface IdTokenSettings {
  issuerMode: string;
  name?: string;
  value?: string;
  valueType?: "GROUPS" | "EXPRESSION";
  groupFilterType?: GroupFilter;
}

export interface AppGroupRecord {
  id: string;
  priority: number;
  profile: JsonObject;
  lastUpdated: string;
}

export interface AppUserRecord {
  id: string;
  userName: string;
  profile: JsonObject;
  created: string;
}

export interface ClientSecretRecord {
  id: string;
  secret: string;
  status: "ACTIVE" | "INACTIVE";
  created: string;
  lastUpdated: string;
}

export interface AppRecord {
  id: string;
  label: string;
  status: "ACTIVE" | "INACTIVE";
  created: string;
  lastUpdated: string;
  clientId: string;
  /** In the order of their creation; none where the client has no secret. */
  clientSecrets: ClientSecretRecord[];
  autoKeyRotation: boolean;
  pkceRequired: boolean;
  authMethod: string;
  accessibility: JsonObject;
  visibility: JsonObject;
  userNameTemplate: JsonObject;
  notes: { admin: string | null; enduser: string | null };
  implicitAssignment: boolean;
  profile: JsonObject | null;
  /** `settings.oauthClient` as it is answered. */
  oauthClient: JsonObject;
  linkToken: string;
  accessPolicyId: string;
  idToken: IdTokenSettings;
  groups: AppGroupRecord[];
  users: AppUserRecord[];
  /** OAuth scopes granted to a service app. */
  grants: { id: string; scopeId: string; created: string }[];
  /** Administrator roles of a service app. */
  roles?: RoleRecord[];
}

export interface RuleRecord {
  id: string;
  name: string;
  type: string;
  status: "ACTIVE" | "INACTIVE";
  priority: number;
  system: boolean;
  created: string;
  lastUpdated: string;
  conditions: JsonObject | null;
  actions: JsonObject;
}

export interface PolicyRecord {
  id: string;
  type: string;
  name: string;
  description: string | null;
  status: "ACTIVE" | "INACTIVE";
  priority: number;
  system: boolean;
  created: string;
  lastUpdated: string;
  conditions: JsonObject | null;
  rules: RuleRecord[];
}

export interface ClaimRecord {
  id: string;
  name: string;
  status: "ACTIVE" | "INACTIVE";
  claimType: "IDENTITY" | "RESOURCE";
  valueType: "EXPRESSION" | "GROUPS" | "SYSTEM";
  value: string;
  conditions: { scopes: string[] };
  system: boolean;
  alwaysIncludeInToken: boolean;
  groupFilterType?: GroupFilter;
}

export interface ScopeRecord {
  id: string;
  name: string;
  displayName: string | null;
  description: string | null;
  consent: string;
  default: boolean;
  metadataPublish: string;
  optional: boolean;
  system: boolean;
}

export interface AuthorizationServerRecord {
  id: string;
  name: string;
  description: string | null;
  audiences: string[];
  issuerMode: string;
  status: "ACTIVE" | "INACTIVE";
  created: string;
  lastUpdated: string;
  rotationMode: string;
  default: boolean;
  claims: ClaimRecord[];
  scopes: ScopeRecord[];
  policies: PolicyRecord[];
}

export interface OktaState {
  version: 1;
  orgId: string;
  groups: GroupRecord[];
  users: UserRecord[];
  apps: AppRecord[];
  policies: PolicyRecord[];
  authorizationServers: AuthorizationServerRecord[];
}
