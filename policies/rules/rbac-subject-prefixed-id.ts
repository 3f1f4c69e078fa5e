import {
  namesAnnotation,
  objectIdPrefixPattern as objectIdPrefixes,
  prefixAnnotation,
  shownPrefixPattern,
  unprefixedAnnotation,
} from "../../model/access/binding-annotations";
import { guidPattern } from "../../model/text/guid";
import { isTrustedName, prefixFault } from "../../model/text/trusted-names";
import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, resourceRule, type Finding } from "../rule";
import { bindingTypes } from "../types";
import { at, text } from "../value";

export const rbacSubjectPrefixedId = resourceRule({
  id: "rbac-subject-prefixed-id",
  candidate: 39,
  title: "Groups in bindings carry the identity provider's prefix; Entra groups are object IDs",
  severity: "high",
  level: "mandatory",
  rationale:
    "A bare group name belongs to whoever can make a group of that name in any identity provider that the cluster ever trusts. In Entra ID display names are not unique and never appear in a groups claim by default: a binding to a name grants nothing, until somebody makes it match.",
  remediation: `Bind \`<prefix><claim value>\`: \`okta:Kasten Admins\`, \`entra:<object ID>\`. Where nothing can prefix (OpenUnison with impersonation; the Entra and Google sign-in that AKS and GKE bring along), acknowledge it on the binding with the annotation ${unprefixedAnnotation}: openunison. A prefix that ends otherwise than in a colon or hash is named with ${prefixAnnotation}: okta_, and app roles or looked-up names after a prefix of Entra ID with ${namesAnnotation}: <platform>; Gatehouse's components write both.`,
  controls: ["kubernetes-system-prefix"],
  unknowns: "Object IDs of groups that are still to be made are unknown at preview; those subjects are judged at the update.",
  types: [bindingTypes],
  settings: {
    prefixPattern: {
      default: shownPrefixPattern,
      schema: { type: "string", description: "Regular expression for the prefix at the start of a group's name." },
    },
    objectIdPrefixPattern: {
      default: objectIdPrefixes,
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
      const stated = text(binding.annotations, prefixAnnotation);
      const fault = stated === undefined ? undefined : prefixFault(stated);
      if (fault !== undefined) {
        return [mismatch(`${binding.path}metadata.annotations['${prefixAnnotation}']`, fault, stated)];
      }
      const named = text(binding.annotations, namesAnnotation) ?? "";
      return knownSubjects(binding, "Group").flatMap(({ path, name }): Finding[] => {
        // What the cluster trusts by itself is another rule's matter.
        if (isTrustedName(name)) {
          return [];
        }
        if (stated !== undefined) {
          return name.startsWith(stated) && name !== stated ? [] : [mismatch(path, `a name with the prefix ${stated}`, name)];
        }
        const [entra] = objectIdPrefix.exec(name) ?? [];
        if (entra !== undefined && named === "") {
          return guidPattern.test(name.slice(entra.length)) ? [] : [mismatch(path, `an object ID after ${entra}`, name)];
        }
        return prefix.test(name) ? [] : [mismatch(path, "a name with the identity provider's prefix", name)];
      });
    });
  },
});
