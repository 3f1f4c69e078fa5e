import { z } from "zod";
import { describeReceived, addProblem } from "../../text/problems";
import { hostNameOf, originSchema } from "../../text/addresses";
import { keySchema, loginSchema } from "../../text/names";
import { isPlain } from "../../text/printable";
import type { BindingApi, BindingTarget, GrantSpec, IdentityRule, PeopleRule, Requirements } from "../definition";
import { workspaceAccessSchema } from "../grants";
import { alwaysInstalledField } from "../installed";
import { platformReviewFields } from "../reviews";
import type { SignInFact } from "../../sign-in";
import type { IdentityProviderFacts } from "../../identity-providers/definition";

/** Where KubeSphere lives; neither release can be installed elsewhere (kubesphere/kubesphere, pkg/constants: KubeSphereNamespace). */
export const kubeSphereNamespace = "kubesphere-system";

/** Label of a binding that names its workspace. */
export const kubeSphereWorkspaceLabel = "kubesphere.io/workspace";

/** KubeSphere's built-in roles, strongest first in each place (the GlobalRole, WorkspaceRole and Role objects that its installer makes). */
const kubeSphereRoles = {
  "platform-admin": { permits: "administers the whole platform, its people and every cluster", scope: "cluster" },
  "platform-self-provisioner": { permits: "creates workspaces and administers those", scope: "cluster" },
  "platform-regular": {
    permits: "signs in and lists accounts, namespaces and nodes, and sees no more without a further role",
    scope: "cluster",
  },
  "workspace-admin": { permits: "administers the named workspaces, their members and every project in them", scope: "workspace" },
  "workspace-self-provisioner": { permits: "creates projects in the named workspaces", scope: "workspace" },
  "workspace-regular": { permits: "is a member of the named workspaces, and sees what projects grant", scope: "workspace" },
  "workspace-viewer": {
    permits: "reads the named workspaces and everything in every project of them, Secrets included",
    scope: "workspace",
  },
  "namespace-admin": { permits: "administers the named projects and their members", scope: "namespaced", writes: true },
  "namespace-operator": { permits: "runs workloads in the named projects", scope: "namespaced", writes: true },
  "namespace-viewer": { permits: "reads everything in the named projects, Secrets included", scope: "namespaced" },
} as const;

/**
 * A user name as KubeSphere's console accepts it: a DNS name of at most 32 characters, so no `@` and no capital. It is
 * the User object's name and a label value.
 */
export const kubeSphereUsername = /^(?=.{1,32}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * A provider's name: KubeSphere compares it exactly (pkg/apiserver/authentication, GetConfiguration), and marks people with it, in the value
 * of a label and, after `identity-provider.`, in the name of an annotation, which has 63 characters.
 */
const providerName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,43}[A-Za-z0-9])?$/;

/** Whether a name can be a provider's here. */
export function isKubeSphereProvider(name: string): boolean {
  return providerName.test(name);
}

/** A claim of a token, by its name. */
const claimKeySchema = z.string().regex(/^[\w:./-]{1,128}$/, "the name of a claim");

/** The account that every KubeSphere is installed with, its service roles' names, and `everyone`. */
export const reservedUsernames = ["admin", "anonymous", "authenticated", "everyone"];

/** What both releases have in the stack file. */
export const kubeSphereFields = {
  host: originSchema.describe(
    "The console's address that people open, https://host; the callback path is derived from the provider's name.",
  ),
  insecureHttp: z
    .boolean()
    .default(false)
    .describe(
      "Accept a console on plain http: passwords of local accounts, sessions and authorization codes cross the network in the clear.",
    ),
  provider: z
    .string()
    .regex(providerName, "a name of 1 to 45 letters, digits, and inner dashes, dots and underscores")
    .optional()
    .describe(
      "Name of the identity provider in KubeSphere, the last part of its callback, which compares capitals and small letters exactly. Default: the idp's kind.",
    ),
  displayName: z
    .string()
    .min(1)
    .max(64)
    .refine(isPlain, "words without control characters or characters that nobody sees")
    .optional()
    .describe("What the sign-in button says."),
  emailKey: claimKeySchema.optional().describe("The claim that KubeSphere takes a person's address from. Default: email."),
  preferredUsernameKey: claimKeySchema
    .optional()
    .describe(
      "The claim that KubeSphere suggests a user name from, where somebody signs in for the first time. Default: preferred_username.",
    ),
  insecureSkipVerify: z
    .boolean()
    .default(false)
    .describe(
      "Accept that KubeSphere does not check the issuer's certificate: whoever stands between the two reads the client secret and signs in as anybody.",
    ),
  adopted: z
    .boolean()
    .optional()
    .describe(
      "Its identity provider was there before the stack, which took it over: an entry of this name with the stack's own client id is written anew in its place. `gatehouse adopt` writes it.",
    ),
  usernames: z
    .record(
      loginSchema,
      z.string().regex(kubeSphereUsername, "a KubeSphere user name: at most 32 lower-case letters, digits, dots and inner dashes, no @"),
    )
    .default({})
    .describe("KubeSphere user names by sign-in name, for people whose part before the @ does not fit or is taken."),
  snapshotGroups: z
    .array(keySchema)
    .default([])
    .describe(
      "Groups whose members others manage, or Okta fills by rule: they are read at each up, and who joins or leaves in between is not noticed before the next.",
    ),
  installed: alwaysInstalledField,
  ...platformReviewFields,
  access: workspaceAccessSchema(kubeSphereRoles),
};

