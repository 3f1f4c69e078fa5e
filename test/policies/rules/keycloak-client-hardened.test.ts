import { keycloakClientHardened } from "../../../policies/rules/keycloak-client-hardened";
import { keycloak } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

describeRule(keycloakClientHardened, {
  passing: {
    type: keycloak.client,
    props: {
      accessType: "CONFIDENTIAL",
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      validRedirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"],
      validPostLogoutRedirectUris: ["+"],
    },
  },
  alsoPassing: {
    "a path under the root URL": { change: { rootUrl: "https://k10.example.com/", validRedirectUris: ["/callback"] } },
    "a path under a root URL that is not known yet": { change: { rootUrl: unknown, validRedirectUris: ["/callback"] } },
    "a client on people's own machines": {
      change: {
        accessType: "PUBLIC",
        pkceCodeChallengeMethod: "S256",
        validRedirectUris: ["http://localhost:8000", "http://127.0.0.1:18000/cb"],
      },
    },
    "a public client, where allowed": { change: { accessType: "PUBLIC" }, settings: { allowPublic: true } },
  },
  violations: {
    "a public client": { change: { accessType: "PUBLIC" }, messages: ['accessType: expected CONFIDENTIAL, got "PUBLIC"'] },
    "a public client of the web, with PKCE": {
      change: { accessType: "PUBLIC", pkceCodeChallengeMethod: "S256" },
      messages: ['accessType: expected CONFIDENTIAL, got "PUBLIC"'],
    },
    "a client on people's own machines without PKCE": {
      change: { accessType: "PUBLIC", validRedirectUris: ["http://localhost:8000"] },
      messages: ['accessType: expected CONFIDENTIAL, got "PUBLIC"'],
    },
    "a client on a machine that is called like one's own": {
      change: { accessType: "PUBLIC", pkceCodeChallengeMethod: "S256", validRedirectUris: ["http://localhost.example.com"] },
      messages: [
        'accessType: expected CONFIDENTIAL, got "PUBLIC"',
        'validRedirectUris[0]: expected https, got "http://localhost.example.com"',
      ],
    },
    "a client that is taken over, whose false flags come from what is there": {
      change: { import: true },
      messages: ["import: expected false: flags that are false have no effect on a client that is taken over, got true"],
    },
    "the implicit flow": { change: { implicitFlowEnabled: true }, messages: ["implicitFlowEnabled: expected false, got true"] },
    "the password grant": {
      change: { directAccessGrantsEnabled: true },
      messages: ["directAccessGrantsEnabled: expected false, got true"],
    },
    "any redirect": {
      change: { validRedirectUris: ["*"] },
      messages: ['validRedirectUris[0]: expected an exact URI without a wildcard, got "*"'],
    },
    "any path": {
      change: { validRedirectUris: ["https://k10.example.com/*"] },
      messages: ['validRedirectUris[0]: expected an exact URI without a wildcard, got "https://k10.example.com/*"'],
    },
    "plain http": {
      change: { validRedirectUris: ["http://k10.example.com/"] },
      messages: ['validRedirectUris[0]: expected https, got "http://k10.example.com/"'],
    },
    "a path under plain http": {
      change: { rootUrl: "http://k10.example.com", validRedirectUris: ["/callback"] },
      messages: ['validRedirectUris[0]: expected https, got "http://k10.example.com/callback"'],
    },
    "a path under nothing": {
      change: { validRedirectUris: ["/callback"] },
      messages: ['validRedirectUris[0]: expected an absolute URI, got "/callback"'],
    },
    "any path under the root URL": {
      change: { rootUrl: "https://k10.example.com", validRedirectUris: ["/*"] },
      messages: ['validRedirectUris[0]: expected an exact URI without a wildcard, got "/*"'],
    },
    "any page after logout": {
      change: { validPostLogoutRedirectUris: ["*"] },
      messages: ['validPostLogoutRedirectUris[0]: expected an exact URI without a wildcard, got "*"'],
    },
    "the own machine, when that is not allowed": {
      change: { validRedirectUris: ["http://localhost:8000/"] },
      settings: { allowLoopback: false },
      messages: ['validRedirectUris[0]: expected https, got "http://localhost:8000/"'],
    },
  },
});
