import { valuesNoTlsSkip } from "../../../policies/rules/values-no-tls-skip";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const names = [
  "insecureCA",
  "idTokenSkipVerify",
  "insecure-skip-tls-verify",
  "skipTLSVerify",
  "tls_skip_verify",
  "tlsInsecure",
  "tlsInsecureSkipVerify",
  "insecureTLS",
  "insecureSkipSignatureValidation",
  "insecureSkipIssuerVerification",
  "insecureAllowUnverifiedEmail",
];

describeRule(valuesNoTlsSkip, {
  passing: { type: releases[0], props: { chart: "headlamp", values: { config: { oidc: { insecureSkipVerify: false } } } } },
  violations: {
    "a switch": {
      change: { "values > config > oidc > insecureSkipVerify": true },
      messages: ["values.config.oidc.insecureSkipVerify: expected false, got true"],
    },
    ...Object.fromEntries(
      names.map((name) => [
        name,
        { change: { "values > oidc": { [name]: true } }, messages: [`values.oidc.${name}: expected false, got true`] },
      ]),
    ),
    "a switch in a file of its own": {
      change: {
        "values > configs": { cm: { "dex.config": "connectors:\n  - type: oidc\n    config:\n      insecureSkipVerify: true\n" } },
      },
      messages: ["values.configs.cm.dex.config (as YAML).connectors[0].config.insecureSkipVerify: expected false, got true"],
    },
    "a switch as a word": {
      change: { "values > extraArgs": { "ssl-insecure-skip-verify": "true" } },
      messages: ['values.extraArgs.ssl-insecure-skip-verify: expected false, got "true"'],
    },
    "KubeSphere 3": {
      resources: [
        {
          type: "kubernetes:installer.kubesphere.io/v1alpha1:ClusterConfiguration",
          props: {
            spec: { authentication: { oauthOptions: { identityProviders: [{ name: "okta", provider: { insecureSkipVerify: true } }] } } },
          },
        },
      ],
      messages: ["spec.authentication.oauthOptions.identityProviders[0].provider.insecureSkipVerify: expected false, got true"],
    },
    "KubeSphere 4": {
      resources: [
        {
          type: "kubernetes:core/v1:Secret",
          props: {
            type: "config.kubesphere.io/identityprovider",
            stringData: { "configuration.yaml": "name: okta\nprovider:\n  insecureSkipVerify: true\n" },
          },
        },
      ],
      messages: ["stringData['configuration.yaml'].provider.insecureSkipVerify: expected false, got true"],
    },
  },
});
