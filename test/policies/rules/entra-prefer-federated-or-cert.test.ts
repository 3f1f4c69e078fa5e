import { entraPreferFederatedOrCert } from "../../../policies/rules/entra-prefer-federated-or-cert";
import { entra } from "../../../policies/types";
import { describeRule, unknown } from "../harness";

describeRule(entraPreferFederatedOrCert, {
  passing: { type: entra.application, props: { displayName: "K10" } },
  alsoPassing: {
    "the secret of a platform that takes nothing else": {
      resources: [
        {
          type: entra.application,
          name: "k10-app",
          props: { web: { redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"] } },
        },
        { type: entra.password, props: { applicationId: unknown }, from: { applicationId: ["k10-app"] } },
      ],
    },
    "one that the configuration names, inside the application": {
      change: { password: { displayName: "x" }, web: { redirectUris: ["https://old.example.com/login"] } },
      settings: { secretOnly: ["https://old.example.com/*"] },
    },
  },
  violations: {
    "the secret of another application than such a platform's": {
      resources: [
        {
          type: entra.application,
          name: "k10-app",
          props: { web: { redirectUris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect"] } },
        },
        { type: entra.application, name: "shop", props: { web: { redirectUris: ["https://shop.example.com/callback"] } } },
        { type: entra.password, props: { applicationId: unknown }, from: { applicationId: ["shop"] } },
      ],
      messages: ['ApplicationPassword: expected a federated credential or a certificate, got "a client secret"'],
    },
    "a password inside the application": {
      change: { password: { displayName: "x" } },
      messages: ['password: expected a federated credential or a certificate, got "a client secret"'],
    },
    "a password of the service principal": {
      resources: [{ type: entra.servicePrincipalPassword, props: {} }],
      messages: ['ServicePrincipalPassword: expected a federated credential or a certificate, got "a client secret"'],
    },
    "a password": {
      resources: [{ type: entra.password, props: {} }],
      messages: ['ApplicationPassword: expected a federated credential or a certificate, got "a client secret"'],
    },
  },
});
