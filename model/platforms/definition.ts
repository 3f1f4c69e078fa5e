import type { SceneAccount } from "../access/reach";
import type { PolicyRule } from "../access/rules";
import type { z } from "zod";
import type { PlatformAdoption } from "./adoption";
import type { FailureCause } from "../failure-causes";
import type { ReviewCycle } from "../review/cycle";
import type { ChartSource, SignInFact } from "../sign-in";
import type { IdentityProviderFacts } from "../identity-providers/definition";
import type { Problem } from "../text/problems";

export const tokenRules = ["authentication-configuration", "flags", "go-oidc", "go-oidc-login", "token-endpoint"] as const;
export type TokenRules = (typeof tokenRules)[number];

/** What a platform can and cannot do with an identity. Shared code reads this row; it never asks for a kind by name. */
export interface PlatformCapabilities {
  /** Name for people. */
  readonly title: string;
  /** Who puts the prefix before group names: the platform, the API server behind it, or nobody. */
  readonly prefixedBy: "platform" | "api-server" | "nobody";
  /** What a signed-in person's rights come from. */
  readonly authorises: "kubernetes-rbac" | "users-only";
  /** Whether the platform asks the userinfo endpoint for claims that the ID token leaves out. */
  readonly readsUserInfo: boolean;
  /** Whether it can read a groups claim that is an object, whose keys are the groups. Left out: false. */
  readonly readsGroupObjects?: boolean;
  /** Whether the client secret can be handed over as the name of a Kubernetes Secret. */
  readonly secretByReference: boolean;
  /**
   * By whose rules a token is read there, for the verifier: the API server's own by its configuration file or its flags; those of a
   * platform that verifies with the same library (`go-oidc`), or only signs people in with it, by `sub` and whatever name and address
   * come along (`go-oidc-login`); or none but the claims', where it takes what the token endpoint answers.
   */
  readonly tokenRules: TokenRules;
  /** How a changed secret is handed over, in words that follow "hands it over"; left out where the platform has no secret. */
  readonly secretChange?: string;
  /** Groups that the platform itself gives rights to by name; an environment's groups must not be called so where no prefix tells them apart. */
  readonly ownGroups?: readonly string[];
}

/** What a platform asks of the app registration. */
export interface Requirements {
  /** Exact redirect URIs, sorted. */
  readonly redirectUris: readonly string[];
  /** Exact sign-out redirect URIs, sorted. */
  readonly postLogoutRedirectUris: readonly string[];
  readonly grantTypes: readonly ("authorization_code" | "refresh_token")[];
  readonly clientAuthentication: "client_secret_basic" | "client_secret_post" | "none";
  readonly scopes: readonly string[];
  /** True where the platform always sends a PKCE code challenge (S256), so that the client may refuse sign-ins without. Left out: false. */
  readonly sendsCodeChallenge?: boolean;
  /** Claims, besides the groups, that the platform reads in the ID token and that not every identity provider puts there unasked. */
  readonly idTokenClaims?: readonly string[];
  /** False where the platform has no use for a groups claim: none is configured for it then. Left out: true. */
  readonly readsGroups?: boolean;
  /** True where the platform itself looks people and groups up in the directory, with its own credentials. Left out: false. */
  readonly readsDirectory?: boolean;
}

/** How a platform turns an ID token into a Kubernetes identity. */
export interface IdentityRule {
  readonly username: { readonly claim: string; readonly prefix: string };
  /** An empty claim: the platform reads no groups. */
  readonly groups: { readonly claim: string; readonly prefix: string };
}

/** One grant of a stack: a group, or one person, holds a platform role, in the named namespaces where the role is given by namespace, until a day. */
export interface GrantSpec {
  /** Key of the group; the schema holds exactly one of this and `user`. */
  readonly group?: string;
  /** Sign-in name of the one person. */
  readonly user?: string;
  readonly role: string;
  readonly namespaces?: readonly string[];
  /** Where the role holds, for roles given by workspace. */
  readonly workspaces?: readonly string[];
  /** Last day of the grant in UTC, `YYYY-MM-DD`. */
  readonly until?: string;
  /** How often it is reviewed; left out: as the platform says. */
  readonly review?: ReviewCycle;
  /** Day of its last review in UTC. */
  readonly reviewed?: string;
  /** Who answers for it; left out: as the platform says. */
  readonly owner?: string;
}

