import { entraNoImplicit } from "../../../policies/rules/entra-no-implicit";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

const flag = "web > implicitGrant >";

describeRule(entraNoImplicit, {
  passing: {
    type: entra.application,
    props: { web: { implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } } },
  },
  alsoPassing: { "no flags at all": { change: { web: undefined } } },
  violations: {
    "access tokens": {
      change: { [`${flag} accessTokenIssuanceEnabled`]: true },
      messages: ["web.implicitGrant.accessTokenIssuanceEnabled: expected false, got true"],
    },
    "ID tokens": {
      change: { [`${flag} idTokenIssuanceEnabled`]: true },
      messages: ["web.implicitGrant.idTokenIssuanceEnabled: expected false, got true"],
    },
    "both, on a registration": {
      resources: [{ type: entra.registration, props: { implicitAccessTokenIssuanceEnabled: true, implicitIdTokenIssuanceEnabled: true } }],
      messages: [
        "implicitAccessTokenIssuanceEnabled: expected false, got true",
        "implicitIdTokenIssuanceEnabled: expected false, got true",
      ],
    },
  },
});
