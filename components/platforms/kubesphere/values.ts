import { stringify } from "yaml";
import { kubeSphereWorkspaceLabel, ownerAnnotation, sortKeys, type PersonAccess } from "../../../model";

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

/** Sign-in of KubeSphere, without the client. */
export interface KubeSphereSignIn {
  readonly release: 3 | 4;
  /** Name of the provider, the last part of the redirect URI. */
  readonly provider: string;
  readonly displayName?: string;
  readonly mappingMethod: string;
  /** Issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  /** Without `openid`. */
  readonly scopes: readonly string[];
  /** Ask the userinfo endpoint for what a thin ID token leaves out. */
  readonly getUserInfo: boolean;
}

/**
 * The identity provider as KubeSphere reads it: the item of `identityProviders` in release 3, the content of the Secret in
 * release 4 (pkg/apiserver/authentication/identityprovider).
 * @throws Error when `openid` is among the scopes: KubeSphere would then ask for nothing else
 */
export function providerConfiguration(
  signIn: KubeSphereSignIn,
  client: { readonly id: string; readonly secret: string },
): Record<string, unknown> {
  if (signIn.scopes.includes("openid")) {
    throw new Error(
      "KubeSphere's scopes: expected them without openid, which KubeSphere adds by itself and which makes it drop all others, got openid.",
    );
  }
  return sortKeys({
    name: signIn.provider,
    type: "OIDCIdentityProvider",
    mappingMethod: signIn.mappingMethod,
    // Release 3 has no display name; with auto it must ask for a user name, since an address is no valid one.
    ...(signIn.release === 3
      ? { disableLoginConfirmation: false }
      : { disabled: false, displayName: signIn.displayName ?? signIn.provider, hidden: false }),
    provider: {
      issuer: signIn.issuer,
      clientID: client.id,
      clientSecret: client.secret,
      redirectURL: signIn.redirectUri,
      ...(signIn.release === 4 ? { postLogoutRedirectURI: signIn.postLogoutRedirectUri } : {}),
      scopes: [...signIn.scopes],
      getUserInfo: signIn.getUserInfo,
      insecureSkipVerify: false,
      emailKey: "email",
      preferredUsernameKey: "preferred_username",
    },
  });
}

/** `configuration.yaml` of the labelled Secret of release 4. */
export function providerYaml(configuration: Record<string, unknown>): string {
  return stringify(configuration);
}

type Manifest = Readonly<Record<string, unknown>> & { readonly apiVersion: string; readonly kind: string; readonly metadata: Metadata };

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** By which a stack's own objects are known; the platform is left out where a program of another kind makes them. */
function managed(platform: string | undefined): Record<string, string> {
  return { "app.kubernetes.io/managed-by": "gatehouse", ...(platform !== undefined && { "gatehouse.dev/platform": platform }) };
}

/** Of which KubeSphere, under which provider, and for which platform of the stack. */
export interface KubeSphereTarget {
  readonly release: 3 | 4;
  readonly provider: string;
  readonly platform?: string;
}

/** The User of a person, tied to the person's `sub`: the sign-in finds it by that mark and by nothing else. */
export function userManifest(
  { release, provider, platform }: KubeSphereTarget,
  person: Pick<PersonAccess, "username" | "login" | "subject">,
): Manifest {
  const api = kubeSphereApis[release];
  const labels = { ...managed(platform), [`${iam}/identify-provider`]: provider, [`${iam}/origin-uid`]: person.subject };
  const annotations = { [`${iam}/identity-provider.${provider}`]: person.subject };
  const metadata = { name: person.username, labels, ...(api.annotated ? { annotations } : {}) };
  return { apiVersion: api.iam, kind: "User", metadata, spec: { email: person.login } };
}

/** A binding object as the manifest needs it. */
interface BindingObject {
  readonly name: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly workspace?: string;
  readonly owner?: string;
  readonly roleRef: { readonly kind: string; readonly name: string };
}

/** One role of one person in one place. KubeSphere's own pages list bindings by the label user-ref. */
export function bindingManifest(
  { release, platform }: Omit<KubeSphereTarget, "provider">,
  username: string,
  binding: BindingObject,
): Manifest {
  const api = kubeSphereApis[release];
  const inNamespace = binding.namespace !== undefined;
  return {
    apiVersion: inNamespace ? api.namespaced.apiVersion : api.iam,
    kind: binding.kind,
    metadata: {
      name: binding.name,
      ...(binding.namespace === undefined ? {} : { namespace: binding.namespace }),
      labels: {
        ...managed(platform),
        [`${iam}/user-ref`]: username,
        [`${iam}/role-ref`]: binding.roleRef.name,
        ...(binding.workspace === undefined ? {} : { [kubeSphereWorkspaceLabel]: binding.workspace }),
      },
      ...(binding.owner === undefined ? {} : { annotations: { [ownerAnnotation]: binding.owner } }),
    },
    roleRef: { apiGroup: inNamespace ? api.namespaced.apiGroup : iam, kind: binding.roleRef.kind, name: binding.roleRef.name },
    subjects: [{ apiGroup: api.userGroup, kind: "User", name: username }],
  };
}
