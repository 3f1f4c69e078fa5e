import { guidPattern } from "../../model/text/guid";
import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, resourceRule, type Finding } from "../rule";
import { bindingTypes } from "../types";
import { at } from "../value";

/** Annotation that accepts unprefixed subjects, with the platform that cannot prefix as its value. */
export const unprefixedAnnotation = "gatehouse.dev/unprefixed-subjects";

export const rbacSubjectPrefixedId = resourceRule({
  id: "rbac-subject-prefixed-id",
  candidate: 39,
  title: "Groups in bindings carry the identity provider's prefix; Entra groups are object IDs",
  severity: "high",
  level: "mandatory",
  rationale:
    "A bare group name belongs to whoever can make a group of that name in any identity provider that the cluster ever trusts. In Entra ID display names are not unique and never appear in a groups claim by default: a binding to a name grants nothing, until somebody makes it match.",
  remediation: `Bind \`<prefix><claim value>\`: \`okta:Kasten Admins\`, \`entra:<object ID>\`. Where nothing can prefix (OpenUnison with impersonation; the Entra and Google sign-in that AKS and GKE bring along), acknowledge it on the binding with the annotation ${unprefixedAnnotation}: openunison.`,
  controls: ["kubernetes-system-prefix"],
  unknowns: "Object IDs of groups that are still to be made are unknown at preview; those subjects are judged at the update.",
  types: [bindingTypes],
  settings: {
    prefixPattern: {
      default: "^[A-Za-z0-9][A-Za-z0-9._-]*(?:[:#]|_(?=[0-9a-f]{8}-))",
      schema: { type: "string", description: "Regular expression for the prefix at the start of a group's name." },
    },
    objectIdPrefixPattern: {
      default: "^(?:entra|aad|azure|azuread)[:#_]|^[a-z0-9]+_azure_",
      schema: { type: "string", description: "Regular expression for prefixes after which an Entra object ID must follow." },
    },
  },
  check(resource, { prefixPattern, objectIdPrefixPattern }) {
    const prefix = new RegExp(prefixPattern);
    const objectIdPrefix = new RegExp(objectIdPrefixPattern);
    return bindingsOf(resource).flatMap((binding) => {
      const acknowledged = at(binding.annotations, unprefixedAnnotation);
      if (acknowledged !== undefined && acknowledged !== "") {
        return [];
      }
      return knownSubjects(binding, "Group").flatMap(({ path, name }): Finding[] => {
        // Kubernetes' own groups are another rule's matter.
        if (name.startsWith("system:")) {
          return [];
        }
        const [entra] = objectIdPrefix.exec(name) ?? [];
        if (entra !== undefined) {
          return guidPattern.test(name.slice(entra.length)) ? [] : [mismatch(path, `an object ID after ${entra}`, name)];
        }
        return prefix.test(name) ? [] : [mismatch(path, "a name with the identity provider's prefix", name)];
      });
    });
  },
});
