import { callbackSetting, secretOnlyCallbacks, servesOnly } from "../reading/callbacks";
import { registeredUris } from "../reading/redirects";
import { mismatch, stackRule, type Subject } from "../rule";
import { entra } from "../types";
import { at } from "../value";

export const entraPreferFederatedOrCert = stackRule({
  id: "entra-prefer-federated-or-cert",
  candidate: 9,
  title: "An Entra application signs in without a shared secret where the platform can",
  severity: "low",
  level: "advisory",
  rationale:
    "A certificate or federated credential cannot be copied out of a values file. K10, OpenUnison and KubeSphere take only a secret, and are known by their callbacks.",
  remediation:
    "Use a federated identity credential or a certificate. For a platform that takes only a secret, name its callback under secretOnly.",
  controls: ["scuba-aad-5.5", "asvs-10.4.16", "microsoft-certificate"],
  unknowns:
    "Judged by the resource's type. The application counts that a password's applicationId is computed from, also before the id is known; where its redirect URIs are not known, the password is reported.",
  types: [entra.password, entra.servicePrincipalPassword, entra.application],
  settings: {
    secretOnly: callbackSetting(
      [...secretOnlyCallbacks, "http*://*/auth-svc/v0/oidc/redirect"],
      "Callbacks of platforms that take only a secret",
    ),
  },
  check(resources, { secretOnly }) {
    const excused = (application: Subject | undefined): boolean =>
      application !== undefined &&
      servesOnly(
        registeredUris(application).map(({ uri }) => uri),
        secretOnly,
      );
    return resources.flatMap((resource) => {
      const { type, urn, properties, from } = resource;
      if (type === entra.application) {
        return at(properties, "password") === undefined || excused(resource) ? [] : [finding("password", urn)];
      }
      const owner = resources.find((other) => other.type === entra.application && (from["applicationId"] ?? []).includes(other.urn));
      return excused(owner) ? [] : [finding(type.slice(type.lastIndexOf(":") + 1), urn)];
    });
  },
});

function finding(path: string, urn: string): { message: string; urn: string } {
  return { ...mismatch(path, "a federated credential or a certificate", "a client secret"), urn };
}
