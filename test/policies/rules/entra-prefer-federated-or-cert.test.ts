import { entraPreferFederatedOrCert } from "../../../policies/rules/entra-prefer-federated-or-cert";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(entraPreferFederatedOrCert, {
  passing: { type: entra.application, props: { displayName: "K10" } },
  violations: {
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
