import { releaseOf } from "../reading/helm";
import { inlineSecrets } from "../reading/secrets";
import { resourceRule } from "../rule";
import { releases } from "../types";
import { at } from "../value";

export const valuesNoInlineSecret = resourceRule({
  id: "values-no-inline-secret",
  candidate: 29,
  title: "Helm values hold references to secrets, not secrets",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Values are kept by Helm in the cluster (sh.helm.release.v1.*, helm get values) for every revision, so whoever reads Secrets of one namespace, or a diff, reads the client secret for years. pulumi.secret does not help there. K10 (auth.oidcAuth.clientSecretName) and most charts take a reference.",
  remediation: "Put the secret into a Kubernetes Secret and name it in the values (clientSecretName, existingSecret, valueFrom).",
  controls: ["cis-5.4.1", "cis-5.4.2"],
  unknowns:
    "A secret-looking key whose value is unknown is reported: what is unknown there is the secret of an application that is still to be made. Wholly unknown values are not seen. What stands in valueYamlFiles is seen where the plugin has put it among the values, once every property of the release is known (at the latest at the update). Packed or enciphered texts are not opened, only base64. A hash of a password (bcrypt, as Argo CD takes it) is no password. repositoryOpts.password is not judged: whether it is marked secret does not show here.",
  types: releases,
  settings: {
    ignoredPaths: {
      default: [] as string[],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "Exact paths below values that may hold such a key (it is no secret).",
      },
    },
  },
  check(resource, { ignoredPaths }) {
    // A name and password before the host, which the state shows with the address.
    const repository = at(resource.properties, "repositoryOpts", "repo") ?? null;
    return [
      ...inlineSecrets({ repo: repository }).map(() => ({
        message:
          "repositoryOpts.repo: expected an address without a secret in it, got one with (username and password are inputs of their own)",
      })),
      ...inlineSecrets(releaseOf(resource).values ?? null)
        .filter((path) => !ignoredPaths.includes(path))
        .map((path) => ({ message: `values.${path}: expected a reference to a Kubernetes Secret, got a value` })),
    ];
  },
});
