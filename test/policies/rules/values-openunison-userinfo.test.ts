import { valuesOpenUnisonUserinfo } from "../../../policies/rules/values-openunison-userinfo";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const oidc = "values > oidc >";
const entra = { [`${oidc} issuer`]: "https://login.microsoftonline.com/7a0c/v2.0" };

describeRule(valuesOpenUnisonUserinfo, {
  passing: {
    type: releases[0],
    props: {
      chart: "orchestra",
      values: {
        enable_impersonation: false,
        oidc: { issuer: "https://example.okta.com", user_in_idtoken: false, scopes: "openid email profile groups" },
      },
    },
  },
  alsoPassing: {
    "Entra ID": { change: { ...entra, [`${oidc} user_in_idtoken`]: true, [`${oidc} scopes`]: "openid email profile" } },
    "a custom authorization server": {
      change: { [`${oidc} issuer`]: "https://example.okta.com/oauth2/aus1", [`${oidc} user_in_idtoken`]: true },
    },
    "another chart": { resources: [{ type: releases[0], props: { chart: "k10", values: { oidc: { user_in_idtoken: true } } } }] },
  },
  violations: {
    "claims in Okta's ID token": {
      change: { [`${oidc} user_in_idtoken`]: true },
      messages: ["values.oidc.user_in_idtoken: expected false for Okta's organisation server, got true"],
    },
    "claims at Entra ID's userinfo, and its groups scope": {
      change: entra,
      messages: [
        "values.oidc.user_in_idtoken: expected true for Entra ID, got false",
        'values.oidc.scopes: expected no groups scope for Entra ID, got "openid email profile groups"',
      ],
    },
    "impersonation not written out": {
      change: { "values > enable_impersonation": undefined },
      messages: ["values.enable_impersonation: expected true or false, written out, got nothing"],
    },
  },
});
