import { oktaPkceRequired } from "../../../policies/rules/okta-pkce-required";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaPkceRequired, {
  passing: { type: okta.app, props: { type: "web", grantTypes: ["authorization_code"], pkceRequired: true } },
  alsoPassing: {
    "a service": { change: { type: "service", pkceRequired: undefined } },
    "a client without the code grant": { change: { "grantTypes > 0": "client_credentials", pkceRequired: false } },
  },
  violations: {
    "PKCE switched off": { change: { pkceRequired: false }, messages: ["pkceRequired: expected true, got false"] },
    "PKCE not mentioned": { change: { pkceRequired: undefined }, messages: ["pkceRequired: expected true, got nothing"] },
    "no PKCE and no grants mentioned": {
      change: { pkceRequired: undefined, grantTypes: undefined },
      messages: ["pkceRequired: expected true, got nothing"],
    },
  },
});
