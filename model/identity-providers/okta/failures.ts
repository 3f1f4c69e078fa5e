import { runAgain, takeInOrDelete, type FailureCause } from "../../failure-causes";

const own = /^okta:/;
/** The provider's resources, the provider itself, and the program, whose look-ups fail under the stack's own name. */
const anywhere = /^(okta:|pulumi:providers:okta$|pulumi:pulumi:Stack$)/;

/** What each type of resource needs: scope of an OAuth service app, or role of the person whose API token it is. */
const needs: readonly (readonly [RegExp, string])[] = [
  [/AuthServer|auth[:/]Server/i, "okta.authorizationServers.manage (API Access Management Administrator)"],
  [/Policy/i, "okta.policies.manage (a super administrator's)"],
  [/group[:/]|:Group|GroupMemberships/, "okta.groups.manage (Group Administrator)"],
  [/user[:/]|:User/, "okta.users.read"],
];

function needed(type: string): string {
  return needs.find(([pattern]) => pattern.test(type))?.[1] ?? "okta.apps.manage (Application Administrator)";
}

/**
 * What Okta's management API says, as its provider passes it on: `the API returned an error: <summary>`, without the code
 * (okta/terraform-provider-okta, sdk/error.go; developer.okta.com/docs/reference/error-codes).
 */
export const oktaFailureCauses: readonly FailureCause[] = [
  // E0000001 of the groups and apps APIs: "An object with this field already exists in the current organization".
  { cause: "exists", types: own, sign: /already exists in the current organization/, remedy: takeInOrDelete },
  {
    cause: "credentials",
    types: anywhere,
    sign: /Invalid token provided|E0000011|failed to verify credentials/,
    remedy: () =>
      `Okta does not know the API token: it was revoked, has not been used for 30 days, or belongs to another organisation. Make a new one, and set it (OKTA_API_TOKEN, or okta:apiToken). ${runAgain}`,
  },
  {
    // okta/terraform-provider-okta#2706, #1253: endpoints that take no OAuth token answer the same.
    cause: "credentials",
    types: anywhere,
    sign: /Invalid session|E0000005/,
    remedy: () =>
      "Okta does not take the credentials of the account that deploys for this. An API token is ended or its owner deactivated; with an OAuth service app, this endpoint takes no OAuth token: " +
      `deploy this part with an API token, or with another version of the provider. ${runAgain}`,
  },
  {
    cause: "credentials",
    types: anywhere,
    sign: /invalid_client|client_assertion|private key|audience claim for client_assertion|failed to (?:get|obtain).{0,40}access token/i,
    remedy: () =>
      `Okta refuses the service app that deploys: check its client id, private key and key id, and that the organisation's name is right. ${runAgain}`,
  },
  {
    cause: "permission",
    types: anywhere,
    sign: /access token provided does not contain the required scopes|insufficient_scope|invalid_scope/,
    remedy: (type) =>
      `The service app that deploys has not been granted a scope that this needs: ${needed(type)}. Grant it to the app and ask for it in okta:scopes. ${runAgain}`,
  },
  {
    cause: "policy",
    types: anywhere,
    sign: /do not have permission to access the feature you are requesting|E0000015|feature is not enabled/i,
    remedy: (type) =>
      /auth/i.test(type)
        ? "The organisation has no API Access Management, without which there are no custom authorization servers and no claims on them; or the account that deploys may not use it. Have it enabled, or leave authorizationServer out."
        : "The organisation has no such feature, or the account that deploys may not use it. Have it enabled at Okta, or leave the setting out.",
  },
  {
    cause: "permission",
    types: anywhere,
    sign: /do not have permission to perform the requested action|E0000006|\b403\b/,
    remedy: (type) => `Okta refused it. The account that deploys needs ${needed(type)}. Grant it, then: ${runAgain}`,
  },
  {
    // okta/terraform-provider-okta#1204, #1552, #2370: the provider asks for the organisation's policies, whatever the stack says of one.
    cause: "permission",
    types: own,
    sign: /error finding default ACCESS_POLICY/,
    remedy: () =>
      `The provider could not read the organisation's authentication policies, which it does for every app. The account that deploys needs okta.policies.read (as an API token's owner: a role that may see policies). ${runAgain}`,
  },
  {
    cause: "throttled",
    types: anywhere,
    sign: /exceeded rate limit|E0000047|\b429\b|too many requests/i,
    remedy: () =>
      `Okta's rate limit is used up, by this update or by others of the organisation. Wait a minute, then: ${runAgain} Where it comes back, run with \`--parallel 2\`.`,
  },
  {
    cause: "gone",
    types: own,
    sign: /Not found: Resource not found: (\S+) \((\w+)\)|E0000007/,
    remedy: () =>
      "Okta does not find this, or something that it names: it was deleted outside. `gatehouse drift` says what is gone, and names the commands that make it again.",
  },
  {
    cause: "outage",
    types: anywhere,
    sign: /Internal Server Error|E0000009|E0000010|read only mode|x-okta-request-id/i,
    remedy: () => `Okta failed until the time was up. ${runAgain}`,
  },
  {
    cause: "invalid",
    types: own,
    sign: /Api validation failed: ?([^\n]{0,200})/,
    remedy: (_type, [, what = ""]) =>
      `Okta refuses a value${what === "" ? "" : ` (${what.trim().replace(/\.+$/, "")})`}. Correct it in the stack file; \`gatehouse validate\` knows most of Okta's rules.`,
  },
];
