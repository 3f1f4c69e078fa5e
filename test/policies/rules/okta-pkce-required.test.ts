import { oktaPkceRequired } from "../../../policies/rules/okta-pkce-required";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaPkceRequired, {
  passing: { type: okta.app, props: { type: "web", grantTypes: ["authorization_code"], pkceRequired: true } },
  alsoPassing: {
    "the callback of a platform that sends no code challenge": {
      change: { redirectUris: ["https://k8sou.example.com/auth/oidc"], pkceRequired: false },
    },
    "one that the configuration names": {
      change: { redirectUris: ["https://old.example.com/login"], pkceRequired: false },
      settings: { withoutCodeChallenge: ["https://old.example.com/*"] },
    },
    "a service": { change: { type: "service", pkceRequired: undefined } },
    "a client without the code grant": { change: { "grantTypes > 0": "client_credentials", pkceRequired: false } },
  },
  violations: {
    "one more callback than those of such a platform": {
      change: { redirectUris: ["https://k8sou.example.com/auth/oidc", "https://shop.example.com/callback"], pkceRequired: false },
      messages: ["pkceRequired: expected true, got false"],
    },
    "PKCE switched off": { change: { pkceRequired: false }, messages: ["pkceRequired: expected true, got false"] },
    "PKCE not mentioned": { change: { pkceRequired: undefined }, messages: ["pkceRequired: expected true, got nothing"] },
    "no PKCE and no grants mentioned": {
      change: { pkceRequired: undefined, grantTypes: undefined },
      messages: ["pkceRequired: expected true, got nothing"],
    },
  },
});
