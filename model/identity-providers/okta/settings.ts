import { describeReceived, type Problem } from "../../text/problems";
import { isCustomDomain } from "./issuer-mode";

/** The part of a spec that the provider's settings speak of as well. */
interface Organisation {
  readonly orgUrl: string;
  readonly authorizationServer: unknown;
}

/** What the settings of Okta's provider contradict: another organisation, or credentials with which the claim is left out. */
export function oktaSettingsProblems(spec: Organisation, setting: (key: string) => string | undefined): Problem[] {
  return [...otherOrganisation(spec, setting), ...claimLeftOut(spec, setting)];
}

/** The provider would make apps and groups in one organisation, and the platforms send people to another. */
function otherOrganisation({ orgUrl }: Organisation, setting: (key: string) => string | undefined): Problem[] {
  const name = setting("okta:orgName");
  const named = `https://${name ?? ""}.${setting("okta:baseUrl") ?? "okta.com"}`.toLowerCase();
  // A custom domain says nothing of the organisation behind it, and an address is no organisation's.
  const comparable = URL.canParse(orgUrl) && !isCustomDomain(orgUrl) && /\.[a-z]+$/.test(new URL(orgUrl).hostname);
  return name === undefined || !comparable || orgUrl === named
    ? []
    : [
        {
          path: ["orgUrl"],
          expected: `${named}, the organisation that okta:orgName and okta:baseUrl name`,
          received: describeReceived(orgUrl, []),
          fix: "write the same organisation in both",
        },
      ];
}

/**
 * okta.app.OAuth.groupsClaim uses an internal endpoint that only an API token may call, and the provider skips it without an error
 * otherwise (okta/terraform-provider-okta resource_okta_app_oauth.go, #1906).
 */
function claimLeftOut({ authorizationServer }: Organisation, setting: (key: string) => string | undefined): Problem[] {
  const oauth = ["okta:privateKey", "okta:accessToken"].find((key) => setting(key) !== undefined);
  return authorizationServer !== "org" || oauth === undefined
    ? []
    : [
        {
          path: ["authorizationServer"],
          expected:
            "a custom authorization server: with OAuth 2.0 credentials Okta's provider leaves the groups claim of the organisation's own server out without a word",
          received: `"org" beside ${oauth}`,
          fix: "write authorizationServer: { existing: default }, or set okta:apiToken instead",
        },
      ];
}
