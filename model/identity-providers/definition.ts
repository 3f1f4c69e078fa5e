import type { z } from "zod";

/** What an identity provider can and cannot do. Shared code reads this row; it never asks for a kind by name. */
export interface IdentityProviderCapabilities {
  /** Name for people. */
  readonly title: string;
  /** What a token carries for a group: its name (renaming changes access) or its immutable id. */
  readonly claimValue: "name" | "id";
  /** How many groups one ID token can carry. */
  readonly groupLimit: number;
  /** What happens above the limit: groups are left off without a sign, or the whole claim is replaced by a pointer. */
  readonly aboveGroupLimit: "truncated" | "overage";
  /** Whether two client secrets can be valid at once, so that a rotation has no gap. */
  readonly overlappingSecrets: boolean;
  /** Whether `sub` differs from client to client, and so cannot be known before the first sign-in. */
  readonly pairwiseSubject: boolean;
  /** The claim that names a person for good: present in every ID token and never given to somebody else. */
  readonly stableUsernameClaim: string;
  /** Whether ID tokens of the code flow carry a person's names; otherwise they are at the userinfo endpoint. */
  readonly profileInIdToken: boolean;
  /** Whether ID tokens of the code flow leave groups to the userinfo endpoint ("thin" tokens). */
  readonly thinIdToken: boolean;
}

/** What the platforms need to know of the identity provider of one environment. */
export interface IdentityProviderFacts {
  readonly kind: string;
  /** The issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  /** The claim of the ID token that lists a person's groups. */
  readonly groupsClaim: string;
  /** The scopes that make the ID token carry identity and groups; always with `openid`. */
  readonly scopes: readonly string[];
  readonly capabilities: IdentityProviderCapabilities;
  /** The tenant's id, where the identity provider has tenants; a domain until it is resolved. */
  readonly tenantId?: string;
  /** The loopback redirect of `gatehouse login`, where the stack asks for it. */
  readonly diagnosticRedirect?: DiagnosticRedirect;
}

/** A redirect URI beside the platform's own, at which `gatehouse login` waits for a person's own sign-in. */
export interface DiagnosticRedirect {
  readonly uri: string;
  /** `none`: the identity provider takes it as one of a public client. `as-platform`: it belongs to the platform's own client, with its secret. */
  readonly clientAuthentication: "none" | "as-platform";
}

/** One identity provider: its row, its part of the stack file, and the facts that follow from what a stack wrote. */
export interface IdentityProviderDefinition<Spec extends { kind: string }> {
  readonly kind: Spec["kind"];
  readonly capabilities: IdentityProviderCapabilities;
  /** The row under other settings, for the compatibility matrix: what one setting refuses, another may allow. */
  readonly variants?: readonly IdentityProviderCapabilities[];
  readonly schema: z.ZodType<Spec>;
  facts(spec: Spec): IdentityProviderFacts;
  /** What the identity provider would refuse a platform's redirect URI for, in words that follow it; undefined when it takes it. */
  readonly redirectFault?: (uri: string, publicClient: boolean) => string | undefined;
  /** Why these settings do not fit a platform that is a public client, in words that follow `expected`; undefined when they do. */
  readonly publicClientFault?: (spec: Spec) => { readonly expected: string; readonly fix: string } | undefined;
  /** What the provider cannot look a group up by its name for, in words that follow the name; undefined when it can. */
  readonly groupNameFault?: (name: string) => string | undefined;
  /** Groups that the identity provider's own settings name, with the path to the name. */
  referencedGroups(spec: Spec): readonly { readonly path: readonly string[]; readonly key: string }[];
  /** What bounds the groups that a token may carry, for the report; `granted` are names of the groups with a grant on the platform. */
  groupBound(spec: Spec, granted: readonly string[]): string;
  /** Sentences for the plan and the report, one for each dangerous choice that the stack wrote out. */
  risks(spec: Spec): string[];
}
