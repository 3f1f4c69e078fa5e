import * as okta from "@pulumi/okta";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { compareText, oktaGroupsFilter } from "../../../model";

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
  /** Names of the groups that the token may carry; left out where a custom authorization server has the claim. */
  claimedGroups?: string[];
  /** Name of the groups claim. @default "groups" */
  groupsClaim?: string;
  /** Id of the authentication policy; Okta's default policy otherwise. */
  authenticationPolicyId?: pulumi.Input<string>;
  /** Which address tokens of the organisation's own server name as their issuer: `ORG_URL`, `CUSTOM_URL` or `DYNAMIC`. @default "ORG_URL" */
  issuerMode?: string;
  /** A text whose change makes a new client secret; not used by a public client. */
  secretKeeper: string;
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

    // The secret is ours, not Okta's: the provider cannot make a second one beside the first (okta/terraform-provider-okta#1915), so a new value is
    // a known cut-over inside one update. Letters and digits only, which every platform reads without quoting.
    const secret = publicClient
      ? undefined
      : new random.RandomPassword(`${name}-secret`, { length: 64, special: false, keepers: { rotation: args.secretKeeper } }, child);

    const app = new okta.app.OAuth(
      name,
      {
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
        clientBasicSecret: secret?.result,
        consentMethod: "TRUSTED",
        issuerMode: args.issuerMode ?? "ORG_URL",
        authenticationPolicy: args.authenticationPolicyId,
        refreshTokenRotation: args.grantTypes.includes("refresh_token") ? "ROTATE" : undefined,
        // Deprecated since OAuth 2.0 credentials skip it (okta/terraform-provider-okta#1906), and still the only claim of the organisation's own server;
        // requireEffectiveGroupsClaim refuses that combination.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
        groupsClaim: groupsClaim(args),
      },
      { ...child, additionalSecretOutputs: ["clientSecret", "clientBasicSecret"] },
    );

    const assigned = Object.entries(args.assignedGroupIds).sort(([left], [right]) => compareText(left, right));
    if (assigned.length > 0) {
      // One owner of all assignments: the singular resource beside this one would undo it (okta/terraform-provider-okta#1798).
      const groups = assigned.map(([, id]) => ({ id, profile: "{}" }));
      new okta.AppGroupAssignments(`${name}-groups`, { appId: app.id, groups }, child);
    }

    this.clientId = app.clientId;
    this.clientSecret = pulumi.secret(secret?.result ?? "");
    this.registerOutputs({ clientId: this.clientId, clientSecret: this.clientSecret });
  }
}

function groupsClaim(args: OktaApplicationArgs): okta.types.input.app.OAuthGroupsClaim | undefined {
  return args.claimedGroups === undefined || args.claimedGroups.length === 0
    ? undefined
    : { type: "FILTER", filterType: "REGEX", name: args.groupsClaim ?? "groups", value: oktaGroupsFilter(args.claimedGroups) };
}
