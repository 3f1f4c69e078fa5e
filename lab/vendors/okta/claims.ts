import { randomBytes } from "node:crypto";
import { filterGroups } from "./group-claims";
import type { AppRecord, AuthorizationServerRecord, ClaimRecord, GroupFilter, UserRecord } from "./model";
import type { OktaStore } from "./store";

/*
 * Which claims an ID token carries, from Okta's OpenID Connect reference (developer.okta.com/docs/reference/api/oidc, "Scope-dependent
 * claims"): the org server's ID token, when an access token goes with it (the code flow), has `email` with scope email, `name` and
 * `preferred_username` with scope profile, and nothing more: a "thin" token; groups and the rest are at /oauth2/v1/userinfo. An ID token on
 * its own (response_type=id_token) is "fat". A custom server adds to a thin token the claims whose `alwaysIncludeInToken` is true.
 * Seen by users: int128/kubelogin#250, argoproj/argo-workflows#6165, okta/okta-developer-docs#1778.
 */

type Claims = Record<string, unknown>;

function base(orgId: string): Claims {
  return { ver: 1, jti: `ID.${randomBytes(32).toString("base64url")}`, idp: orgId };
}

function fullName(user: UserRecord): string {
  const shown = user.profile.displayName;
  return typeof shown === "string" && shown !== "" ? shown : `${user.profile.firstName} ${user.profile.lastName}`;
}

function thin(user: UserRecord, scopes: readonly string[]): Claims {
  return {
    ...(scopes.includes("profile") ? { name: fullName(user), preferred_username: user.profile.login } : {}),
    ...(scopes.includes("email") ? { email: user.profile.email } : {}),
  };
}

function full(user: UserRecord, scopes: readonly string[]): Claims {
  const { firstName, lastName, locale, timezone } = user.profile;
  return {
    ...thin(user, scopes),
    ...(scopes.includes("profile")
      ? {
          given_name: firstName,
          family_name: lastName,
          locale: typeof locale === "string" ? locale : "en_US",
          zoneinfo: typeof timezone === "string" ? timezone : "America/Los_Angeles",
          updated_at: Math.floor(Date.parse(user.lastUpdated) / 1000),
        }
      : {}),
    ...(scopes.includes("email") ? { email_verified: true } : {}),
  };
}

/** A small part of Okta's expression language: a quoted text or an attribute of the user; an unknown attribute has no value. @throws for a function call. */
function evaluateExpression(expression: string, user: UserRecord): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(expression.trim());
  if (quoted) {
    return quoted[2];
  }
  const attribute = /^(?:user|appuser)\.(?:profile\.)?(\w+)$/.exec(expression.trim());
  if (attribute) {
    return user.profile[attribute[1] ?? ""] ?? undefined;
  }
  if (/^\w+$/.test(expression.trim())) {
    return undefined;
  }
  throw new Error(`claim expression: expected "text" or user.<attribute>, got ${expression}, which this server cannot evaluate`);
}

function value(store: OktaStore, user: UserRecord, claim: { valueType?: string; value?: string; groupFilterType?: GroupFilter }): unknown {
  if (claim.valueType === "GROUPS" && claim.groupFilterType !== undefined) {
    const names = store.groupsOf(user).map((group) => group.profile.name);
    return filterGroups(names, claim.groupFilterType, claim.value ?? "");
  }
  return evaluateExpression(claim.value ?? '""', user);
}

/** The app's claim of the org server ("OpenID Connect ID Token > Groups claim"): only when scope `groups` was asked for. */
function appClaim(store: OktaStore, app: AppRecord, user: UserRecord, scopes: readonly string[]): Claims {
  const { name, valueType } = app.idToken;
  if (name === undefined || valueType === undefined || !scopes.includes("groups")) {
    return {};
  }
  const found = value(store, user, app.idToken);
  return found === undefined ? {} : { [name]: found };
}

export function orgIdToken(
  store: OktaStore,
  app: AppRecord,
  user: UserRecord,
  scopes: readonly string[],
  withAccessToken: boolean,
): Claims {
  const rest = withAccessToken ? thin(user, scopes) : { ...full(user, scopes), ...appClaim(store, app, user, scopes) };
  return { ...base(store.state.orgId), ...rest };
}

export function orgUserInfo(store: OktaStore, app: AppRecord, user: UserRecord, scopes: readonly string[]): Claims {
  return { ...full(user, scopes), ...appClaim(store, app, user, scopes) };
}

function serverClaims(
  store: OktaStore,
  server: AuthorizationServerRecord,
  user: UserRecord,
  scopes: readonly string[],
  wanted: (claim: ClaimRecord) => boolean,
): Claims {
  const claims = server.claims.filter(
    (claim) =>
      claim.status === "ACTIVE" &&
      claim.claimType === "IDENTITY" &&
      (claim.conditions.scopes.length === 0 || claim.conditions.scopes.some((scope) => scopes.includes(scope))) &&
      wanted(claim),
  );
  return Object.fromEntries(
    claims.flatMap((claim) => {
      const found = value(store, user, claim);
      return found === undefined ? [] : [[claim.name, found]];
    }),
  );
}

export function serverIdToken(
  store: OktaStore,
  server: AuthorizationServerRecord,
  user: UserRecord,
  scopes: readonly string[],
  withAccessToken: boolean,
): Claims {
  const own = serverClaims(store, server, user, scopes, (claim) => !withAccessToken || claim.alwaysIncludeInToken);
  return { ...base(store.state.orgId), ...(withAccessToken ? thin(user, scopes) : full(user, scopes)), ...own };
}

export function serverUserInfo(store: OktaStore, server: AuthorizationServerRecord, user: UserRecord, scopes: readonly string[]): Claims {
  return { ...full(user, scopes), ...serverClaims(store, server, user, scopes, () => true) };
}
