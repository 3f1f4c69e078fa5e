import { entraSignInNotWeakened } from "../../../policies/rules/entra-sign-in-not-weakened";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

const claim = (...additionalProperties: string[]) => [{ name: "email" }, { name: "groups", additionalProperties }];
const meant = "nothing that changes what 'groups' says";

describeRule(entraSignInNotWeakened, {
  passing: {
    type: entra.application,
    props: {
      fallbackPublicClientEnabled: false,
      deviceOnlyAuthEnabled: false,
      api: { mappedClaimsEnabled: false },
      web: { logoutUrl: "https://k10.example.com/logout" },
      optionalClaims: { idTokens: claim("sam_account_name") },
    },
  },
  alsoPassing: {
    "nothing of it": { change: { api: undefined, web: undefined, optionalClaims: undefined } },
    "logout on the own machine": { change: { "web > logoutUrl": "http://localhost:8000/logout" } },
  },
  violations: {
    ...Object.fromEntries(
      ["fallbackPublicClientEnabled", "deviceOnlyAuthEnabled", "api > mappedClaimsEnabled"].map((path) => [
        path,
        { change: { [path]: true }, messages: [`${path.replace(" > ", ".")}: expected false, got true`] },
      ]),
    ),
    "logout over http": {
      change: { "web > logoutUrl": "http://localhost.example.com" },
      messages: ['web.logoutUrl: expected an https URL, got "http://localhost.example.com"'],
    },
    "groups among the roles": {
      change: { "optionalClaims > idTokens": claim("emit_as_roles", "cloud_displayname") },
      messages: [
        `optionalClaims.idTokens[1].additionalProperties: expected ${meant}, got "emit_as_roles"`,
        `optionalClaims.idTokens[1].additionalProperties: expected ${meant}, got "cloud_displayname"`,
      ],
    },
    "the same in the other tokens, as a resource": {
      resources: [{ type: entra.optionalClaims, props: { accessTokens: claim("emit_as_roles"), saml2Tokens: claim("emit_as_roles") } }],
      messages: [
        `accessTokens[1].additionalProperties: expected ${meant}, got "emit_as_roles"`,
        `saml2Tokens[1].additionalProperties: expected ${meant}, got "emit_as_roles"`,
      ],
    },
    "what a registration does": {
      resources: [
        { type: entra.registration, props: { logoutUrl: "http://k10.example.com" } },
        { type: entra.fallbackPublicClient, name: "fallback", props: { enabled: "true" } },
      ],
      messages: ['logoutUrl: expected an https URL, got "http://k10.example.com"', 'enabled: expected false, got "true"'],
    },
    "claims of one's own": {
      resources: [
        { type: entra.claimsMapping, props: {} },
        { type: entra.claimsMappingAssignment, name: "assigned", props: {} },
      ],
      messages: [
        'ClaimsMappingPolicy: expected the claims that the directory issues, got "claims of one\'s own"',
        'ServicePrincipalClaimsMappingPolicyAssignment: expected the claims that the directory issues, got "claims of one\'s own"',
      ],
    },
  },
});
