import { matchesGlob } from "../reading/glob";
import { isKasten, isOpenUnison, releaseOf } from "../reading/helm";
import { bindingsOf } from "../reading/rbac";
import { mismatch, stackRule } from "../rule";
import { bindingTypes, releases } from "../types";
import { rbacNoClusterAdmin } from "./rbac-no-cluster-admin";

export const rbacPlatformNamespace = stackRule({
  id: "rbac-platform-namespace",
  title: "Nobody but the platform writes in the namespace that it runs in",
  severity: "critical",
  level: "mandatory",
  rationale:
    "The service accounts of K10, OpenUnison and KubeSphere rule the cluster. Whoever may start a pod or make a token Secret beside them, which edit and admin allow, is one of them. rbac-no-cluster-admin knows the usual namespaces; this rule knows the one that the stack installs into.",
  remediation: "Bind edit and admin in the namespaces of the people's own workloads.",
  controls: ["cis-5.1.1", "kubernetes-cluster-admin"],
  unknowns: "A namespace or role that is unknown is judged at the update.",
  types: [...releases, bindingTypes],
  settings: {
    namespaceAdminRoles: rbacNoClusterAdmin.settings.namespaceAdminRoles,
  },
  check(resources, { namespaceAdminRoles }) {
    const guarded = resources
      .filter(({ type }) => (releases as readonly string[]).includes(type))
      .map(releaseOf)
      .filter((release) => isKasten(release) || isOpenUnison(release) || release.chart === "ks-core")
      .flatMap(({ namespace, chart }) => (namespace === undefined ? [] : [{ namespace, chart }]));
    return resources
      .filter(({ type }) => bindingTypes.test(type))
      .flatMap(bindingsOf)
      .flatMap(({ urn, path, role, roleKind, namespace, clusterWide }) => {
        const platform = clusterWide || roleKind === "Role" ? undefined : guarded.find((each) => each.namespace === namespace);
        return platform !== undefined && role !== undefined && namespaceAdminRoles.some((glob) => matchesGlob(glob, role))
          ? [
              {
                urn,
                ...mismatch(
                  `${path}roleRef.name`,
                  `the platform's own role where ${platform.chart ?? "it"} runs`,
                  `${role} in ${platform.namespace}`,
                ),
              },
            ]
          : [];
      });
  },
});
