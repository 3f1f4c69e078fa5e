import { randomBytes } from "node:crypto";
import { rolesAssigned } from "./access";
import type { Application, Group, ServicePrincipal, User } from "./graph/entities";
import { groupsOf, type TenantStore } from "./graph/store";

/**
 * "200 for JWT tokens"; tokens of the implicit flow travel in a URL and take 6 (learn.microsoft.com/entra/identity-platform,
 * access-token-claims-reference, "groups").
 */
const mostGroups = { token: 200, implicit: 6 } as const;

export interface ClaimsRequest {
  readonly store: TenantStore;
  readonly graphUrl: string;
  readonly application: Application;
  readonly principal: ServicePrincipal;
  readonly user: User;
  readonly scopes: readonly string[];
  /** The ID token comes from the authorization endpoint (response_type=id_token). */
  readonly implicit: boolean;
  /** The person has passed a second factor for this application. */
  readonly secondFactor: boolean;
}

/** The groups that `groupMembershipClaims` lets into a token, in the order of the tenant. */
function claimedGroups(store: TenantStore, application: Application, principal: ServicePrincipal, user: User): Group[] {
  const wanted = new Set((application.fields.groupMembershipClaims ?? "").split(",").map((word) => word.trim()));
  const chosen = new Set<Group>();
  if (wanted.has("SecurityGroup") || wanted.has("All")) {
    for (const group of groupsOf(store, user.id, true)) {
      if (group.fields.securityEnabled || (wanted.has("All") && group.fields.mailEnabled)) {
        chosen.add(group);
      }
    }
  }
  if (wanted.has("ApplicationGroup")) {
    const assigned = new Set(store.assignments(principal.id).map((one) => one.principalId));
    for (const group of groupsOf(store, user.id, false)) {
      if (assigned.has(group.id)) {
        chosen.add(group);
      }
    }
  }
  return store.groups().filter((group) => chosen.has(group));
}

function groupClaims(request: ClaimsRequest, roles: readonly string[]): Record<string, unknown> {
  const { store, application, principal, user } = request;
  const groups = claimedGroups(store, application, principal, user);
  const option = application.fields.optionalClaims?.idToken?.find((claim) => claim.name === "groups");
  const properties = option?.additionalProperties ?? [];
  const limit = request.implicit ? mostGroups.implicit : mostGroups.token;
  if (groups.length > limit) {
    if (request.implicit) {
      return { hasgroups: true, ...rolesClaim(roles) };
    }
    const endpoint = `${request.graphUrl}/v1.0/users/${user.id}/getMemberObjects`;
    return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } }, ...rolesClaim(roles) };
  }
  // "This option works only when groupMembershipClaims is set to ApplicationGroup" (optional-claims, cloud_displayname).
  const named = properties.includes("cloud_displayname") && application.fields.groupMembershipClaims === "ApplicationGroup";
  const values = groups.map((group) => (named ? (group.fields.displayName ?? group.id) : group.id));
  // "If emit_as_roles is used, any application roles configured that the user is assigned aren't in the role claim."
  if (properties.includes("emit_as_roles")) {
    return values.length > 0 ? { roles: values } : {};
  }
  return { ...(values.length > 0 ? { groups: values } : {}), ...rolesClaim(roles) };
}

function rolesClaim(roles: readonly string[]): Record<string, unknown> {
  return roles.length > 0 ? { roles: [...roles] } : {};
}

/**
 * Claims of a v2.0 ID token beside those of the protocol, as "ID token claims reference" and "Optional claims reference" have them
 * (learn.microsoft.com/entra/identity-platform). The version of an ID token follows the endpoint that issued it, not
 * `requestedAccessTokenVersion`. `oid`, `name` and `preferred_username` need the scope `profile`. A v2.0 ID token has no `amr`;
 * `acrs` comes only as an optional claim.
 */
export function idTokenClaims(request: ClaimsRequest): Record<string, unknown> {
  const { store, user, application, principal, scopes } = request;
  const { fields } = user;
  const asked = new Set((application.fields.optionalClaims?.idToken ?? []).map((claim) => claim.name));
  const profile = scopes.includes("profile");
  const optional: Record<string, unknown> = {
    ...(asked.has("acct") ? { acct: fields.userType === "Guest" ? 1 : 0 } : {}),
    ...(asked.has("acrs") && request.secondFactor ? { acrs: ["p1"] } : {}),
    ...(asked.has("upn") && profile ? { upn: fields.userPrincipalName } : {}),
    ...(asked.has("given_name") && profile && fields.givenName !== null ? { given_name: fields.givenName } : {}),
    ...(asked.has("family_name") && profile && fields.surname !== null ? { family_name: fields.surname } : {}),
  };
  return {
    tid: store.tenantId,
    ver: "2.0",
    uti: randomBytes(16).toString("base64url"),
    nbf: Math.floor(Date.now() / 1000),
    ...(profile ? { oid: user.id, name: fields.displayName, preferred_username: fields.userPrincipalName } : {}),
    ...((scopes.includes("email") || asked.has("email")) && fields.mail !== null ? { email: fields.mail } : {}),
    ...optional,
    ...groupClaims(request, rolesAssigned(store, principal, user).values),
  };
}

/** The UserInfo endpoint is Graph's own: it never has groups or roles ("UserInfo endpoint", userinfo.md). */
export function userInfoClaims(user: User, scopes: readonly string[]): Record<string, unknown> {
  const { fields } = user;
  return {
    ...(scopes.includes("profile") ? { name: fields.displayName, family_name: fields.surname, given_name: fields.givenName } : {}),
    ...(scopes.includes("email") && fields.mail !== null ? { email: fields.mail } : {}),
  };
}
