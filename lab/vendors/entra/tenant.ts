import { randomUUID } from "node:crypto";
import { graphAppId } from "./client-credentials";
import { newApplication } from "./graph/applications";
import { addPassword } from "./graph/credentials";
import type { Group, User } from "./graph/entities";
import { newGroup } from "./graph/groups";
import { evidencePermissions, graphRoleIds, provisioningPermissions } from "./graph/permissions";
import { newServicePrincipal } from "./graph/service-principals";
import type { TenantStore } from "./graph/store";

/** A person of the tenant. `otp` is the one-time code that the second factor takes; fixed, since it is a lab. */
export interface LabPerson {
  /** userPrincipalName, e.g. ana@example.com. */
  readonly login: string;
  readonly password: string;
  readonly displayName?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Mailbox; the login by default, null for a person without one. */
  readonly mail?: string | null;
  readonly otp?: string;
  readonly id?: string;
  readonly enabled?: boolean;
  readonly guest?: boolean;
  /** Display names of groups that are there before Pulumi comes; made when missing. */
  readonly groups?: readonly string[];
}

export interface LabGroup {
  readonly displayName: string;
  readonly id?: string;
  readonly description?: string;
  /** Display names of groups that are members of this one. */
  readonly nested?: readonly string[];
}

/** The application that provisions: what `ARM_CLIENT_ID` and `ARM_CLIENT_SECRET` name. */
export interface LabCaller {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Object id of its service principal. */
  readonly objectId: string;
  /** Application permissions on Microsoft Graph; all that Gatehouse needs by default. */
  readonly permissions?: readonly string[];
}

export interface TenantContent {
  readonly people: readonly LabPerson[];
  readonly groups?: readonly LabGroup[];
  readonly caller: LabCaller;
}

/** Fills a new tenant with what is there before Pulumi comes. Such objects are visible at once. */
export function furnish(store: TenantStore, content: TenantContent): void {
  addCaller(store, content.caller);
  for (const group of content.groups ?? []) {
    addGroup(store, group.displayName, group);
  }
  for (const { displayName, nested = [] } of content.groups ?? []) {
    for (const inner of nested) {
      groupNamed(store, displayName).members.add(groupNamed(store, inner).id);
    }
  }
  for (const person of content.people) {
    addPerson(store, person);
  }
}

/** @throws Error when the login is taken. */
export function addPerson(store: TenantStore, person: LabPerson): User {
  if (store.user(person.login) !== undefined) {
    throw new Error(`person ${person.login}: expected a login that is free, got one that is taken`);
  }
  const [alias = person.login] = person.login.split("@");
  const fullName = [person.firstName, person.lastName].filter((part) => part !== undefined).join(" ");
  const user = store.add<User>(
    {
      kind: "user",
      id: person.id ?? randomUUID(),
      createdDateTime: store.timestamp(),
      fields: {
        accountEnabled: person.enabled ?? true,
        displayName: person.displayName ?? (fullName || alias),
        givenName: person.firstName ?? null,
        mail: person.mail === undefined ? person.login : person.mail,
        mailNickname: alias,
        surname: person.lastName ?? null,
        userPrincipalName: person.login,
        userType: person.guest === true ? "Guest" : "Member",
      },
    },
    true,
  );
  store.setCredentials(user.id, person.password, person.otp);
  for (const name of person.groups ?? []) {
    groupNamed(store, name).members.add(user.id);
  }
  return user;
}

function groupNamed(store: TenantStore, displayName: string): Group {
  return store.groups().find((group) => group.fields.displayName === displayName) ?? addGroup(store, displayName, {});
}

function addGroup(store: TenantStore, displayName: string, rest: { id?: string; description?: string }): Group {
  const mailNickname = displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const fields = { displayName, mailNickname, description: rest.description ?? null, mailEnabled: false, securityEnabled: true };
  return store.add(newGroup(store, fields, new Set(), { id: rest.id }), true);
}

function addCaller(store: TenantStore, caller: LabCaller): void {
  const permissions = caller.permissions ?? [...provisioningPermissions, ...evidencePermissions];
  const appRoles = [...new Set([...Object.keys(graphRoleIds), ...provisioningPermissions, ...permissions])].sort().map((value) => ({
    id: graphRoleIds[value] ?? randomUUID(),
    allowedMemberTypes: ["Application" as const],
    displayName: value,
    description: value,
    isEnabled: true,
    value,
  }));
  const graph = store.add(
    newServicePrincipal(store, graphAppId, new Set(), { foreign: { displayName: "Microsoft Graph", appRoles } }),
    true,
  );
  const application = newApplication(store, { displayName: "lab provisioning" }, new Set(), { appId: caller.clientId.toLowerCase() });
  addPassword(store, application, { displayName: "lab" }, caller.clientSecret);
  store.add(application, true);
  const principal = store.add(newServicePrincipal(store, application.appId, new Set(), { id: caller.objectId.toLowerCase() }), true);
  for (const role of appRoles) {
    if (permissions.includes(role.value)) {
      store.assign({ appRoleId: role.id, principalId: principal.id, resourceId: graph.id });
    }
  }
}
