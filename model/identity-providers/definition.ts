import type { z } from "zod";
import type { IdentityProviderAdoption } from "./adoption";
import type { FailureCause } from "../failure-causes";
import type { Problem } from "../text/problems";
import type { SignInFact } from "../sign-in";
import type { DirectoryDefinition } from "./directory";
import type { RotationRule } from "./rotation";
import type { UnseenReader } from "./unseen";

/** What an identity provider can and cannot do. Shared code reads this row; it never asks for a kind by name. */
export interface IdentityProviderCapabilities {
  /** Name for people. */
  readonly title: string;
  /** What a token carries for a group: its name (renaming changes access) or its immutable id. */
  readonly claimValue: "name" | "id";
  /** How many groups one ID token can carry; left out where there is no limit. */
  readonly groupLimit?: GroupLimit;
  /** Whether two client secrets can be valid at once, so that a rotation has no gap. */
  readonly overlappingSecrets: boolean;
  /** Whether `sub` differs from client to client, and so cannot be known before the first sign-in. */
  readonly pairwiseSubject: boolean;
  /** False where nobody can look up the people of a group, nor list them in the stack file: only single people can be granted to. Left out: true. */
  readonly peopleKnown?: boolean;
  /** The claim that names a person for good: present in every ID token and never given to somebody else. */
  readonly stableUsernameClaim: string;
  /** Whether ID tokens of the code flow carry a person's names; otherwise they are at the userinfo endpoint. */
  readonly profileInIdToken: boolean;
  /** Whether ID tokens of the code flow leave groups to the userinfo endpoint ("thin" tokens). */
  readonly thinIdToken: boolean;
}

/** How many groups one ID token can carry, and what happens above: groups are left off without a sign, or a pointer replaces the whole claim. */
export interface GroupLimit {
  readonly count: number;
  readonly above: "truncated" | "overage";
}

/** What the platforms need to know of the identity provider of one environment. */
export interface IdentityProviderFacts {
  readonly kind: string;
  /** The issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  /** The claim of the ID token that lists a person's groups. */
  readonly groupsClaim: string;
  /** What the claim is; left out: a list. */
  readonly groupsShape?: "list" | "list-or-text" | "object";
  /** The scopes that make the ID token carry identity and groups; always with `openid`. */
  readonly scopes: readonly string[];
  readonly capabilities: IdentityProviderCapabilities;
  /** The tenant's id, where the identity provider has tenants; a domain until it is resolved. */
  readonly tenantId?: string;
  /** The loopback redirect of `gatehouse login`, where the stack asks for it. */
  readonly diagnosticRedirect?: DiagnosticRedirect;
  /** PEM of a private authority behind the issuer's certificate; left out where public ones are. */
  readonly certificateAuthority?: string;
  /** Claims, with their values, that tell an ID token of this issuer for these people from any other of its tokens. */
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** The level of authentication (`acr`) that each sign-in must have. */
  readonly requiredAcr?: string;
}

/** A redirect URI beside the platform's own, at which `gatehouse login` waits for a person's own sign-in. */
export interface DiagnosticRedirect {
  readonly uri: string;
  /**
   * `none`: the redirect is one of a public client, which has no secret.
   * `as-platform`: the redirect is one more of the platform's own client, whose secret is needed there.
   */
  readonly clientAuthentication: "none" | "as-platform";
}

/** A group as the stack file describes it: made (`displayName`) or there already (`existing`). */
export interface DescribedGroup {
  readonly displayName?: string;
  readonly existing?: string;
  readonly members?: readonly string[];
}

/** A platform as an identity provider judges it: what it asks of its client, and what it can read. */
export interface DescribedPlatform {
  readonly requirements: {
    readonly clientAuthentication: string;
    readonly scopes: readonly string[];
    readonly redirectUris: readonly string[];
  };
  /** Whether it can read a groups claim that is an object, whose keys are the groups. */
  readonly readsGroupObjects: boolean;
  readonly authorises: "kubernetes-rbac" | "users-only";
  readonly access: readonly { readonly group?: string; readonly user?: string }[];
}

