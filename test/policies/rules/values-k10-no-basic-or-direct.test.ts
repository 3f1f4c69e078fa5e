import { valuesK10NoBasicOrDirect } from "../../../policies/rules/values-k10-no-basic-or-direct";
import { releases } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const auth = "values > auth >";

describeRule(valuesK10NoBasicOrDirect, {
  passing: { type: releases[0], props: { chart: "k10", values: { ingress: { create: true }, auth: { oidcAuth: { enabled: true } } } } },
  alsoPassing: {
    "a K10 that nobody reaches": { change: { "values > ingress > create": false, [`${auth} oidcAuth > enabled`]: false } },
    LDAP: { change: { [`${auth} oidcAuth > enabled`]: false, [`${auth} ldap`]: { enabled: true } } },
    OpenShift: { change: { [`${auth} oidcAuth > enabled`]: false, [`${auth} openshift`]: { enabled: true } } },
    "a switch that is not known yet": { change: { [`${auth} oidcAuth > enabled`]: unknown } },
    "another chart": { resources: [{ type: releases[0], props: { chart: "nginx", values: { ingress: { create: true } } } }] },
  },
  violations: {
    "basic authentication": {
      change: { [`${auth} basicAuth`]: { enabled: true } },
      messages: ["values.auth.basicAuth.enabled: expected false (exposed by ingress.create), got true"],
    },
    "token authentication": {
      change: { [`${auth} tokenAuth`]: { enabled: true } },
      messages: ["values.auth.tokenAuth.enabled: expected false (exposed by ingress.create), got true"],
    },
    "no authentication": {
      change: { [`${auth} oidcAuth > enabled`]: false, "values > route": { enabled: true }, "values > externalGateway": { create: true } },
      messages: [
        "values.auth.oidcAuth.enabled: expected true (exposed by ingress.create, route.enabled, externalGateway.create), got false",
      ],
    },
    "a chart of another name from Kasten's repository": {
      resources: [
        {
          type: releases[0],
          props: { chart: "backup", repositoryOpts: { repo: "https://charts.kasten.io/" }, values: { ingress: { create: "yes" } } },
        },
      ],
      messages: ["values.auth.oidcAuth.enabled: expected true (exposed by ingress.create), got nothing"],
    },
    "a chart of another name with tokens": {
      change: { chart: "backup", [`${auth} tokenAuth`]: { enabled: 1 } },
      messages: ["values.auth.tokenAuth.enabled: expected false (exposed by ingress.create), got 1"],
    },
    "a password file": {
      change: { [`${auth} basicAuth`]: { htpasswd: "ana:$apr1$x" } },
      messages: ["values.auth.basicAuth.htpasswd: expected nothing, got a value"],
    },
  },
});
