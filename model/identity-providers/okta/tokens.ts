import type { TokenFacts } from "../tokens";

export const oktaTokens: TokenFacts = {
  // Okta's level of assurance (developer.okta.com, step-up authentication using ACR values).
  multiFactorClasses: ["urn:okta:loa:2fa:any"],
};
