import { matchesGlob } from "../../model/text/glob";
import { isKasten, isOpenUnison, releaseOf } from "../reading/helm";
import { bindingsOf, servesOnlyServiceAccounts } from "../reading/rbac";
import { boundRules, powerOf } from "../reading/role-power";
import { mismatch, stackRule, type Finding } from "../rule";
import { bindingTypes, releases, roleTypes } from "../types";
import { rbacNoClusterAdmin } from "./rbac-no-cluster-admin";

export const rbacPlatformNamespace = stackRule({
  id: "rbac-platform-namespace",
  title: "Nobody but the platform writes in the namespace that it runs in, and nobody in every namespace",
  severity: "critical",
  level: "mandatory",
  rationale:
    "The service accounts of K10, OpenUnison and KubeSphere rule the cluster. Whoever may start a pod or make a token Secret beside them, which edit and admin allow, is one of them; so is whoever has a role of the program's own that allows the same. rbac-no-cluster-admin knows the usual namespaces and the built-in roles; this rule knows the namespace that the stack installs into, and what the stack's roles come to.",
  remediation: "Bind edit, admin and roles that start workloads in the namespaces of the people's own workloads.",
  controls: ["cis-5.1.1", "kubernetes-cluster-admin"],
  unknowns:
    "A namespace or role that is unknown is judged at the update. A role of another program or chart is known by its name only. Service accounts are left alone: operators start workloads everywhere.",
  types: [...releases, bindingTypes, roleTypes],
  settings: {
    namespaceAdminRoles: rbacNoClusterAdmin.settings.namespaceAdminRoles,
    guardedNamespaces: rbacNoClusterAdmin.settings.guardedNamespaces,
  },
  check(resources, { namespaceAdminRoles, guardedNamespaces }) {
    const platforms = resources
      .filter(({ type }) => (releases as readonly string[]).includes(type))
      .map(releaseOf)
      .filter((release) => isKasten(release) || isOpenUnison(release) || release.chart === "ks-core");
    return resources
      .filter(({ type }) => bindingTypes.test(type))
      .flatMap((source) => bindingsOf(source).map((binding) => ({ source, binding })))
      .flatMap(({ source, binding }): Finding[] => {
        const { urn, path, role, roleKind, namespace, clusterWide } = binding;
        const platform = clusterWide ? undefined : platforms.find((each) => each.namespace !== undefined && each.namespace === namespace);
        const expected = (place: string): string => `the platform's own role where ${place} runs`;
        if (
          platform !== undefined &&
          roleKind !== "Role" &&
          role !== undefined &&
          namespaceAdminRoles.some((glob) => matchesGlob(glob, role))
        ) {
          return [{ urn, ...mismatch(`${path}roleRef.name`, expected(platform.chart ?? "it"), `${role} in ${namespace ?? ""}`) }];
        }
        const guarded = platform !== undefined || guardedNamespaces.some((glob) => namespace !== undefined && matchesGlob(glob, namespace));
        if (servesOnlyServiceAccounts(binding) || (!clusterWide && !guarded)) {
          return [];
        }
        const power = powerOf(boundRules(binding, source, resources), clusterWide ? "cluster" : "platform");
        const got = `a role that ${power ?? ""} in ${clusterWide ? "every namespace" : (namespace ?? "")}`;
        return power === undefined
          ? []
          : [
              {
                urn,
                ...mismatch(
                  `${path}roleRef.name`,
                  clusterWide ? "a role that only reads, in every namespace" : expected(platform?.chart ?? "it"),
                  got,
                ),
              },
            ];
      });
  },
});