/** What {@link kubeSphereFields} give, as far as the common functions need it. */
export interface KubeSphereCommon {
  readonly kind: string;
  readonly host: string;
  readonly insecureHttp: boolean;
  readonly insecureSkipVerify: boolean;
  readonly provider?: string;
  readonly usernames: Readonly<Record<string, string>>;
  readonly snapshotGroups: readonly string[];
  readonly access: readonly GrantSpec[];
}

export function checkKubeSphere(spec: KubeSphereCommon, context: z.core.$RefinementCtx): void {
  if (spec.host.startsWith("http:") && !spec.insecureHttp) {
    addProblem(context, ["host"], {
      expected: "an https:// console",
      received: describeReceived(spec.host, []),
      fix: `write ${spec.host.replace("http:", "https:")}, or acknowledge with insecureHttp: true`,
    });
  }
  const granted = new Set(spec.access.map((grant) => grant.group));
  spec.snapshotGroups.forEach((group, position) => {
    if (!granted.has(group)) {
      addProblem(context, ["snapshotGroups", position], {
        expected: `a group that holds a grant here (${[...granted].sort().join(", ")})`,
        received: describeReceived(group, []),
      });
    }
  });
}

/** The provider's name in KubeSphere. */
export function kubeSphereProvider(spec: KubeSphereCommon, identityProvider: IdentityProviderFacts): string {
  return spec.provider ?? identityProvider.kind;
}

/** The Secret of a provider in release 4, where the stack writes no other: the name of an object has no capitals. */
export function kubeSphereProviderSecret(provider: string): string {
  return `identity-provider-${provider.toLowerCase().replaceAll("_", "-")}`;
}

function kubeSphereRequirements(spec: KubeSphereCommon, identityProvider: IdentityProviderFacts): Requirements {
  return {
    redirectUris: [`${spec.host}/oauth/redirect/${kubeSphereProvider(spec, identityProvider)}`],
    postLogoutRedirectUris: [`${spec.host}/`],
    grantTypes: ["authorization_code", "refresh_token"],
    clientAuthentication: "client_secret_basic",
    // Without openid: KubeSphere adds it, and drops every other scope where it is listed
    // (kubesphere/kubesphere, pkg/apiserver/authentication/identityprovider/oidc/oidc.go).
    scopes: ["email", "profile"],
    readsGroups: false,
  };
}

/** KubeSphere maps `sub` as it stands (the lone dash says that nothing is put before it), and reads no groups (the same oidc.go: its Identity has no groups). */
const kubeSphereIdentity: IdentityRule = { username: { claim: "sub", prefix: "-" }, groups: { claim: "", prefix: "" } };

function kubeSphereBindings(grant: GrantSpec): BindingTarget[] {
  const role = grant.role as keyof typeof kubeSphereRoles;
  switch (role) {
    case "platform-admin":
    case "platform-self-provisioner":
    case "platform-regular":
      return [{ kind: "GlobalRoleBinding", roleRef: { kind: "GlobalRole", name: role } }];
    case "workspace-admin":
    case "workspace-self-provisioner":
    case "workspace-regular":
    case "workspace-viewer":
      return (grant.workspaces ?? []).map((workspace) => ({
        kind: "WorkspaceRoleBinding",
        workspace,
        roleRef: { kind: "WorkspaceRole", name: `${workspace}-${role.slice("workspace-".length)}` },
      }));
    case "namespace-admin":
    case "namespace-operator":
    case "namespace-viewer":
      return (grant.namespaces ?? []).map((namespace) => ({
        kind: "RoleBinding",
        namespace,
        roleRef: { kind: "Role", name: role.slice("namespace-".length) },
      }));
    default:
      return role satisfies never;
  }
}

