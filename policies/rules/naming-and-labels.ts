import { bindingsOf } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";
import { at, isProperties } from "../value";

export const namingAndLabels = resourceRule({
  id: "naming-and-labels",
  candidate: 52,
  title: "A binding says who owns it",
  severity: "low",
  level: "advisory",
  rationale: "At the next access review somebody has to be asked whether a binding is still needed.",
  remediation: "Add a label or annotation whose key is, or ends in, one of the required words (example.com/owner).",
  controls: [],
  unknowns: "Judged by keys; unknown metadata is not judged.",
  types: [bindingTypes],
  settings: {
    requiredKeys: {
      default: ["owner"],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "Last parts of label or annotation keys that each binding must carry.",
      },
    },
  },
  check(resource, { requiredKeys }) {
    return bindingsOf(resource).flatMap(({ path, labels, annotations }) => {
      if (typeof labels === "symbol" || typeof annotations === "symbol" || typeof at(resource.properties, "metadata") === "symbol") {
        return [];
      }
      const keys = [labels, annotations].flatMap((map) => (isProperties(map) ? Object.keys(map) : []));
      return requiredKeys
        .filter((required) => !keys.some((key) => key === required || key.endsWith(`/${required}`)))
        .map((required) => mismatch(`${path}metadata.labels`, `a label or annotation '${required}'`, keys.sort()));
    });
  },
});
