import { stringify } from "yaml";
import { kubeSphereApis, kubeSphereWorkspaceLabel, ownerAnnotation, sortKeys, type PersonAccess } from "../../../model";

const iam = "iam.kubesphere.io";

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
  /** Of release 3, with the mapping method auto: ask nobody for a user name. */
  readonly disableLoginConfirmation: boolean;
  /** Of release 4: without a button. */
  readonly hidden: boolean;
  readonly insecureSkipVerify: boolean;
  /** The claims of a person's address and of the user name that is suggested. */
  readonly emailKey: string;
  readonly preferredUsernameKey: string;
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
      ? { disableLoginConfirmation: signIn.disableLoginConfirmation }
      : { disabled: false, displayName: signIn.displayName ?? signIn.provider, hidden: signIn.hidden }),
    provider: {
      issuer: signIn.issuer,
      clientID: client.id,
      clientSecret: client.secret,
      redirectURL: signIn.redirectUri,
      ...(signIn.release === 4 ? { postLogoutRedirectURI: signIn.postLogoutRedirectUri } : {}),
      scopes: [...signIn.scopes],
      getUserInfo: signIn.getUserInfo,
      insecureSkipVerify: signIn.insecureSkipVerify,
      emailKey: signIn.emailKey,
      preferredUsernameKey: signIn.preferredUsernameKey,
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

/** The fields of an object that was there belong to whoever made it: without this, the kubernetes provider leaves one that differs, and fails. */
const takenOver = { "pulumi.com/patchForce": "true" };

/** By which a stack's own objects are known; the platform is left out where a program of another kind makes them. */
function managed(platform: string | undefined): Record<string, string> {
  return { "app.kubernetes.io/managed-by": "gatehouse", ...(platform !== undefined && { "gatehouse.dev/platform": platform }) };
}

/** Of which KubeSphere, under which provider, and for which platform of the stack. */
export interface KubeSphereTarget {
  readonly release: 3 | 4;
  readonly provider: string;
  readonly platform?: string;
  /** Whether the objects may have been there before the stack. */
  readonly adopted?: boolean;
}

/** The User of a person, tied to the person's `sub`: the sign-in finds it by that mark and by nothing else. */
export function userManifest(
  { release, provider, platform, adopted = false }: KubeSphereTarget,
  person: Pick<PersonAccess, "username" | "login" | "subject">,
): Manifest {
  const api = kubeSphereApis[release];
  const labels = { ...managed(platform), [`${iam}/identify-provider`]: provider, [`${iam}/origin-uid`]: person.subject };
  const annotations = { [`${iam}/identity-provider.${provider}`]: person.subject };
  const marks = { ...(api.annotated ? annotations : {}), ...(adopted ? takenOver : {}) };
  const metadata = { name: person.username, labels, ...(Object.keys(marks).length === 0 ? {} : { annotations: marks }) };
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
  { release, platform, adopted = false }: Omit<KubeSphereTarget, "provider">,
  username: string,
  binding: BindingObject,
): Manifest {
  const annotations = { ...(binding.owner === undefined ? {} : { [ownerAnnotation]: binding.owner }), ...(adopted ? takenOver : {}) };
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
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    roleRef: { apiGroup: inNamespace ? api.namespaced.apiGroup : iam, kind: binding.roleRef.kind, name: binding.roleRef.name },
    subjects: [{ apiGroup: api.userGroup, kind: "User", name: username }],
  };
}
