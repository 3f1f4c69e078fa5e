import { valuesPrefixRequired } from "../../../policies/rules/values-prefix-required";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const oidc = "values > auth > oidcAuth >";

const trusted = "expected a prefix that nothing trusts yet, outside of system:, k10: and those of cluster makers such as kubeadm: and eks:";

const secret = (data: Record<string, string>) => ({
  resources: [
    {
      type: "kubernetes:core/v1:Secret",
      props: {
        stringData: {
          "provider-url": "https://example.okta.com",
          "redirect-url": "https://k10.example.com",
          groupClaim: "groups",
          ...data,
        },
      },
    },
  ],
});

describeRule(valuesPrefixRequired, {
  passing: {
    type: releases[0],
    props: {
      chart: "k10",
      values: {
        auth: { oidcAuth: { enabled: true, groupClaim: "groups", groupPrefix: "okta:", usernameClaim: "email", usernamePrefix: "okta:" } },
      },
    },
  },
  alsoPassing: {
    "no group claim": { change: { [`${oidc} groupClaim`]: "", [`${oidc} groupPrefix`]: undefined } },
    "the issuer as user name prefix": { change: { [`${oidc} usernameClaim`]: "sub", [`${oidc} usernamePrefix`]: "" } },
    "a configuration in a Secret": { change: { [`${oidc} secretName`]: "k10-oidc", [`${oidc} groupPrefix`]: undefined } },
    "no sign-in": { change: { [`${oidc} enabled`]: false, [`${oidc} groupPrefix`]: undefined } },
    "the configuration in a Secret, with prefixes": secret({ groupPrefix: "okta_", usernameClaim: "sub", usernamePrefix: "okta_" }),
    "a Secret of something else": { resources: [{ type: "kubernetes:core/v1:Secret", props: { stringData: { groupClaim: "groups" } } }] },
    "another chart": { resources: [{ type: releases[0], props: { chart: "nginx", values: {} } }] },
  },
  violations: {
    "no group prefix": {
      change: { [`${oidc} groupPrefix`]: undefined },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a non-empty prefix, got ""'],
    },
    "no user name prefix with e-mail names": {
      change: { [`${oidc} usernamePrefix`]: "" },
      messages: ['values.auth.oidcAuth.usernamePrefix: expected a non-empty prefix, got ""'],
    },
    "user names without prefix on purpose": {
      change: { [`${oidc} usernamePrefix`]: "-" },
      messages: ['values.auth.oidcAuth.usernamePrefix: expected a prefix, not the dash that switches prefixing off for usernames, got "-"'],
    },
    "a prefix of Kubernetes": {
      change: { [`${oidc} groupPrefix`]: "system:" },
      messages: [`values.auth.oidcAuth.groupPrefix: ${trusted}, got "system:"`],
    },
    "a dash before groups, which is no switch there": {
      change: { [`${oidc} groupPrefix`]: "-" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix, not the dash that switches prefixing off for usernames, got "-"'],
    },
    "no group prefix, whatever the user name claim": {
      change: { [`${oidc} usernameClaim`]: "sub", [`${oidc} groupPrefix`]: "" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a non-empty prefix, got ""'],
    },
    "the prefix of K10's own groups": {
      change: { [`${oidc} groupPrefix`]: "k10:" },
      messages: [`values.auth.oidcAuth.groupPrefix: ${trusted}, got "k10:"`],
    },
    "sign-in that is on by another word": {
      change: { [`${oidc} enabled`]: "yes", [`${oidc} groupPrefix`]: "" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a non-empty prefix, got ""'],
    },
    "a K10 inside another chart": {
      resources: [
        {
          type: releases[0],
          props: { chart: "platform", values: { backup: { auth: { oidcAuth: { enabled: true, groupClaim: "groups" } } } } },
        },
      ],
      messages: ['values.backup.auth.oidcAuth.groupPrefix: expected a non-empty prefix, got ""'],
    },
    "the configuration in a Secret, without a prefix": {
      ...secret({ groupPrefix: "" }),
      messages: ["the entry 'groupPrefix': expected a non-empty prefix, got \"\""],
    },
    "the configuration in a Secret, with e-mail names as they are": {
      ...secret({ groupPrefix: "okta:", usernameClaim: "email" }),
      messages: ["the entry 'usernamePrefix': expected a non-empty prefix, got \"\""],
    },
    "a prefix without separator": {
      change: { [`${oidc} groupPrefix`]: "okta" },
      messages: [
        'values.auth.oidcAuth.groupPrefix: expected letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters, got "okta"',
      ],
    },
    "a prefix other than configured": {
      settings: { prefixPattern: "^entra:$" },
      messages: [
        'values.auth.oidcAuth.groupPrefix: expected a prefix matching ^entra:$, got "okta:"',
        'values.auth.oidcAuth.usernamePrefix: expected a prefix matching ^entra:$, got "okta:"',
      ],
    },
    "a renamed chart": {
      change: { chart: "oci://mirror.example.com/backup", [`${oidc} groupPrefix`]: "" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a non-empty prefix, got ""'],
    },
  },
});
