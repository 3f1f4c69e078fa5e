import { keycloakClientPkceAndScope } from "../../../policies/rules/keycloak-client-pkce-and-scope";
import { keycloak } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(keycloakClientPkceAndScope, {
  passing: {
    type: keycloak.client,
    props: { standardFlowEnabled: true, pkceCodeChallengeMethod: "S256", fullScopeAllowed: false, accessTokenLifespan: "300" },
  },
  alsoPassing: {
    "no code flow": { change: { standardFlowEnabled: false, pkceCodeChallengeMethod: undefined } },
    "the callback of a platform that sends no code challenge": {
      change: { validRedirectUris: ["https://k8sou.example.com/auth/oidc"], pkceCodeChallengeMethod: "" },
    },
    "one that the configuration names": {
      change: { validRedirectUris: ["https://old.example.com/login"], pkceCodeChallengeMethod: "" },
      settings: { withoutCodeChallenge: ["https://old.example.com/*"] },
    },
  },
  violations: {
    "a full scope, on a client that cannot send a code challenge": {
      change: { validRedirectUris: ["https://k8sou.example.com/auth/oidc"], pkceCodeChallengeMethod: "", fullScopeAllowed: true },
      messages: ["fullScopeAllowed: expected false, got true"],
    },
    "no PKCE": { change: { pkceCodeChallengeMethod: undefined }, messages: ["pkceCodeChallengeMethod: expected S256, got nothing"] },
    "plain PKCE": { change: { pkceCodeChallengeMethod: "plain" }, messages: ['pkceCodeChallengeMethod: expected S256, got "plain"'] },
    "the full scope, by default": {
      change: { fullScopeAllowed: undefined },
      messages: ["fullScopeAllowed: expected false, got nothing"],
    },
    "long access tokens": {
      change: { accessTokenLifespan: "28800" },
      messages: ['accessTokenLifespan: expected at most 900 seconds, got "28800"'],
    },
    "a length that is none to Keycloak": {
      change: { accessTokenLifespan: "5m" },
      messages: ['accessTokenLifespan: expected at most 900 seconds, got "5m"'],
    },
    "access tokens longer than configured": {
      settings: { accessTokenSeconds: 60 },
      messages: ['accessTokenLifespan: expected at most 60 seconds, got "300"'],
    },
  },
});