/** A program that holds a role of the platform by a service account; whoever runs it binds it. */
export interface ServiceAccountSpec {
  /** `namespace/name` */
  readonly account: string;
  readonly role: string;
  readonly namespaces?: readonly string[];
  /** Who answers for it. */
  readonly owner: string;
  /** Last day in UTC, `YYYY-MM-DD`. */
  readonly until?: string;
}

/** A role as an auditor reads it. */
export interface RoleDescription {
  /** `k10:admin` in prose: "administers backups of every namespace". */
  readonly permits: string;
  /** Whether a grant must name namespaces (namespaced), workspaces (workspace) or neither (cluster). */
  readonly scope: "cluster" | "namespaced" | "workspace";
  /** True where whoever holds it may run pods, or use service accounts, in the namespaces of the grant. Left out: false. */
  readonly writes?: boolean;
}

/** The kinds of binding objects: Kubernetes' own, and those of a platform that has its own access control. */
export const bindingKinds = ["ClusterRoleBinding", "RoleBinding", "GlobalRoleBinding", "WorkspaceRoleBinding"] as const;

/** The kinds of roles that bindings name. */
export const roleKinds = ["ClusterRole", "Role", "GlobalRole", "WorkspaceRole"] as const;

/** One binding that a role needs; the subjects come from all grants of that role and scope. */
export interface BindingTarget {
  readonly kind: (typeof bindingKinds)[number];
  /** Set exactly for a RoleBinding. */
  readonly namespace?: string;
  /** Set exactly for a WorkspaceRoleBinding. */
  readonly workspace?: string;
  readonly roleRef: { readonly kind: (typeof roleKinds)[number]; readonly name: string };
}

/** Where a cluster keeps the binding objects of a platform with its own access control. */
export interface BindingApi {
  /** `iam.kubesphere.io`; an object that one of this group owns is a copy. */
  readonly group: string;
  /** The lists of the preferred version, each with the kind of binding that is in it; `notIn` names versions without it. */
  readonly lists: readonly { readonly kind: (typeof bindingKinds)[number]; readonly plural: string; readonly notIn?: string }[];
  /** Label of a binding that names its workspace. */
  readonly workspaceLabel: string;
  /** The plural of the objects that are its people. */
  readonly people: string;
  /** User name of the platform's own controllers and console: it writes to all of those objects. */
  readonly controller: string;
}

/** How a platform that cannot read groups takes people one by one. */
export interface PeopleRule {
  /** User names at the platform, by sign-in name; for anybody else the part before the @. */
  readonly usernames: Readonly<Record<string, string>>;
  /** What a user name must look like. */
  readonly usernamePattern: RegExp;
  /** What the claim that names a person may carry, and why; an identity provider's own ids are always such. Left out: anything. */
  readonly subjects?: { readonly pattern: RegExp; readonly expected: string };
  /** Groups whose members are not the stack's: they are read at each update, and changes in between are not seen. */
  readonly snapshotGroups: readonly string[];
  /** User names that the platform keeps for itself. */
  readonly reservedUsernames: readonly string[];
  /** The role that everybody with any grant holds, unless a grant gives a stronger one in the same place. */
  readonly everybody: string;
}

/** What every platform's spec has in common. */
export interface PlatformSpecBase {
  readonly kind: string;
  readonly access: readonly GrantSpec[];
  /** Programs that hold its roles; left out where it takes none. */
  readonly serviceAccounts?: readonly ServiceAccountSpec[];
  /** How often its grants are reviewed, what becomes of a grant whose review was missed, and who decides. */
  readonly review?: ReviewCycle;
  readonly missedReview?: "warn" | "end";
  readonly reviewers?: readonly string[];
  /** Who answers for its grants. */
  readonly owner?: string;
  /** Whether it was there before the stack: its bindings then come before its release changes. Left out: false. */
  readonly adopted?: boolean;
  /** Whether it is installed already and stays its owner's: nothing of it is installed. Left out: false. */
  readonly installed?: boolean;
}