/** A User is tied to a person by a label with the `sub`: in release 3, and up to 4.1.2 (kubesphere/kubesphere#6299). */
const kubeSphereSubjects = {
  pattern: /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  expected:
    "a sub that fits a label (at most 63 letters, digits, dots, dashes and underscores): KubeSphere keeps it there to know the person",
};

function kubeSpherePeople(spec: KubeSphereCommon): PeopleRule {
  return {
    usernames: spec.usernames,
    usernamePattern: kubeSphereUsername,
    subjects: kubeSphereSubjects,
    snapshotGroups: spec.snapshotGroups,
    reservedUsernames,
    everybody: "platform-regular",
  };
}

/** Who may sign in beside the people whom the stack names, and over what. */
export function kubeSphereSignIn({
  mappingMethod,
  host,
}: {
  readonly mappingMethod: "lookup" | "manual" | "auto";
  readonly host: string;
}): SignInFact[] {
  const byMethod = {
    lookup: { value: "people who have an account already", strictness: 2 },
    manual: { value: "whomever the identity provider lets in, after registering a user name", strictness: 1 },
    auto: { value: "whomever the identity provider lets in, without a question", strictness: 0 },
  } as const;
  return [
    { what: "who may sign in", ...byMethod[mappingMethod] },
    {
      what: "the console's connection",
      value: host.startsWith("http:") ? "http, in the clear" : "https",
      strictness: host.startsWith("http:") ? 0 : 1,
    },
  ];
}

/** A cluster has one KubeSphere, and that one User for each name. */
function kubeSphereOccupies(spec: KubeSphereCommon) {
  return [
    { path: ["kind"], what: "the KubeSphere of the cluster" },
    { path: ["host"], what: `the host ${hostNameOf(spec.host)}`, shared: true as const },
  ];
}

/** Sentences for dangers that both releases share. */
export function kubeSphereRisks(spec: KubeSphereCommon): string[] {
  return [
    ...(spec.host.startsWith("http:") ? ["insecureHttp: sessions and authorization codes reach the console over plain http."] : []),
    ...(spec.insecureSkipVerify
      ? [
          "insecureSkipVerify: KubeSphere does not check the issuer's certificate, so whoever stands between the two signs in as anybody and reads the client secret.",
        ]
      : []),
    ...(spec.snapshotGroups.length > 0
      ? [
          `snapshotGroups: the members of ${[...spec.snapshotGroups].sort().join(", ")} are read at each up; who leaves keeps the KubeSphere roles until the next one, although the identity provider refuses the sign-in at once.`,
        ]
      : []),
  ];
}

/** The part of the capability row that both releases share. */
export const kubeSphereCapabilities = {
  prefixedBy: "nobody",
  authorises: "users-only",
  readsUserInfo: false,
  // github.com/coreos/go-oidc, as in the API server, and no look at email_verified (pkg/apiserver/authentication/identityprovider/oidc/oidc.go).
  tokenRules: "go-oidc-login",
} as const;

/** Where both releases keep their bindings. */
const bindingApi: BindingApi = {
  group: "iam.kubesphere.io",
  lists: [
    { kind: "GlobalRoleBinding", plural: "globalrolebindings" },
    { kind: "WorkspaceRoleBinding", plural: "workspacerolebindings" },
    // Release 4 has role bindings of its own, and copies them into Kubernetes RBAC under the same name.
    { kind: "RoleBinding", plural: "rolebindings", notIn: "v1alpha2" },
  ],
  workspaceLabel: kubeSphereWorkspaceLabel,
  people: "users",
  // One account for ks-apiserver and ks-controller-manager (ks-core, templates/serviceaccount.yaml; ks-installer, roles/ks-core/init).
  controller: `system:serviceaccount:${kubeSphereNamespace}:kubesphere`,
};

/** What the definitions of both releases have in common. */
export const kubeSphereDefinition = {
  roles: kubeSphereRoles,
  url: (spec: KubeSphereCommon) => `${spec.host}/`,
  requirements: kubeSphereRequirements,
  identity: () => kubeSphereIdentity,
  bindings: (_spec: KubeSphereCommon, grant: GrantSpec) => kubeSphereBindings(grant),
  bindingApi,
  // Roles of workspaces and projects are given away by their administrators; who signs in as nobody holds platform-regular.
  ownRoles: () => ["platform-admin", "platform-self-provisioner"].map((name) => ({ kind: "GlobalRole" as const, name })),
  ownHolders: ["User admin"],
  people: kubeSpherePeople,
  occupies: kubeSphereOccupies,
  // Its controllers may do anything in the cluster.
  ownNamespaces: [kubeSphereNamespace],
  installs: () => undefined,
};
