import { kubeSphereProviders } from "../reading/kubesphere";
import { mismatch, resourceRule } from "../rule";
import { clusterConfiguration, identityProviderEntry, secretTypes } from "../types";
import { text } from "../value";

export const valuesKubeSphereMapping = resourceRule({
  id: "values-kubesphere-mapping",
  candidate: 35,
  title: "KubeSphere does not create or take over accounts by user name",
  severity: "high",
  level: "advisory",
  rationale:
    "With mappingMethod auto, KubeSphere 4.1 takes over an existing local account of the same name: a person whose preferred_username is admin becomes the platform's administrator.",
  remediation: "Use lookup with known subjects, or manual; with auto, make sure that people cannot choose their user name.",
  controls: [],
  unknowns: "As values-kubesphere-provider.",
  types: [clusterConfiguration, identityProviderEntry, secretTypes],
  settings: {},
  check(resource) {
    return kubeSphereProviders(resource).flatMap(({ path, configuration }) => {
      const method = text(configuration, "mappingMethod");
      return method === "auto" ? [mismatch(`${path}.mappingMethod`, "lookup or manual", method)] : [];
    });
  },
});
