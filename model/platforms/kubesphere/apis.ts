/** The two releases name groups, versions and marks differently (kubesphere/kubesphere, staging/src/kubesphere.io/api/iam). */
export interface KubeSphereApi {
  /** apiVersion of User, GlobalRoleBinding and WorkspaceRoleBinding. */
  readonly iam: string;
  /** apiVersion of Workspace. */
  readonly tenant: string;
  /** apiVersion of the RoleBinding in a project, and API group of the Role that it names. */
  readonly namespaced: { readonly apiVersion: string; readonly apiGroup: string };
  /** API group of the users that bindings name. */
  readonly userGroup: string;
  /** Whether a User is tied to a person by an annotation as well; by labels it always is. */
  readonly annotated: boolean;
}

const rbac = "rbac.authorization.k8s.io";
const iam = "iam.kubesphere.io";

export const kubeSphereApis: { readonly 3: KubeSphereApi; readonly 4: KubeSphereApi } = {
  3: {
    iam: `${iam}/v1alpha2`,
    tenant: "tenant.kubesphere.io/v1alpha1",
    // Projects' roles are plain Kubernetes RBAC in release 3.
    namespaced: { apiVersion: `${rbac}/v1`, apiGroup: rbac },
    userGroup: rbac,
    annotated: false,
  },
  4: {
    iam: `${iam}/v1beta1`,
    tenant: "tenant.kubesphere.io/v1beta1",
    // Its controller copies them into Kubernetes RBAC (pkg/models/iam/am/am.go, CreateOrUpdateNamespaceRoleBinding).
    namespaced: { apiVersion: `${iam}/v1beta1`, apiGroup: iam },
    userGroup: iam,
    // 4.1.2 and earlier know the labels alone, and their controller disables a User that has neither labels nor a password;
    // 4.1.3 and later know the annotation alone (kubesphere/kubesphere#6299, pkg/models/auth/mapper.go and
    // pkg/controller/user/user_controller.go, reconcileUserStatus). Both together fit all of release 4, and an upgrade.
    annotated: true,
  },
};

/** The program's name of a person's User, and of a role that they hold: identity of resources, which an adoption names too. */
export function kubeSphereResourceName(
  people: string,
  username: string,
  role?: { readonly roleName: string; readonly namespace?: string; readonly workspace?: string },
): string {
  const user = `${people}-${username}`;
  if (role === undefined) {
    return user;
  }
  // The role is part of the name: a roleRef does not change, and a new object comes before the old one goes.
  const place = role.namespace ?? role.workspace;
  return place === undefined ? `${user}-${role.roleName}` : `${user}-${role.roleName}-in-${place}`;
}
