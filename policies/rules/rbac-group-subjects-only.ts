import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";

export const rbacGroupSubjectsOnly = resourceRule({
  id: "rbac-group-subjects-only",
  candidate: 38,
  title: "People get access through groups",
  severity: "low",
  level: "advisory",
  rationale:
    "Leavers are removed from groups by the identity provider's own process; a binding that names a person stays. In Entra ID the user name claim differs per application, so such a binding also breaks when the application is replaced.",
  remediation: "Bind a group, even for one person.",
  controls: [],
  unknowns: "A user's name that is unknown is judged at the update.",
  types: [bindingTypes],
  settings: {},
  check(resource) {
    return bindingsOf(resource).flatMap((binding) =>
      knownSubjects(binding, "User")
        .filter(({ name }) => !name.startsWith("system:"))
        .map(({ path, name }) => mismatch(path, "a group", `User ${name}`)),
    );
  },
});