/** One identity provider: its row, its part of the stack file, and the facts that follow from what a stack wrote. */
export interface IdentityProviderDefinition<Spec extends { kind: string }> {
  readonly kind: Spec["kind"];
  readonly capabilities: IdentityProviderCapabilities;
  /** The row under other settings, for the compatibility matrix: what one setting refuses, another may allow. */
  readonly variants?: readonly IdentityProviderCapabilities[];
  readonly schema: z.ZodType<Spec>;
  /** What a new stack file begins with, beside the kind; left out where nothing can be written before a vendor gave it. */
  readonly sample?: Readonly<Record<string, unknown>>;
  /** Further settings of a new stack file, where a platform does not work with the sample alone; the first that lets it is taken. */
  readonly furtherSamples?: readonly Readonly<Record<string, unknown>>[];
  /** How a client that is there already is read; left out where none can be taken over. */
  readonly adoption?: IdentityProviderAdoption;
  /** Vendors that are a setting of this kind, `preset`, and that people take for kinds of their own. */
  readonly presetNames?: readonly string[];
  facts(spec: Spec): IdentityProviderFacts;
  /** What the identity provider would refuse a platform's redirect URI for, in words that follow it; undefined when it takes it. */
  readonly redirectFault?: (uri: string, publicClient: boolean) => string | undefined;
  /** Why these settings do not fit a platform that is a public client, in words that follow `expected`; undefined when they do. */
  readonly publicClientFault?: (spec: Spec) => { readonly expected: string; readonly fix: string } | undefined;
  /** Claims of a person that tokens can carry with these settings; undefined, or left out, where only the vendor knows. */
  readonly personClaims?: (spec: Spec) => readonly string[] | undefined;
  /** What a token will carry for a group, where the stack file says it: its name, or a value of the stack's own. Left out: the name, or what only the vendor knows. */
  readonly claimValue?: (spec: Spec, key: string, name: string) => string | undefined;
  /** What the provider cannot look a group up by its name for, in words that follow the name; undefined when it can. */
  readonly groupNameFault?: (name: string) => string | undefined;
  /** What is wrong with the environment's groups for this identity provider; each path begins at `gatehouse:groups`. */
  readonly groupProblems?: (spec: Spec, groups: Readonly<Record<string, DescribedGroup>>) => readonly Problem[];
  /** What does not fit between the identity provider's own settings and the platforms; each path begins at the environment. */
  readonly platformProblems?: (spec: Spec, platforms: Readonly<Record<string, DescribedPlatform>>) => readonly Problem[];
  /** How members are named: by e-mail addresses, or by user names that need not be any. Left out: addresses. */
  readonly memberNames?: "addresses" | "user-names";
  /** What the stable claim carries for one person, where the stack file says it and nobody looks it up; undefined where it does not. */
  readonly userValue?: (spec: Spec, user: string) => string | undefined;
  /** Why a person cannot be granted to by that name; undefined when they can. */
  readonly userFault?: (spec: Spec, user: string) => Omit<Problem, "path"> | undefined;
  /** False where nobody can look up who is in a group that is there already. Left out: true. */
  readonly seesMembers?: boolean;
  /** Certificates that the stack wrote out, with the path to each below `gatehouse:idp`; their lifetime is judged before anything is made. */
  readonly certificates?: (spec: Spec) => readonly { readonly path: readonly string[]; readonly pem: string }[];
  /**
   * What the stack's settings of the Pulumi provider contradict, with the path below `idp`: two statements of one fact.
   * @param setting the text of a setting by its key, `okta:orgName`; undefined where there is none
   */
  readonly settingsProblems?: (spec: Spec, setting: (key: string) => string | undefined) => readonly Problem[];
  /**
   * How client secrets follow each other, those of one platform where it is named; undefined, or left out, where the stack makes none.
   */
  readonly rotation?: (spec: Spec, platform?: string) => RotationRule | undefined;
  /** Why the issuer is not known before an update, in one sentence; undefined, or left out, where the stack file says it. */
  readonly issuerOpen?: (spec: Spec) => string | undefined;
  /** Types of the resources that are client secrets, as the engine names them: `azuread:index/applicationPassword:ApplicationPassword`. */
  readonly clientSecretTypes: readonly string[];
  /** What decides how hard a sign-in is, and who may change that. */
  readonly signIn?: (spec: Spec) => readonly SignInFact[];
  /** What decides about tokens and sign-in there and no resource of the stack reads back; left out where a refresh sees all that counts. */
  readonly unseen?: UnseenReader;
  /** How its people are read; left out where nobody but the vendor can tell. */
  readonly directory?: DirectoryDefinition;
  /** What the vendor's errors mean, the most specific first. */
  readonly failureCauses?: readonly FailureCause[];
  /** Groups that the identity provider's own settings name, with the path to the name. */
  referencedGroups(spec: Spec): readonly { readonly path: readonly string[]; readonly key: string }[];
  /** What bounds the groups that a token may carry, for the report; `granted` are names of the groups with a grant on the platform. */
  groupBound(spec: Spec, granted: readonly string[]): string;
  /** What the owner of the identity provider must set by hand, in sentences: beside the clients, where the stack does not make those. */
  readonly byHand?: (spec: Spec) => {
    readonly clients: boolean;
    readonly settings: readonly string[];
    readonly doesNotWork: readonly string[];
  };
  /** Sentences for the plan and the report, one for each dangerous choice that the stack wrote out. */
  risks(spec: Spec): string[];
}
