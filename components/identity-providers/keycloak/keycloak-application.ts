import * as keycloak from "@pulumi/keycloak";
import * as pulumi from "@pulumi/pulumi";
import { compareText } from "../../../model";
import { restrictSignIn, type SignInFlow } from "./sign-in-flow";

/** A group with a grant on the platform. */
export interface KeycloakGrantedGroupArgs {
  /** Id of the group. */
  id: pulumi.Input<string>;
  /** What tokens carry for it. */
  claimValue: string;
}

export interface KeycloakApplicationArgs {
  /** Name of the realm, which is there already. */
  realm: string;
  /** The OAuth client id; unique in the realm. */
  clientId: string;
  /** Name in Keycloak's admin console. */
  displayName: string;
  /** A program on people's own machines, which keeps no secret and uses PKCE. @default false */
  publicClient?: boolean;
  /** Exact redirect URIs. */
  redirectUris: string[];
  /** Exact sign-out redirect URIs. */
  postLogoutRedirectUris: string[];
  /** Whether the platform refreshes. @default false */
  refreshTokens?: boolean;
  /** Refuse sign-ins without PKCE (S256): for a platform that sends a code challenge. A public client must. @default false */
  requirePkce?: boolean;
  /** Client scopes that every token has: `basic`, `acr`, `email`, `profile`. */
  defaultScopes: string[];
  /** Client scopes that the platform may ask for beside them, such as `offline_access`. @default [] */
  optionalScopes?: string[];
  /** The groups with a grant on the platform, by key. */
  grantedGroups: Record<string, KeycloakGrantedGroupArgs>;
  /** Ids of the people with a grant of their own, by sign-in name. @default {} */
  grantedUserIds?: Record<string, pulumi.Input<string>>;
  /** `granted` (these alone, by name), `paths` or `insecureNames` (all of the person); left out, tokens carry no groups. */
  groupClaims?: string;
  /** Name of the groups claim. @default "groups" */
  groupsClaim?: string;
  /** Only people of these groups, and those with a grant of their own, get past the sign-in. @default false */
  restrictSignIn?: boolean;
  /** The level of authentication that the client asks for. */
  acr?: string;
  /** How long ID and access tokens are valid. @default 300 */
  tokenLifetimeSeconds?: number;
  /** A sign-in flow that is there already, by its id; not beside `restrictSignIn`. Default: the realm's. */
  browserFlowId?: string;
  /** A text whose change makes a new client secret; not used by a public client. Left out, a client that was imported keeps its own. */
  secretKeeper?: string;
}

/**
 * A client in Keycloak that one platform signs people in with: code flow only, exact redirects, no scope beyond its own, groups bounded
 * to those with a grant. Confidential, or public with PKCE.
 */
export class KeycloakApplication extends pulumi.ComponentResource {
  /** The OAuth client id. */
  public readonly clientId: pulumi.Output<string>;
  /** The OAuth client secret; always a secret output, and empty for a public client. */
  public readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: KeycloakApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:KeycloakApplication", name, {}, opts);
    const child = { parent: this };
    const granted = Object.entries(args.grantedGroups).sort(([left], [right]) => compareText(left, right));
    const groupIds = granted.map(([key, { id }]) => [key, id] as const);

    const userIds = Object.entries(args.grantedUserIds ?? {}).sort(([left], [right]) => compareText(left, right));
    const flow = args.restrictSignIn === true ? restrictSignIn(name, args, groupIds, userIds, child) : undefined;
    const client = new keycloak.openid.Client(name, clientArgs(args, flow), { ...child, additionalSecretOutputs: ["clientSecret"] });
    const attached = attachScopes(name, args, client, child);
    if (args.groupClaims === "granted") {
      claimGrantedGroups(name, args, client, granted, child);
    } else if (args.groupClaims !== undefined) {
      claimAllGroups(name, args, client, child);
    }

    // Whoever reads the client id can sign in with it: the scopes that a platform asks for are attached by then.
    this.clientId = pulumi.all([client.clientId, attached]).apply(([id]) => id);
    this.clientSecret = pulumi.secret(args.publicClient === true ? "" : client.clientSecret);
    this.registerOutputs({ clientId: this.clientId, clientSecret: this.clientSecret });
  }
}

