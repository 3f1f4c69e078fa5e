import { isKasten, kastenRoleSuffixes, releaseOf } from "../reading/helm";
import { bindingsOf, knownSubjects } from "../reading/rbac";
import { mismatch, stackRule } from "../rule";
import { bindingTypes, releases } from "../types";
import { text } from "../value";

export const valuesPrefixAgrees = stackRule({
  id: "values-prefix-agrees",
  candidate: 31,
  title: "Bindings to K10's roles name groups with the prefix that K10 adds",
  severity: "high",
  level: "mandatory",
  rationale:
    "K10 concatenates groupPrefix and the claim's value, without a separator of its own, and its chart never applies the prefix to RBAC. A binding without it grants nothing to the people, and everything to whoever gets that bare name.",
  remediation: "Bind `<groupPrefix><claim value>`.",
  controls: ["kubernetes-system-prefix"],
  unknowns:
    "Subjects that are unknown at preview (`entra:` + object ID) are judged at the update, after their creation; the prefix itself is a literal.",
  types: [...releases, bindingTypes],
  settings: {},
  check(resources) {
    const kasten = resources
      .filter(({ type }) => (releases as readonly string[]).includes(type))
      .map(releaseOf)
      .filter(isKasten);
    const bindings = resources.filter(({ type }) => bindingTypes.test(type)).flatMap(bindingsOf);
    return kasten.flatMap(({ name, values }) => {
      const prefix = text(values, "auth", "oidcAuth", "groupPrefix");
      if (name === undefined || prefix === undefined || prefix === "") {
        return [];
      }
      const roles = kastenRoleSuffixes.map((suffix) => `${name}-${suffix}`);
      return bindings
        .filter(({ role }) => role !== undefined && roles.includes(role))
        .flatMap((binding) =>
          knownSubjects(binding, "Group")
            .filter((subject) => !subject.name.startsWith(prefix))
            .map((subject) => ({
              urn: binding.urn,
              ...mismatch(subject.path, `a name starting with ${JSON.stringify(prefix)} (groupPrefix of ${name})`, subject.name),
            })),
        );
    });
  },
});
