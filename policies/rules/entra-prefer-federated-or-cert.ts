import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at } from "../value";

export const entraPreferFederatedOrCert = resourceRule({
  id: "entra-prefer-federated-or-cert",
  candidate: 9,
  title: "An Entra application signs in without a shared secret where the platform can",
  severity: "low",
  level: "advisory",
  rationale:
    "A certificate or federated credential cannot be copied out of a values file. K10, OpenUnison and KubeSphere take only a secret: except this rule for them, with an owner and a date.",
  remediation: "Use a federated identity credential or a certificate, or record an exception for a platform that cannot.",
  controls: ["scuba-aad-5.5", "asvs-10.4.16", "microsoft-certificate"],
  unknowns: "Judged by the resource's type; nothing to know.",
  types: [entra.password, entra.servicePrincipalPassword, entra.application],
  settings: {},
  check({ type, properties }) {
    if (type === entra.application && at(properties, "password") === undefined) {
      return [];
    }
    const path = type === entra.application ? "password" : type.slice(type.lastIndexOf(":") + 1);
    return [mismatch(path, "a federated credential or a certificate", "a client secret")];
  },
});