/** One platform: its row, its part of the stack file, and everything that follows from what a stack wrote. */
export interface PlatformDefinition<Spec extends PlatformSpecBase> {
  readonly kind: Spec["kind"];
  /** PEM of a private authority behind the identity provider's certificate, where the platform is told one. */
  issuerCertificateAuthority?(spec: Spec): string | undefined;
  readonly capabilities: PlatformCapabilities;
  readonly schema: z.ZodType<Spec>;
  /** What a new stack file begins with, beside the kind and the grants. */
  readonly sample?: Readonly<Record<string, unknown>>;
  /** How one that is installed already is read; left out where it cannot be taken over. */
  readonly adoption?: PlatformAdoption;
  /** The roles that a grant may name, in the order of power. */
  readonly roles: Readonly<Record<string, RoleDescription>>;
  /** What people open in the browser, `https://host`, and the path below it. */
  url(spec: Spec): string;
  requirements(spec: Spec, identityProvider: IdentityProviderFacts): Requirements;
  identity(spec: Spec, identityProvider: IdentityProviderFacts): IdentityRule;
  /** Claims of a person that the stack chose by name, with the path below the platform; left out where it cannot. */
  claims?(spec: Spec): readonly { readonly path: readonly string[]; readonly claim: string }[];
  /** The bindings that one grant needs. */
  bindings(spec: Spec, grant: GrantSpec): BindingTarget[];
  /** What RBAC names for a group: what tokens carry, or the display name that the platform looks up instead. Left out: what tokens carry. */
  groupNames?(spec: Spec): "claim-values" | "display-names";
  /** What of a spec does not go with the identity provider, with the path below the platform; undefined when all does. */
  identityProviderFault?(spec: Spec, identityProvider: IdentityProviderFacts): Problem | undefined;
  /** Where bindings are that are not Kubernetes' own; left out where all are. */
  readonly bindingApi?: BindingApi;
  /** What of the platform's own settings decides how hard a sign-in is. */
  signIn?(spec: Spec): readonly SignInFact[];
  /** The charts that it installs, with where they come from and the stack's own values; left out where it installs none. */
  charts?(spec: Spec): readonly ChartSource[];
  /** What errors of the platform's own resources mean, the most specific first. */
  readonly failureCauses?: readonly FailureCause[];
  /** What the owner of one that is installed already does, in sentences; left out where a stack never installs it, or nothing is left to do. */
  ownersPart?(spec: Spec): readonly string[];
  /** Set exactly for a platform that authorises users only. */
  people?(spec: Spec): PeopleRule;
  /**
   * What of the cluster, or beside it, is this platform's alone, with the path to what decides it and its name for people: two platforms
   * of one stack cannot have it both. `shared` is what several may have, but not beside one that has it alone.
   */
  occupies?(
    spec: Spec,
    identityProvider: IdentityProviderFacts,
  ): readonly { readonly path: readonly string[]; readonly what: string; readonly shared?: true }[];
  /** Certificates that the stack wrote out, with the path to each; their lifetime is judged before anything is made. */
  certificates?(spec: Spec): readonly { readonly path: readonly string[]; readonly pem: string }[];
  /** Namespaces whose service accounts are powerful because of this platform, beside the one that it is installed into. */
  readonly ownNamespaces?: readonly string[];
  /** What is installed, for the report; undefined where nothing is. */
  installs(
    spec: Spec,
  ): { readonly chart: string; readonly version: string; readonly namespace: string; readonly release: string } | undefined;
  /** What was expected of a chart's version whose contract was not read; undefined for one that was. */
  chartFault?(version: string): string | undefined;
  /** A certificate that the platform makes for its hosts once, and not again when another host comes; left out where it makes none. */
  ownCertificate?(
    spec: Spec,
  ): { readonly secret: { readonly namespace: string; readonly name: string }; readonly hosts: readonly string[] } | undefined;
  /** The rules of a role that the platform itself brings, where they lead further than the role says. Built-in ClusterRoles are known. */
  roleRules?(spec: Spec, roleRef: BindingTarget["roleRef"]): readonly PolicyRule[] | undefined;
  /** The roles for people that the platform itself brings: nobody but the stack and the platform's own installer gives them. */
  ownRoles?(release: string | undefined): readonly BindingTarget["roleRef"][];
  /** To whom the platform gives those from the beginning: `User admin`. Nobody signs in by such a name. */
  readonly ownHolders?: readonly string[];
  /** The platform's own service accounts whose rights are worth taking. */
  accounts?(spec: Spec): readonly SceneAccount[];
  /** Sentences for the plan and the report, one for each dangerous choice that the stack wrote out. */
  risks(spec: Spec): string[];
}
