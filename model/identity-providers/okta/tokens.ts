import type { TokenFacts } from "../token-facts";

export const oktaTokens: TokenFacts = {
  // Okta's level of assurance (developer.okta.com, step-up authentication using ACR values).
  multiFactorClasses: ["urn:okta:loa:2fa:any"],
};
