import { oktaGroupsClaimEffective } from "../../../policies/rules/okta-groups-claim-effective";
import { okta } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const groupsClaim = { type: "FILTER", name: "groups", value: "Kasten .*" };

describeRule(oktaGroupsClaimEffective, {
  passing: { type: okta.app, props: { groupsClaim }, provider: { apiToken: "t" } },
  alsoPassing: {
    "credentials that are not in the provider's inputs": { provider: {} },
    "an API token that is not known yet": { provider: { apiToken: unknown, accessToken: "t" } },
    "no groups claim": { change: { groupsClaim: undefined }, provider: { privateKey: "k" } },
  },
  violations: {
    "an access token": {
      provider: { accessToken: "t" },
      messages: ['groupsClaim: expected no groupsClaim with OAuth provider credentials, got "provider accessToken"'],
    },
    "a private key that is not known yet": {
      provider: { clientId: "c", privateKey: unknown },
      messages: ['groupsClaim: expected no groupsClaim with OAuth provider credentials, got "provider privateKey"'],
    },
  },
});
