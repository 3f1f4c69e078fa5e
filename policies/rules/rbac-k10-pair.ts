import { isKasten, releaseOf } from "../judge/helm";
import { bindingsOf, type Binding } from "../judge/rbac";
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
      if (name === undefined) return [];
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
  if (!others.every(({ subjectsKnown }) => subjectsKnown)) return [];
  const there = others.flatMap(({ subjects }) => subjects);
  const names = there.map(({ name }) => name);
  const missing = admin.subjects.flatMap(({ name }) => (typeof name === "string" && !names.includes(name) ? [name] : []));
  const unknown = (subjects: readonly { name: unknown }[]): number => subjects.filter(({ name }) => typeof name === "symbol").length;
  const short = unknown(admin.subjects) - unknown(there);
  // An unknown subject over there may turn out to be a known one here: only a shortage of subjects is certain.
  if (missing.length > 0 && unknown(there) >= missing.length + unknown(admin.subjects)) return [];
  return short > 0 ? [...missing, `${short} not known yet`] : missing;
}
