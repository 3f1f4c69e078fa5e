import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { compareText } from "../../../model";
import { consentToDirectoryReads, directoryReads } from "./directory-reads";
import { operationTimeouts } from "./timeouts";

/** A group that may sign in to the app. */
export interface EntraAssignedGroupArgs {
  /** Object id. */
  id: pulumi.Input<string>;
  /** Name for people; it describes the app role where one is made. */
  displayName: string;
}

/** A client secret that must exist. */
export interface EntraSecretArgs {
  /** First day, `YYYY-MM-DD`; names the resource. */
  start: string;
  /** End of validity, RFC 3339 in UTC. */
  expiresAt?: string;
}

/** A Conditional Access policy that requires a second factor for the app. */
export interface EntraMultiFactorArgs {
  /** `enforced`, or `report-only`: evaluated and logged, never blocking. */
  state: string;
  /** Object id of the group that the policy leaves out. */
  breakGlassGroupId: pulumi.Input<string>;
}

export interface EntraApplicationArgs {
  /** Name of the app registration. */
  displayName: string;
  /** Exact redirect URIs of the platform. */
  redirectUris: string[];
  /** A program on people's own machines, which keeps no secret: its redirect URIs are loopback ones, and it uses PKCE. @default false */
  publicClient?: boolean;
  /** Loopback redirect for `gatehouse login`; left out, there is none. */
  diagnosticRedirectUri?: string;
  /** Which groups a token carries: `assigned`, `all` or `appRoles`. */
  groupClaims: string;
  /** The groups that hold a grant, by key: exactly those are assigned. */
  assignedGroups: Record<string, EntraAssignedGroupArgs>;
  /** Object ids of the people who may sign in without any of the groups, by sign-in name. @default {} */
  assignedUserIds?: Record<string, pulumi.Input<string>>;
  /** Claims to put into the ID token that Entra ID leaves out unasked. @default ["email"] */
  optionalClaims?: string[];
  /** Object ids of the owners. Without any the deploying account would lose its own ownership (terraform-provider-azuread docs/resources/application.md). */
  ownerIds: pulumi.Input<string[]>;
  /** The client secrets: the active one first, then the one before it while the overlap lasts. None for a public client. */
  secrets: EntraSecretArgs[];
  /** The value of the client secret `initial` where the app had it before the stack; left out, one is made. @secret */
  adoptedSecret?: pulumi.Input<string>;
  /** Let everybody in the tenant sign in: ask for no assignment. @default false */
  insecureAssignEveryone?: boolean;
  /** Let the authorization endpoint issue ID tokens. @default false */
  insecureImplicitIdTokens?: boolean;
  /** Not for a public client: Conditional Access applies to what people sign in to, never to a program on their own machines. */
  multiFactor?: EntraMultiFactorArgs;
  /** Let the app read all users and groups of the tenant, without a person (Microsoft Graph application permissions). @default false */
  readsDirectory?: boolean;
}

/** The role that stands for an assignment without any app role (Microsoft Graph, appRoleAssignment); an app that has roles takes one of them alone. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";
/** The app role of people with a grant of their own: it lets them sign in, and no key of a group can be the same. */
const singlePerson = "single.person";

/**
 * An app registration in Entra ID that one platform signs people in with: single tenant, version 2 tokens, exact
 * redirects, code flow only, assignment required, groups bounded to the assigned ones.
 *
 * Everything stands inline on the Application: the split resources beside it would undo it (pulumi/pulumi-azuread#1169).
 */
export class EntraApplication extends pulumi.ComponentResource {
  /** The OAuth client id. */
  public readonly clientId: pulumi.Output<string>;
  /** The active client secret; always a secret output, and empty for a public client. @secret */
  public readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: EntraApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:EntraApplication", name, {}, opts);
    const child = { parent: this, customTimeouts: operationTimeouts };
    const appRoles = args.groupClaims === "appRoles";
    const groups = Object.entries(args.assignedGroups).sort(([left], [right]) => compareText(left, right));

    const app = new azuread.Application(name, applicationArgs(name, args, appRoles, groups), child);
    const principal = new azuread.ServicePrincipal(
      `${name}-principal`,
      { clientId: app.clientId, appRoleAssignmentRequired: args.insecureAssignEveryone !== true, owners: args.ownerIds },
      child,
    );
    for (const [key, group] of groups) {
      new azuread.AppRoleAssignment(
        `${name}-group-${key}`,
        { appRoleId: appRoles ? appRoleId(name, key) : defaultAccess, principalObjectId: group.id, resourceObjectId: principal.objectId },
        child,
      );
    }
    for (const [login, principalObjectId] of Object.entries(args.assignedUserIds ?? {}).sort(([left], [right]) =>
      compareText(left, right),
    )) {
      new azuread.AppRoleAssignment(
        `${name}-user-${login}`,
        { appRoleId: appRoles ? appRoleId(name, singlePerson) : defaultAccess, principalObjectId, resourceObjectId: principal.objectId },
        child,
      );
    }
    const [active] =
      args.publicClient === true ? [] : args.secrets.map((secret) => secretValue(name, app.id, secret, args.adoptedSecret, child));
    if (active === undefined && args.publicClient !== true) {
      throw new Error(`${name}: expected at least one client secret in the schedule, got none.`);
    }
    if (args.multiFactor !== undefined) {
      if (args.publicClient === true) {
        throw new Error(`${name}: expected no multiFactor for a public client, to which Conditional Access does not apply; got both.`);
      }
      // The principal's, which is the same id: without its service principal Entra ID refuses the application in a policy (1034,
      // ServicePrincipalNotFound), and the provider does not try again.
      requireMultiFactor(name, args.displayName, principal.clientId, args.multiFactor, child);
    }
    if (args.readsDirectory === true) {
      consentToDirectoryReads(name, principal.objectId, child);
    }

