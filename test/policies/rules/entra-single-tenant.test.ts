import { entraSingleTenant } from "../../../policies/rules/entra-single-tenant";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraSingleTenant, {
  passing: { type: entra.application, props: { displayName: "K10", signInAudience: "AzureADMyOrg" } },
  alsoPassing: { "the provider's default": { change: { signInAudience: undefined } } },
  violations: {
    "any organisation": {
      change: { signInAudience: "AzureADMultipleOrgs" },
      messages: ['signInAudience: expected AzureADMyOrg, got "AzureADMultipleOrgs"'],
    },
    "personal accounts on a registration": {
      resources: [{ type: entra.registration, props: { signInAudience: "PersonalMicrosoftAccount" } }],
      messages: ['signInAudience: expected AzureADMyOrg, got "PersonalMicrosoftAccount"'],
    },
  },
});
