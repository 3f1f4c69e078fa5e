import { stringify } from "yaml";
import { apiserverAuthentication } from "../../../policies/rules/apiserver-authentication";
import { describeRule } from "../harness";

const issuer = { url: "https://example.okta.com", audiences: ["0oa1"] };
const claimMappings = { username: { claim: "sub", prefix: "okta:" }, groups: { claim: "groups", prefix: "okta:" } };
const file = (jwt: object): string =>
  stringify({ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt: [{ issuer, claimMappings, ...jwt }] });
const path = "data['config.yaml'].jwt[0]";
const violation = (jwt: object, ...messages: string[]) => ({ change: { "data > config.yaml": file(jwt) }, messages });
const address = { claimMappings: { ...claimMappings, username: { expression: "'okta:' + claims.email" } } };

describeRule(apiserverAuthentication, {
  passing: { type: "kubernetes:core/v1:ConfigMap", props: { data: { "config.yaml": file({}) } } },
  alsoPassing: {
    "an address that a rule of the claim verifies": {
      change: { "data > config.yaml": file({ ...address, claimValidationRules: [{ claim: "email_verified", requiredValue: "true" }] }) },
    },
    "an address that an expression verifies": {
      change: { "data > config.yaml": file({ ...address, claimValidationRules: [{ expression: "claims.email_verified == true" }] }) },
    },
    "no prefix, but a validation rule": {
      change: {
        "data > config.yaml": file({
          claimMappings: { username: { claim: "sub", prefix: "" }, groups: { claim: "groups", prefix: "" } },
          userValidationRules: [
            { expression: "!user.username.startsWith('system:')" },
            { expression: "user.groups.all(g, !g.startsWith('system:') && !g.startsWith('kubeadm:'))" },
          ],
        }),
      },
    },
    "expressions that bring their prefix along": {
      change: {
        "data > config.yaml": file({
          claimMappings: { username: { expression: "'okta:' + claims.sub" }, groups: { expression: 'claims.roles.map(r, "okta:" + r)' } },
        }),
      },
    },
    "an e-mail that was verified": {
      change: {
        "data > config.yaml": file({
          claimMappings: {
            ...claimMappings,
            username: { expression: "claims.email_verified ? 'okta:' + claims.email : ''" },
          },
          userValidationRules: [{ expression: "!user.username.startsWith('system:')" }],
        }),
      },
    },
    "another file": { change: { "data > config.yaml": "kind: AuthenticationConfigurationList\n" } },
  },
  violations: {
    "an address that a rule lets pass unverified": violation(
      {
        ...address,
        claimValidationRules: [
          { claim: "email_verified", requiredValue: "false" },
          { claim: "hd", requiredValue: "true" },
        ],
      },
      `${path}.claimMappings.username.expression: expected a check of claims.email_verified, got "'okta:' + claims.email"`,
    ),
    ...Object.fromEntries(
      [
        "broker",
        "realm-management",
        "master-realm",
        "api://default",
        "https://graph.microsoft.com",
        "00000003-0000-0000-c000-000000000000",
      ].map((audience) => [
        `the audience ${audience}`,
        violation(
          { issuer: { ...issuer, audiences: [audience] } },
          `${path}.issuer.audiences: expected the cluster's own client, not what tokens of every client carry, got "${audience}"`,
        ),
      ]),
    ),
    "an audience of every client": violation(
      { issuer: { ...issuer, audiences: ["0oa1", "account"] } },
      `${path}.issuer.audiences: expected the cluster's own client, not what tokens of every client carry, got "account"`,
    ),
    "an http issuer": violation(
      { issuer: { ...issuer, url: "http://idp" } },
      `${path}.issuer.url: expected an https URL, got "http://idp"`,
    ),
    "half a guard": violation(
      {
        claimMappings: { ...claimMappings, groups: { claim: "groups", prefix: "" } },
        userValidationRules: [{ expression: "user.groups.size() < 100" }, { expression: "!user.username.startsWith('system:')" }],
      },
      `${path}.claimMappings.groups.prefix: expected a prefix, or user validation rules that refuse system: and kubeadm:, got ""`,
    ),
    "no audience": violation({ issuer: { url: issuer.url } }, `${path}.issuer.audiences: expected at least one client ID, got nothing`),
    "names without prefix": violation(
      { claimMappings: { ...claimMappings, username: { claim: "sub", prefix: "" } } },
      `${path}.claimMappings.username.prefix: expected a prefix, or user validation rules that refuse system:, got ""`,
    ),
    "groups without prefix": violation(
      { claimMappings: { ...claimMappings, groups: { claim: "groups", prefix: "" } } },
      `${path}.claimMappings.groups.prefix: expected a prefix, or user validation rules that refuse system: and kubeadm:, got ""`,
    ),
    "no groups": violation(
      { claimMappings: { username: claimMappings.username } },
      `${path}.claimMappings.groups: expected a claim or an expression, got nothing`,
      `${path}.claimMappings.groups.prefix: expected a prefix, or user validation rules that refuse system: and kubeadm:, got ""`,
    ),
    "an expression without prefix": violation(
      { claimMappings: { ...claimMappings, username: { expression: "claims.sub" } } },
      `${path}.claimMappings.username.prefix: expected a prefix, or user validation rules that refuse system:, got ""`,
    ),
    "an expression with a prefix of Kubernetes": violation(
      { claimMappings: { ...claimMappings, username: { expression: "'system:' + claims.sub" } } },
      `${path}.claimMappings.username.expression: expected a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:, got "'system:' + claims.sub"`,
    ),
    "a prefix of Kubernetes": violation(
      { claimMappings: { ...claimMappings, groups: { claim: "groups", prefix: "system:" } } },
      `${path}.claimMappings.groups.prefix: expected a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:, got "system:"`,
    ),
    "an e-mail that nobody verified": violation(
      {
        claimMappings: { ...claimMappings, username: { expression: "'okta:' + claims.email" } },
        userValidationRules: [{ expression: "!user.username.startsWith('system:')" }],
      },
      `${path}.claimMappings.username.expression: expected a check of claims.email_verified, got "'okta:' + claims.email"`,
    ),
    "a Secret as the plugin hands it on": {
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          props: { data: { "config.yaml": Buffer.from(file({ issuer: { ...issuer, url: "http://idp" } })).toString("base64") } },
        },
      ],
      messages: [`${path}.issuer.url: expected an https URL, got "http://idp"`],
    },
    "a Secret": {
      resources: [
        { type: "kubernetes:core/v1:Secret", props: { stringData: { "config.yaml": file({ issuer: { ...issuer, url: "http://idp" } }) } } },
      ],
      messages: ["stringData['config.yaml'].jwt[0].issuer.url: expected an https URL, got \"http://idp\""],
    },
  },
});