    this.clientId = app.clientId;
    this.clientSecret = pulumi.secret(active ?? "");
    this.registerOutputs({ clientId: this.clientId, clientSecret: this.clientSecret });
  }
}

function applicationArgs(
  name: string,
  args: EntraApplicationArgs,
  appRoles: boolean,
  groups: readonly (readonly [string, EntraAssignedGroupArgs])[],
): azuread.ApplicationArgs {
  const publicRedirectUris = [
    ...(args.publicClient === true ? args.redirectUris : []),
    ...(args.diagnosticRedirectUri === undefined ? [] : [args.diagnosticRedirectUri]),
  ];
  return {
    displayName: args.displayName,
    signInAudience: "AzureADMyOrg",
    preventDuplicateNames: true,
    owners: args.ownerIds,
    // The provider's default is version 1, whose issuer is another (docs/resources/application.md of the provider).
    api: { requestedAccessTokenVersion: 2 },
    web: {
      // A redirect URI of the web kind demands a secret at the token endpoint (AADSTS7000218), one of the public kind refuses it.
      redirectUris: args.publicClient === true ? [] : args.redirectUris,
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: args.insecureImplicitIdTokens ?? false },
    },
    publicClient: publicRedirectUris.length === 0 ? undefined : { redirectUris: publicRedirectUris },
    groupMembershipClaims: appRoles ? undefined : [args.groupClaims === "all" ? "SecurityGroup" : "ApplicationGroup"],
    requiredResourceAccesses: args.readsDirectory === true ? [directoryReads] : undefined,
    optionalClaims: { idTokens: (args.optionalClaims ?? ["email"]).map((claim) => ({ name: claim })) },
    appRoles: appRoles
      ? [
          ...groups.map(([key, { displayName }]) => appRole(name, key, displayName, `Grants of the group ${displayName}`)),
          ...(Object.keys(args.assignedUserIds ?? {}).length === 0
            ? []
            : [appRole(name, singlePerson, "Single people", "People with a grant of their own may sign in")]),
        ]
      : undefined,
  };
}

function secretValue(
  name: string,
  applicationId: pulumi.Input<string>,
  secret: EntraSecretArgs,
  adopted: pulumi.Input<string> | undefined,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // Entra ID never shows a secret again: the one that is in use cannot be imported, only handed in.
  return secret.start === "initial" && adopted !== undefined
    ? pulumi.secret(adopted)
    : createSecret(name, applicationId, secret, child).value;
}

/** One resource a secret, named by its first day: the next one is made beside it, and it goes when its overlap ends (hashicorp/terraform-provider-azuread#1549). */
function createSecret(
  name: string,
  applicationId: pulumi.Input<string>,
  secret: EntraSecretArgs,
  child: pulumi.CustomResourceOptions,
): azuread.ApplicationPassword {
  return new azuread.ApplicationPassword(
    `${name}-secret-${secret.start}`,
    { applicationId, displayName: `gatehouse ${secret.start}`, endDate: secret.expiresAt },
    { ...child, additionalSecretOutputs: ["value"] },
  );
}

function requireMultiFactor(
  name: string,
  displayName: string,
  clientId: pulumi.Input<string>,
  args: EntraMultiFactorArgs,
  child: pulumi.CustomResourceOptions,
): azuread.ConditionalAccessPolicy {
  return new azuread.ConditionalAccessPolicy(
    `${name}-mfa`,
    {
      displayName: `${displayName}: second factor`,
      state: args.state === "enforced" ? "enabled" : "enabledForReportingButNotEnforced",
      conditions: {
        clientAppTypes: ["all"],
        applications: { includedApplications: [clientId] },
        users: { includedUsers: ["All"], excludedGroups: [args.breakGlassGroupId] },
      },
      grantControls: { operator: "OR", builtInControls: ["mfa"] },
    },
    child,
  );
}

function appRole(name: string, value: string, displayName: string, description: string): azuread.types.input.ApplicationAppRole {
  return { id: appRoleId(name, value), allowedMemberTypes: ["User"], displayName, description, enabled: true, value };
}

/** The same role keeps the same id from one update to the next: a UUID (version 8, RFC 9562) made of a hash of its names. */
function appRoleId(name: string, key: string): string {
  const hash = createHash("sha256").update(`gatehouse/app-role/${name}/${key}`).digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `${variant}${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-");
}
