import { valuesPrefixRequired } from "../../../policies/rules/values-prefix-required";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const oidc = "values > auth > oidcAuth >";

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
    "another chart": { resources: [{ type: releases[0], props: { chart: "nginx", values: {} } }] },
  },
  violations: {
    "no group prefix": {
      change: { [`${oidc} groupPrefix`]: undefined },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix, got ""'],
    },
    "no user name prefix with e-mail names": {
      change: { [`${oidc} usernamePrefix`]: "" },
      messages: ['values.auth.oidcAuth.usernamePrefix: expected a prefix, got ""'],
    },
    "user names without prefix on purpose": {
      change: { [`${oidc} usernamePrefix`]: "-" },
      messages: ['values.auth.oidcAuth.usernamePrefix: expected a prefix, got "-"'],
    },
    "a prefix of Kubernetes": {
      change: { [`${oidc} groupPrefix`]: "system:" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix that does not start with system:, got "system:"'],
    },
    "a dash before groups, which is no switch there": {
      change: { [`${oidc} groupPrefix`]: "-" },
      settings: { prefixPattern: ":$" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix matching :$, got "-"'],
    },
    "no group prefix, whatever the user name claim": {
      change: { [`${oidc} usernameClaim`]: "sub", [`${oidc} groupPrefix`]: "" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix, got ""'],
    },
    "a prefix without separator": {
      change: { [`${oidc} groupPrefix`]: "okta" },
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix matching [:_/#.-]$, got "okta"'],
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
      messages: ['values.auth.oidcAuth.groupPrefix: expected a prefix, got ""'],
    },
  },
});
