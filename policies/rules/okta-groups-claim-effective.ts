import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at } from "../value";

export const oktaGroupsClaimEffective = resourceRule({
  id: "okta-groups-claim-effective",
  candidate: 21,
  title: "An Okta groups claim is really created",
  severity: "high",
  level: "mandatory",
  rationale:
    "The provider writes groupsClaim through an internal API that takes API tokens only. With a private key or access token it skips the claim without a word, and tokens carry no groups (okta/terraform-provider-okta#1906, resource_okta_app_oauth.go).",
  remediation: "Use okta.auth.ServerClaim on a custom authorization server, or an API token for this resource's provider.",
  controls: [],
  unknowns:
    "Judged by which of the provider's inputs are present, never by their values. Credentials given by environment variables are not visible, and not judged.",
  types: [okta.app],
  settings: {},
  check({ properties, provider }) {
    if (at(properties, "groupsClaim") === undefined || at(provider, "apiToken") !== undefined) {
      return [];
    }
    const oauth = ["accessToken", "privateKey"].find((input) => at(provider, input) !== undefined);
    return oauth === undefined ? [] : [mismatch("groupsClaim", "no groupsClaim with OAuth provider credentials", `provider ${oauth}`)];
  },
});
