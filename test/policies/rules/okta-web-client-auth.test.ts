import { oktaWebClientAuth } from "../../../policies/rules/okta-web-client-auth";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaWebClientAuth, {
  passing: {
    type: okta.app,
    props: {
      type: "web",
      tokenEndpointAuthMethod: "client_secret_basic",
      grantTypes: ["authorization_code", "refresh_token"],
      responseTypes: ["code"],
    },
  },
  alsoPassing: {
    "a service": { change: { type: "service", grantTypes: ["client_credentials"], responseTypes: [] } },
    "a native client without a secret": { change: { type: "native", tokenEndpointAuthMethod: "none" } },
  },
  violations: {
    "the device grant": {
      change: { type: "native", "grantTypes > 1": "urn:ietf:params:oauth:grant-type:device_code" },
      messages: ['grantTypes: expected authorization_code (and refresh_token), got "urn:ietf:params:oauth:grant-type:device_code"'],
    },
    "a client's own credentials, where people sign in": {
      change: { "grantTypes > 1": "client_credentials" },
      messages: ['grantTypes: expected authorization_code (and refresh_token), got "client_credentials"'],
    },
    "neither a secret nor PKCE": {
      change: { type: "native", tokenEndpointAuthMethod: "none", pkceRequired: false },
      messages: ["pkceRequired: expected true for a client without a secret, got false"],
    },
    "a web client without authentication": {
      change: { tokenEndpointAuthMethod: "none" },
      messages: ['tokenEndpointAuthMethod: expected client_secret_basic, client_secret_post or private_key_jwt, got "none"'],
    },
    "the implicit grant": {
      change: { "grantTypes > 1": "implicit", "responseTypes > 1": "token", "responseTypes > 2": "id_token" },
      messages: [
        'grantTypes: expected authorization_code (and refresh_token), got "implicit"',
        'responseTypes: expected code, got "token"',
        'responseTypes: expected code, got "id_token"',
      ],
    },
    "the password grant, of any client": {
      change: { type: "native", "grantTypes > 0": "password" },
      messages: ['grantTypes: expected authorization_code (and refresh_token), got "password"'],
    },
  },
});
