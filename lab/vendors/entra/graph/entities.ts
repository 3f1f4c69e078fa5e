import type { AppRole, ApplicationBody, ConditionalAccessBody, GroupBody, ServicePrincipalBody } from "./shapes";

/** Graph shows `hint` (the first three characters), never the secret again. Times are ISO 8601 in UTC. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly hint: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

export interface FederatedCredential {
  readonly id: string;
  name: string;
  description: string | null;
  issuer: string;
  subject: string;
  audiences: string[];
}

type Settled<T, Skipped extends string> = Required<Omit<T, Skipped | "@odata.type">>;

/** What every object of the directory has, beside its own fields. */
export interface Base {
  readonly id: string;
  readonly createdDateTime: string;
}

export interface Application extends Base {
  readonly kind: "application";
  readonly appId: string;
  readonly owners: Set<string>;
  readonly federatedCredentials: Map<string, FederatedCredential>;
  readonly passwords: PasswordCredential[];
  /** keyId to secret: never part of an answer, except that of addPassword. */
  readonly secrets: Map<string, string>;
  fields: Settled<ApplicationBody, "owners@odata.bind">;
}

export interface ServicePrincipal extends Base {
  readonly kind: "servicePrincipal";
  readonly appId: string;
  readonly owners: Set<string>;
  fields: Settled<ServicePrincipalBody, "owners@odata.bind" | "appId">;
  /** For principals whose application lives elsewhere (Microsoft Graph itself); otherwise the application's roles count. */
  readonly foreign?: { readonly displayName: string; readonly appRoles: readonly AppRole[] };
}

export interface Group extends Base {
  readonly kind: "group";
  readonly owners: Set<string>;
  readonly members: Set<string>;
  fields: Settled<GroupBody, "owners@odata.bind" | "members@odata.bind">;
}

export interface User extends Base {
  readonly kind: "user";
  fields: {
    accountEnabled: boolean;
    displayName: string;
    givenName: string | null;
    mail: string | null;
    mailNickname: string;
    surname: string | null;
    userPrincipalName: string;
    userType: "Member" | "Guest";
  };
}

export interface ConditionalAccessPolicy extends Base {
  readonly kind: "conditionalAccessPolicy";
  modifiedDateTime: string | null;
  fields: Settled<ConditionalAccessBody, never>;
}

export type DirectoryObject = Application | ServicePrincipal | Group | User;
export type Entity = DirectoryObject | ConditionalAccessPolicy;

export interface AppRoleAssignment {
  readonly id: string;
  readonly createdDateTime: string;
  readonly appRoleId: string;
  readonly principalId: string;
  readonly resourceId: string;
}

/** Who holds a directory role; `directoryScopeId` is "/" for the whole tenant, or "/" and an object's id. */
export interface DirectoryRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}

/** "The default app role": what an assignment names when the application declares no role (appRoleAssignment resource type). */
export const defaultAppRole = "00000000-0000-0000-0000-000000000000";
