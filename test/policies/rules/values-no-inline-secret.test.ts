import { valuesNoInlineSecret } from "../../../policies/rules/values-no-inline-secret";
import { releases } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

const message = (path: string): string => `values.${path}: expected a reference to a Kubernetes Secret, got a value`;

describeRule(valuesNoInlineSecret, {
  passing: {
    type: releases[0],
    props: {
      chart: "k10",
      values: {
        auth: {
          oidcAuth: { enabled: true, clientID: "0oa1", clientSecretName: "k10-oidc-client", clientSecret: "" },
          tokenAuth: { enabled: false },
        },
        grafana: { adminPassword: "$__file{/etc/secrets/admin}" },
        tls: { secret: "k10-tls", existingSecret: "k10" },
        oidc: { existingSecretKey: "client-secret", clientSecretKey: "client-secret" },
        args: [
          { name: "DB_PASSWORD", value: "$(DB_PASSWORD)" },
          { name: "LEVEL", value: "info" },
        ],
        env: [{ name: "OIDC_CLIENT_SECRET", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }],
        configs: { cm: { "oidc.config": "name: Okta\nclientID: 0oa1\nclientSecret: $oidc.okta.clientSecret\n" } },
      },
    },
  },
  violations: {
    "K10's client secret": {
      change: { "values > auth > oidcAuth > clientSecret": "hunter2" },
      messages: [message("auth.oidcAuth.clientSecret")],
    },
    "a client secret that is not known yet": {
      change: { "values > auth > oidcAuth > clientSecret": unknown },
      messages: [message("auth.oidcAuth.clientSecret")],
    },
    "a secret in an environment variable's name": {
      change: { "values > OIDC_CLIENT_SECRET": "hunter2" },
      messages: [message("OIDC_CLIENT_SECRET")],
    },
    "an environment variable": {
      change: { "values > env > 1": { name: "OIDC_CLIENT_SECRET", value: "hunter2" } },
      messages: [message("env[1].value")],
    },
    "an environment variable that is not known yet": {
      change: { "values > env > 1": { name: "OIDC_CLIENT_SECRET", value: unknown } },
      messages: [message("env[1].value")],
    },
    "a private key, whatever it is called": {
      change: { "values > tls > content": "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n" },
      messages: [message("tls.content")],
    },
    "a key of a cloud": {
      change: { "values > secrets": { awsSecretAccessKey: "hunter2" } },
      messages: [message("secrets.awsSecretAccessKey")],
    },
    "a secret of a client in a list": {
      change: { "values > config": { staticClients: [{ id: "k10", secret: "hunter2" }] } },
      messages: [message("config.staticClients[0].secret")],
    },
    "a secret inside a file": {
      change: { "values > configs > cm > dex": "connectors:\n  - type: oidc\n    config:\n      clientSecret: hunter2\n" },
      messages: [message("configs.cm.dex (as YAML).connectors[0].config.clientSecret")],
    },
    "a password file": {
      change: { "values > auth > basicAuth": { htpasswd: "ana:$apr1$x" } },
      messages: [message("auth.basicAuth.htpasswd")],
    },
    "a chart of the newer kind": {
      resources: [{ type: releases[1], props: { chart: "dex", values: { "cookie-secret": "0123456789abcdef" } } }],
      messages: [message("cookie-secret")],
    },
    "what is not on the list of ignored paths": {
      change: { "values > minio": { secretKey: "a", accessToken: "b" } },
      settings: { ignoredPaths: ["minio.secretKey"] },
      messages: [message("minio.accessToken")],
    },
  },
  // On purpose: what is unknown at such a key is the secret of an application that is still to be made.
  reportedWhenUnknown: {
    "values > args > 0 > value": [message("args[0].value")],
    "values > auth > oidcAuth > clientSecret": [message("auth.oidcAuth.clientSecret")],
    "values > grafana > adminPassword": [message("grafana.adminPassword")],
  },
});
