import { oktaRedirectHttpsExact } from "../../../policies/rules/okta-redirect-https-exact";
import { okta } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(oktaRedirectHttpsExact, {
  passing: {
    type: okta.app,
    props: {
      type: "web",
      wildcardRedirect: "DISABLED",
      redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      postLogoutRedirectUris: ["https://k10.example.com/"],
    },
  },
  alsoPassing: {
    "the provider's default for wildcards": { change: { wildcardRedirect: undefined } },
    "a native client's own scheme": { change: { type: "native", redirectUris: ["gatehouse:/callback", "http://127.0.0.1:8000/"] } },
  },
  violations: {
    "wildcards allowed": {
      change: { wildcardRedirect: "SUBDOMAIN" },
      messages: ['wildcardRedirect: expected DISABLED, got "SUBDOMAIN"'],
    },
    "a wildcard": {
      change: { "redirectUris > 0": "https://*.example.com/cb" },
      messages: ['redirectUris[0]: expected an exact URI without a wildcard, got "https://*.example.com/cb"'],
    },
    "plain http": {
      change: { "redirectUris > 0": "http://k10.example.com/cb" },
      messages: ['redirectUris[0]: expected https, got "http://k10.example.com/cb"'],
    },
    "plain http after logout": {
      change: { "postLogoutRedirectUris > 0": "http://k10.example.com/" },
      messages: ['postLogoutRedirectUris[0]: expected https, got "http://k10.example.com/"'],
    },
    "the own machine, when that is not allowed": {
      change: { "redirectUris > 0": "http://localhost:8000/" },
      settings: { allowLoopback: false },
      messages: ['redirectUris[0]: expected https, got "http://localhost:8000/"'],
    },
    "a URI of its own": {
      resources: [{ type: okta.redirectUri, props: { appId: "0oa1", uri: "https://*/" } }],
      messages: ['uri: expected an exact URI without a wildcard, got "https://*/"'],
    },
    "a logout URI of its own": {
      resources: [{ type: okta.postLogoutRedirectUri, props: { appId: "0oa1", uri: "http://k10.example.com/" } }],
      messages: ['uri: expected https, got "http://k10.example.com/"'],
    },
  },
});
