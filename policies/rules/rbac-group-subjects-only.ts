import { reviewDueAnnotation } from "../../model/access/binding-annotations";
import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";
import { isProperties, type Value } from "../value";

/** On a binding of one of KubeSphere's people. KubeSphere reads no groups and lists bindings by it: there is no other way to give access. */
const userLabel = "iam.kubesphere.io/user-ref";

/** Somebody looks at it by a day that stands on it: whoever has left is found, where no group could say so (Google's tokens carry none). */
function isReviewed(annotations: Value | undefined): boolean {
  const due = isProperties(annotations) ? annotations[reviewDueAnnotation] : undefined;
  return due !== undefined && due !== "never";
}

export const rbacGroupSubjectsOnly = resourceRule({
  id: "rbac-group-subjects-only",
  candidate: 38,
  title: "People get access through groups",
  severity: "low",
  level: "advisory",
  rationale:
    "Leavers are removed from groups by the identity provider's own process; a binding that names a person stays. In Entra ID the user name claim differs per application, so such a binding also breaks when the application is replaced.",
  remediation:
    "Bind a group, even for one person; or have the access reviewed (review of a grant in a stack file, the annotation gatehouse.dev/review-due). Where the platform knows people only (KubeSphere, by its label), nothing is reported.",
  controls: [],
  unknowns: "A user's name that is unknown is judged at the update.",
  types: [bindingTypes],
  settings: {},
  check(resource) {
    return bindingsOf(resource)
      .filter(({ labels, annotations }) => !(isProperties(labels) && userLabel in labels) && !isReviewed(annotations))
      .flatMap((binding) =>
        knownSubjects(binding, "User")
          .filter(({ name }) => !name.startsWith("system:"))
          .map(({ path, name }) => mismatch(path, "a group", `User ${name}`)),
      );
  },
});