/** Every flag is written out: what is left out, Keycloak's provider takes over from a hand edit. */
function clientArgs(args: KeycloakApplicationArgs, flow: SignInFlow | undefined): keycloak.openid.ClientArgs {
  const publicClient = args.publicClient === true;
  const flowId = flow?.id ?? args.browserFlowId;
  return {
    realmId: args.realm,
    clientId: args.clientId,
    name: args.displayName,
    enabled: true,
    accessType: publicClient ? "PUBLIC" : "CONFIDENTIAL",
    clientAuthenticatorType: "client-secret",
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    oauth2DeviceAuthorizationGrantEnabled: false,
    consentRequired: false,
    // The provider's default gives every role of the person to every token, and every client of those roles to `aud`.
    fullScopeAllowed: false,
    validRedirectUris: [...args.redirectUris].sort(compareText),
    validPostLogoutRedirectUris: [...args.postLogoutRedirectUris].sort(compareText),
    webOrigins: [],
    // Without a secret, PKCE is all that ties the code to the program that asked for it (RFC 8252 section 6).
    pkceCodeChallengeMethod: publicClient || args.requirePkce === true ? "S256" : "",
    useRefreshTokens: args.refreshTokens ?? false,
    // Seconds in digits: the provider passes "5m" on, and Keycloak then answers 500 to every token request.
    accessTokenLifespan: String(args.tokenLifetimeSeconds ?? 300),
    frontchannelLogoutEnabled: false,
    // The server makes the secret, so that a realm whose client policy rotates secrets keeps the old one valid for a while.
    clientSecretRegenerateWhenChanged: publicClient || args.secretKeeper === undefined ? undefined : { rotation: args.secretKeeper },
    authenticationFlowBindingOverrides: flowId === undefined ? undefined : { browserId: flowId },
    extraConfig: args.acr === undefined ? undefined : { "default.acr.values": args.acr },
  };
}

/** Exhaustive lists: no `roles`, whose access tokens name other clients, and no `microprofile-jwt`, which fills `groups` with realm roles. */
function attachScopes(
  name: string,
  args: KeycloakApplicationArgs,
  client: keycloak.openid.Client,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  const of = { realmId: args.realm, clientId: client.id };
  const defaults = new keycloak.openid.ClientDefaultScopes(
    `${name}-scopes`,
    { ...of, defaultScopes: [...args.defaultScopes].sort(compareText) },
    child,
  );
  const optional = new keycloak.openid.ClientOptionalScopes(
    `${name}-optional-scopes`,
    { ...of, optionalScopes: [...(args.optionalScopes ?? [])].sort(compareText) },
    // A scope cannot be both, and is moved from one list to the other in this order.
    { ...child, dependsOn: defaults },
  );
  return [defaults.id, optional.id];
}

/** A role of the client itself for each group: the group mapper has neither filter nor limit (keycloak/keycloak#47952). */
function claimGrantedGroups(
  name: string,
  args: KeycloakApplicationArgs,
  client: keycloak.openid.Client,
  granted: readonly (readonly [string, KeycloakGrantedGroupArgs])[],
  child: pulumi.CustomResourceOptions,
): void {
  for (const [key, group] of granted) {
    const role = new keycloak.Role(
      `${name}-role-${key}`,
      { realmId: args.realm, clientId: client.id, name: group.claimValue, description: `Grants of the group ${group.claimValue}` },
      child,
    );
    new keycloak.GroupRoles(
      `${name}-group-${key}`,
      // The group's other roles are other people's business.
      { realmId: args.realm, groupId: group.id, roleIds: [role.id], exhaustive: false },
      child,
    );
  }
  new keycloak.openid.UserClientRoleProtocolMapper(
    `${name}-groups-claim`,
    {
      realmId: args.realm,
      clientId: client.id,
      name: "groups",
      claimName: args.groupsClaim ?? "groups",
      claimValueType: "String",
      clientIdForRoleMappings: args.clientId,
      // The provider's default puts one role alone into the token, as a text.
      multivalued: true,
      addToIdToken: true,
      addToAccessToken: true,
      addToUserinfo: true,
    },
    child,
  );
}

function claimAllGroups(
  name: string,
  args: KeycloakApplicationArgs,
  client: keycloak.openid.Client,
  child: pulumi.CustomResourceOptions,
): void {
  new keycloak.openid.GroupMembershipProtocolMapper(
    `${name}-groups-claim`,
    {
      realmId: args.realm,
      clientId: client.id,
      name: "groups",
      claimName: args.groupsClaim ?? "groups",
      fullPath: args.groupClaims === "paths",
      addToIdToken: true,
      addToAccessToken: true,
      addToUserinfo: true,
    },
    child,
  );
}
