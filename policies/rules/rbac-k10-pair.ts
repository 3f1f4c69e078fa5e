import { isKasten, releaseOf } from "../reading/helm";
import { bindingsOf, type Binding, type BoundSubject } from "../reading/rbac";
import { mismatch, stackRule } from "../rule";
import { bindingTypes, releases } from "../types";

export const rbacK10Pair = stackRule({
  id: "rbac-k10-pair",
  candidate: 48,
  title: "A K10 administrator has both halves of the role",
  severity: "medium",
  level: "advisory",
  rationale:
    "The ClusterRole <release>-admin is only half: without a RoleBinding to the Role <release>-ns-admin in K10's namespace the dashboard says that services are reporting errors (docs.kasten.io, RBAC).",
  remediation: "Add a RoleBinding in the release's namespace to the Role <release>-ns-admin with the same subjects.",
  controls: [],
  unknowns: "Subjects are compared by name where known; unknown ones are counted, so a missing half is seen at preview too.",
  types: [...releases, bindingTypes],
  settings: {},
  check(resources) {
    const bindings = resources.filter(({ type }) => bindingTypes.test(type)).flatMap(bindingsOf);
    const kasten = resources
      .filter(({ type }) => (releases as readonly string[]).includes(type))
      .map(releaseOf)
      .filter(isKasten);
    return kasten.flatMap(({ name, namespace }) => {
      if (name === undefined) {
        return [];
      }
      const admins = bindings.filter(({ clusterWide, role }) => clusterWide && role === `${name}-admin`);
      const inNamespace = bindings.filter(
        // A role or namespace that is not known yet may be the right one.
        (binding) =>
          !binding.clusterWide &&
          (binding.role === undefined || binding.role === `${name}-ns-admin`) &&
          (namespace === undefined || binding.namespace === undefined || binding.namespace === namespace),
      );
      return admins.flatMap((admin) => {
        const missing = missingSubjects(admin, inNamespace);
        return missing.length === 0
          ? []
          : [
              {
                urn: admin.urn,
                ...mismatch(
                  "subjects",
                  `a RoleBinding to ${name}-ns-admin in ${namespace ?? "K10's namespace"} for the same subjects`,
                  `none for ${missing.join(", ")}`,
                ),
              },
            ];
      });
    });
  },
});

function missingSubjects(admin: Binding, others: readonly Binding[]): string[] {
  if (!others.every(({ subjectsKnown }) => subjectsKnown)) {
    return [];
  }
  const there = others.flatMap(({ subjects }) => subjects);
  const known = (subjects: readonly BoundSubject[]): string[] => subjects.flatMap(({ name }) => (typeof name === "string" ? [name] : []));
  const missing = known(admin.subjects).filter((name) => !known(there).includes(name));
  const spare = known(there).filter((name) => !known(admin.subjects).includes(name)).length;
  const unknownThere = there.length - known(there).length;
  // An unknown subject may turn out to be any other: only a shortage of subjects is certain.
  const named = missing.length > unknownThere ? missing : [];
  const short = admin.subjects.length - known(admin.subjects).length - spare - Math.max(0, unknownThere - missing.length);
  return short > 0 ? [...named, `${short} not known yet`] : named;
}
