import { valuesOpenUnisonAccess } from "../../../policies/rules/values-openunison-access";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const at = "values > openunison >";

describeRule(valuesOpenUnisonAccess, {
  passing: {
    type: releases[0],
    props: { chart: "orchestra", values: { openunison: { replicas: 1, management_proxy: { enabled: false } } } },
  },
  alsoPassing: {
    "no settings of one's own": { change: { [`${at} non_secret_data`]: {} } },
    "another chart": { change: { chart: "nginx", [`${at} enabled_provisioning`]: true } },
  },
  violations: {
    ...Object.fromEntries(
      ["enable_provisioning", "enabled_provisioning"].map((name) => [
        name,
        { change: { [`${at} ${name}`]: true }, messages: [`values.openunison.${name}: expected false, got true`] },
      ]),
    ),
    "another system that acts as an administrator": {
      change: { [`${at} management_proxy > enabled`]: "true" },
      messages: ['values.openunison.management_proxy.enabled: expected false, got "true"'],
    },
    "namespaces as a service": {
      change: { [`${at} naas`]: { enabled: true } },
      messages: ["values.openunison.naas.enabled: expected false, got true"],
    },
    "settings that overrule others": {
      change: { [`${at} non_secret_data`]: { OIDC_IDP_TOKEN_URL: "https://evil.example.com/token" } },
      messages: ['values.openunison.non_secret_data: expected nothing, got ["OIDC_IDP_TOKEN_URL"]'],
    },
    "a directory of one's own": {
      change: { [`${at} myvd_configmap`]: "mine" },
      messages: ['values.openunison.myvd_configmap: expected nothing, got "mine"'],
    },
    "a renamed chart": {
      change: { chart: "login", "values > network": { openunison_host: "k8sou.example.com" }, [`${at} enabled_provisioning`]: 1 },
      messages: ["values.openunison.enabled_provisioning: expected false, got 1"],
    },
  },
});
