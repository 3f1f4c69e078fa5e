import { dexHardened } from "../../../policies/rules/dex-hardened";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const tls = { tlsCert: "/tls/tls.crt", tlsKey: "/tls/tls.key", tlsClientCA: "/tls/ca.crt" };

describeRule(dexHardened, {
  passing: {
    type: releases[0],
    props: {
      chart: "dex",
      values: {
        config: {
          staticClients: [{ id: "k10", secretEnv: "K10_SECRET", redirectURIs: ["https://k10.example.com/"] }],
          grpc: { addr: "0.0.0.0:5557", ...tls },
          connectors: [
            { type: "microsoft", config: { groups: ["Kasten Admins"] } },
            { type: "oidc", config: {} },
          ],
        },
      },
    },
  },
  alsoPassing: {
    "the same in another chart, where it may be anything": {
      change: { chart: "login", "values > config": { oauth2: { passwordConnector: "ldap" } } },
    },
    "no management API": { change: { "values > config > grpc": undefined } },
    "another chart": { change: { chart: "k10", "values > config": { public: true, connectors: "none" } } },
  },
  violations: {
    ...Object.fromEntries(
      ["token", "id_token", "code id_token"].map((type) => [
        `the response type ${type}`,
        {
          change: { "values > config > oauth2": { responseTypes: ["code", type] } },
          messages: [`values.config.oauth2.responseTypes: expected code, got "${type}"`],
        },
      ]),
    ),
    ...Object.fromEntries(
      ["password", "implicit"].map((type) => [
        `the grant ${type}`,
        {
          change: { "values > config > oauth2": { grantTypes: ["authorization_code", type] } },
          messages: [`values.config.oauth2.grantTypes: expected authorization_code (and refresh_token), got "${type}"`],
        },
      ]),
    ),
    "what only the chart's name tells": {
      change: { "values > config": { oauth2: { passwordConnector: "ldap" } } },
      messages: ['values.config.oauth2.passwordConnector: expected nothing, got "ldap"'],
    },
    "a public client of a renamed chart": {
      change: { chart: "login", "values > config > staticClients > 0 > public": "yes" },
      messages: ['values.config.staticClients[0].public: expected false, got "yes"'],
    },
    "a public client in Argo CD's values": {
      resources: [
        {
          type: releases[0],
          props: { chart: "argo-cd", values: { configs: { cm: { "dex.config": "staticClients:\n  - { id: cli, public: true }\n" } } } },
        },
      ],
      messages: ["values.configs.cm.dex.config (as YAML).staticClients[0].public: expected false, got true"],
    },
    "a public client": {
      change: { "values > config > staticClients > 0 > public": true },
      messages: ["values.config.staticClients[0].public: expected false, got true"],
    },
    "an open management API": {
      change: { "values > config > grpc": { addr: "0.0.0.0:5557", tlsCert: "/tls/tls.crt" } },
      messages: ["values.config.grpc.tlsKey: expected a file, got nothing", "values.config.grpc.tlsClientCA: expected a file, got nothing"],
    },
    "a management API without TLS": {
      change: { "values > config > grpc": { addr: "0.0.0.0:5557", tlsKey: "/tls/tls.key", tlsClientCA: "/tls/ca.crt" } },
      messages: ["values.config.grpc.tlsCert: expected a file, got nothing"],
    },
    ...Object.fromEntries(
      ["google", "gitlab"].map((type) => [
        `a connector of ${type} that admits everybody`,
        {
          change: { "values > config > connectors > 0": { type, config: {} } },
          messages: ["values.config.connectors[0].config.groups: expected the groups that may sign in, got nothing"],
        },
      ]),
    ),
    "the password grant": {
      change: { "values > config > oauth2": { passwordConnector: "local" } },
      messages: ['values.config.oauth2.passwordConnector: expected nothing, got "local"'],
    },
    "a connector that admits everybody": {
      change: { "values > config > connectors > 0 > config > groups": undefined },
      messages: ["values.config.connectors[0].config.groups: expected the groups that may sign in, got nothing"],
    },
  },
});
