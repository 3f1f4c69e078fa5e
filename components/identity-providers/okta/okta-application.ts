import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { compareText, oktaGroupsFilter } from "../../../model";
import { providerSettings } from "../../own-resources";
import { organisationSettings } from "./client-secrets/management";
import { ClientSecrets, type ClientSecretArgs } from "./client-secrets/resource";

export interface OktaApplicationArgs {
  /** Name of the app in Okta's admin console. */
  label: pulumi.Input<string>;
  /** Exact redirect URIs. */
  redirectUris: string[];
  /** Exact sign-out redirect URIs. */
  postLogoutRedirectUris: string[];
  /** `authorization_code`, and `refresh_token` where the platform refreshes. Never implicit, never password. */
  grantTypes: string[];
  /** How the platform authenticates at the token endpoint. @default "client_secret_basic" */
  clientAuthentication?: string;
  /** Refuse sign-ins without PKCE. @default false */
  requirePkce?: boolean;
  /** Ids of the groups that may sign in, by a stable key. */
  assignedGroupIds: Record<string, pulumi.Input<string>>;
  /** Ids of the people who may sign in without any of the groups, by sign-in name. @default {} */
  assignedUserIds?: Record<string, pulumi.Input<string>>;
  /** Names of the groups that the token may carry; left out where a custom authorization server has the claim. */
  claimedGroups?: string[];
  /** Name of the groups claim. @default "groups" */
  groupsClaim?: string;
  /** Id of the authentication policy; Okta's default policy otherwise. */
  authenticationPolicyId?: pulumi.Input<string>;
  /** Which address tokens of the organisation's own server name as their issuer: `ORG_URL`, `CUSTOM_URL` or `DYNAMIC`. @default "ORG_URL" */
  issuerMode?: string;
  /**
   * First days of the client secrets, the active one first: `YYYY-MM-DD`, or `initial` before any rotation. With a second one, Okta accepts
   * both, so that pods may read the new one at their own pace. Not used by a public client.
   */
  secrets: string[];
  /** The value of the client secret `initial` where the app had it before the stack; left out, one is made. @secret */
  adoptedSecret?: pulumi.Input<string>;
}

/**
 * An app in Okta that one platform signs people in with: code flow only, exact redirects, bounded groups claim, assigned groups.
 * A web app with a client secret; with `clientAuthentication: "none"` a native app, a public client that must use PKCE.
 */
export class OktaApplication extends pulumi.ComponentResource {
  /** The OAuth client id. */
  public readonly clientId: pulumi.Output<string>;
  /** The OAuth client secret; always a secret output, and empty for a public client. @secret */
  public readonly clientSecret: pulumi.Output<string>;

  constructor(name: string, args: OktaApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:OktaApplication", name, {}, opts);
    const child = { parent: this };
    const publicClient = args.clientAuthentication === "none";

    const starts = publicClient ? [] : args.secrets;
    const values = starts.map((start, index) =>
      start === "initial" && args.adoptedSecret !== undefined
        ? pulumi.secret(args.adoptedSecret)
        : createValue(name, start, index === starts.length - 1, child).result,
    );
    if (values.length === 0 && !publicClient) {
      throw new Error(`${name}: expected at least one client secret in the schedule, got none.`);
    }

    const app = new okta.app.OAuth(name, clientArgs(args, publicClient, values[0]), {
      ...child,
      additionalSecretOutputs: ["clientSecret", "clientBasicSecret"],
      ignoreChanges: publicClient ? undefined : ["clientBasicSecret"],
    });
    const organisation = providerSettings(this, "okta:app/oAuth:OAuth", organisationSettings);
    const accepted = publicClient
      ? undefined
      : new ClientSecrets(`${name}-secrets`, { appId: app.id, secrets: pairs(starts, values), organisation }, child);

    const assigned = Object.entries(args.assignedGroupIds).sort(([left], [right]) => compareText(left, right));
    if (assigned.length > 0) {
      // One owner of all assignments: the singular resource beside this one would undo it (okta/terraform-provider-okta#1798).
      const groups = assigned.map(([, id]) => ({ id, profile: "{}" }));
      new okta.AppGroupAssignments(`${name}-groups`, { appId: app.id, groups }, child);
    }

    for (const [login, userId] of Object.entries(args.assignedUserIds ?? {}).sort(([left], [right]) => compareText(left, right))) {
      new okta.app.User(`${name}-user-${login}`, { appId: app.id, userId }, child);
    }

    this.clientId = app.clientId;
    // Handed on once Okta accepts it.
    this.clientSecret = pulumi.secret(pulumi.all([values[0], accepted?.id]).apply(([value]) => value ?? ""));
    this.registerOutputs({ clientId: this.clientId, clientSecret: this.clientSecret });
  }
}

function clientArgs(args: OktaApplicationArgs, publicClient: boolean, firstSecret: pulumi.Output<string> | undefined): okta.app.OAuthArgs {
  return {
    label: args.label,
    type: publicClient ? "native" : "web",
    grantTypes: args.grantTypes,
    responseTypes: ["code"],
    redirectUris: args.redirectUris,
    postLogoutRedirectUris: args.postLogoutRedirectUris,
    wildcardRedirect: "DISABLED",
    tokenEndpointAuthMethod: args.clientAuthentication ?? "client_secret_basic",
    // Without a secret, PKCE is all that ties the code to the program that asked for it (RFC 8252 section 6).
    pkceRequired: publicClient || (args.requirePkce ?? false),
    // The first secret comes with the app, so that Okta makes none that nobody knows. From then on the app's own updates leave the secrets
    // alone (omitSecret: the provider sends an empty one, which keeps what there is).
    clientBasicSecret: firstSecret,
    omitSecret: publicClient ? undefined : true,
    consentMethod: "TRUSTED",
    issuerMode: args.issuerMode ?? "ORG_URL",
    authenticationPolicy: args.authenticationPolicyId,
    refreshTokenRotation: args.grantTypes.includes("refresh_token") ? "ROTATE" : undefined,
    // Deprecated since OAuth 2.0 credentials skip it (okta/terraform-provider-okta#1906), and still the only claim of the organisation's own server;
    // requireEffectiveGroupsClaim refuses that combination.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    groupsClaim: groupsClaim(args),
  };
}

/**
 * The value is ours, not Okta's, which shows one that it made itself only once. Letters and digits only, which every platform reads without quoting.
 * Named by its first day: the next one is made beside it.
 */
function createValue(name: string, start: string, oldest: boolean, child: pulumi.CustomResourceOptions): random.RandomPassword {
  const args = { length: 64, special: false, keepers: { rotation: start } };
  return new random.RandomPassword(
    `${name}-secret-${start}`,
    args,
    // Before there were two, one resource held the value that is in use, whatever its day was. It must not change now.
    { ...child, ...(oldest ? { aliases: [{ name: `${name}-secret` }] } : {}), ignoreChanges: ["keepers"] },
  );
}

function pairs(starts: readonly string[], values: readonly pulumi.Output<string>[]): ClientSecretArgs[] {
  return values.map((value, index) => ({ start: starts[index] ?? "", value }));
}

function groupsClaim(args: OktaApplicationArgs): okta.types.input.app.OAuthGroupsClaim | undefined {
  return args.claimedGroups === undefined || args.claimedGroups.length === 0
    ? undefined
    : { type: "FILTER", filterType: "REGEX", name: args.groupsClaim ?? "groups", value: oktaGroupsFilter(args.claimedGroups) };
}
