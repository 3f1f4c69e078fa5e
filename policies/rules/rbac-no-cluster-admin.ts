import { guardedNamespaces } from "../../model/access/guarded-namespaces";
import { matchesGlob } from "../../model/text/glob";
import { bindingsOf, servesOnlyServiceAccounts, type Binding } from "../reading/rbac";
import { daysBetween, endOfDay } from "../../model/text/calendar";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";
import { at, text, unknownValue } from "../value";

export const breakGlassAnnotation = "gatehouse.dev/break-glass";
export const expiresAnnotation = "gatehouse.dev/expires";

export const rbacNoClusterAdmin = resourceRule({
  id: "rbac-no-cluster-admin",
  candidate: 40,
  title: "cluster-admin, or what comes to it, is bound only to break glass, and for a limited time",
  severity: "critical",
  level: "mandatory",
  rationale:
    "cluster-admin reads every Secret and changes every binding: whoever has it can give themselves anything, and hide it. The built-in roles edit and admin come to the same where a controller runs: they read its namespace's Secrets and take the tokens of its service accounts, so cluster-wide, in kube-system or in a platform's own namespace they lead to cluster-admin. So do the roles of Kubernetes' own controllers, and for people those of its other components (system:…).",
  remediation: `Bind the platform's own role, and edit and admin in the namespaces of the people's own workloads. For an emergency add the annotations ${breakGlassAnnotation}: <reason> and ${expiresAnnotation}: <date>.`,
  controls: ["cis-5.1.1", "kubernetes-cluster-admin"],
  unknowns:
    "Role names are literals; an unknown role, namespace or expiry is judged at the update. What a role of another program or chart permits is not seen: list it in adminRoles.",
  types: [bindingTypes],
  settings: {
    breakGlassDays: { default: 7, schema: { type: "integer", minimum: 1, description: "Furthest allowed expiry, in days from today." } },
    adminRoles: {
      default: [
        "cluster-admin",
        "system:controller:*",
        "system:kube-controller-manager",
        "system:node",
        "system:kubelet-api-admin",
        "system:certificates.k8s.io:*",
      ],
      schema: { type: "array", items: { type: "string" }, description: "ClusterRoles (with * as wildcard) treated as cluster-admin." },
    },
    namespaceAdminRoles: {
      default: ["admin", "edit", "system:aggregate-to-admin", "system:aggregate-to-edit"],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "ClusterRoles (with * as wildcard) that take over a namespace, refused cluster-wide and in guardedNamespaces.",
      },
    },
    guardedNamespaces: {
      default: [...guardedNamespaces],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "Namespaces (with * as wildcard) whose service accounts rule the cluster.",
      },
    },
  },
  check(resource, { breakGlassDays, ...powers }, { now }) {
    return bindingsOf(resource).flatMap((binding) => {
      const { path, annotations } = binding;
      const refused = powerOf(binding, powers);
      if (refused === undefined) {
        return [];
      }
      const reason = at(annotations, breakGlassAnnotation);
      if (reason === undefined || reason === "") {
        return [mismatch(`${path}roleRef.name`, "the platform's own role", refused)];
      }
      if (at(annotations, expiresAnnotation) === unknownValue) {
        return [];
      }
      const expires = text(annotations, expiresAnnotation);
      const end = expires === undefined ? undefined : endOfDay(expires);
      const days = end === undefined ? undefined : daysBetween(now, end);
      const annotation = `${path}metadata.annotations['${expiresAnnotation}']`;
      if (days === undefined) {
        return [mismatch(annotation, "a date (YYYY-MM-DD)", expires)];
      }
      if (days < 0) {
        return [mismatch(annotation, "a date that is not over", expires)];
      }
      return days <= breakGlassDays + 1 ? [] : [mismatch(annotation, `a date at most ${breakGlassDays} days away`, expires)];
    });
  },
});

interface Powers {
  readonly adminRoles: readonly string[];
  readonly namespaceAdminRoles: readonly string[];
  readonly guardedNamespaces: readonly string[];
}

/**
 * Roles of Kubernetes for everybody, and for those who watch (kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go). The
 * others named system: are for its own components: with system:node-bootstrapper a person becomes a node.
 */
export const harmlessSystemRole =
  /^system:(?:basic-user|discovery|public-info-viewer|monitoring|heapster|auth-delegator|aggregate-to-view|service-account-issuer-discovery)$/;

/** The role that rules the cluster through this binding, with where it does; undefined for one that does not. */
function powerOf(binding: Binding, powers: Powers): string | undefined {
  const among = (globs: readonly string[], name: string): boolean => globs.some((glob) => matchesGlob(glob, name));
  const { role, roleKind, clusterWide, namespace } = binding;
  if (roleKind === "Role" || role === undefined) {
    return undefined;
  }
  const components = role.startsWith("system:") && !harmlessSystemRole.test(role) && !servesOnlyServiceAccounts(binding);
  if (among(powers.adminRoles, role) || (components && !among(powers.namespaceAdminRoles, role))) {
    return role;
  }
  if (!among(powers.namespaceAdminRoles, role)) {
    return undefined;
  }
  if (clusterWide) {
    return `${role} in every namespace`;
  }
  return namespace !== undefined && among(powers.guardedNamespaces, namespace) ? `${role} in ${namespace}` : undefined;
}
