import type { EnvironmentDocument } from "../../../model";
import { bindingText, type RbacBinding, type RbacState } from "../../../verifier/rbac";

/**
 * Bindings of a platform's own access control (GlobalRoleBinding, WorkspaceRoleBinding), as far as they can be compared: each role is
 * one right, to hold it. What such a role permits is the platform's to know, so a subject that did not hold it before gains.
 */
export function ownAccessControl(document: EnvironmentDocument): RbacState {
  const own = document.access.flatMap(({ subject, bindings, platform }) =>
    bindings.flatMap(({ kind, name, workspace = "", roleRef }) =>
      kind === "ClusterRoleBinding" || kind === "RoleBinding"
        ? []
        : [
            {
              subject: { ...subject, namespace: "" },
              name: `${platform} ${kind} ${name}`,
              role: `${roleRef.kind} ${workspace === "" ? "" : `${workspace}/`}${roleRef.name}`,
            },
          ],
    ),
  );
  const bindings = new Map<string, RbacBinding>();
  for (const { subject, name, role } of own) {
    const binding: RbacBinding = {
      kind: "ClusterRoleBinding",
      namespace: "",
      name,
      roleRef: { kind: "ClusterRole", name: role },
      subjects: [subject],
    };
    const earlier = bindings.get(bindingText(binding));
    bindings.set(bindingText(binding), { ...binding, subjects: [...(earlier?.subjects ?? []), subject] });
  }
  return {
    bindings: [...bindings.values()],
    roles: [...new Set(own.map(({ role }) => role))].map((name) => ({
      kind: "ClusterRole",
      namespace: "",
      name,
      labels: {},
      rules: [{ verbs: ["hold"], apiGroups: ["(the platform's own)"], resources: ["roles"], resourceNames: [name] }],
    })),
  };
}
