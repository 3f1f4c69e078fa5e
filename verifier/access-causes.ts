import { looksLikeObjectId, tokenFactsOf } from "../model/identity-providers/tokens";
import { identityProviders, type DocumentPlatform, type EnvironmentDocument, type IdentityProviderCapabilities } from "../model";
import type { GrantResult } from "./grants";
import type { Check } from "./steps";
import type { Cause, LackingGroup } from "./verdict";

export interface AccessFindings {
  readonly document: EnvironmentDocument;
  readonly platform: DocumentPlatform;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly checks: readonly Check[];
  /** Whether the userinfo endpoint was heard. */
  readonly asked: boolean;
  /** Groups as the token carries them. */
  readonly claimed: readonly string[];
  readonly grants: GrantResult | undefined;
}

/** Likely causes why a good token opens nothing, or less than hoped, at a platform. */
export function accessCauses(findings: AccessFindings): Cause[] {
  const failed = new Set(findings.checks.filter(({ ok }) => ok === false).map(({ code }) => code));
  const causes: Cause[] = [];
  if (failed.has("username_missing")) {
    causes.push(...absentClaim(findings));
  }
  if (failed.has("email_not_verified")) {
    causes.push({
      code: "email_unverified",
      ...(tokenFactsOf(findings.document.identityProvider.kind).emailUnverified ?? {
        message: "The identity provider says that the address is not verified, and the API server then refuses the person.",
        remedy: "Have the address verified, or choose a username claim that does not depend on it (the stable one is the default).",
      }),
    });
  }
  if (failed.has("groups_overage")) {
    causes.push({
      code: "overage",
      message: `The person is in more than ${findings.document.identityProvider.groupLimit} groups, so the token points to them instead of listing them.`,
      remedy:
        "Bound the claim to the groups that are assigned to the application (groupClaims: assigned), or use app roles. The API server cannot follow the pointer and refuses the person.",
    });
  }
  if (failed.has("groups_missing")) {
    causes.push(...absentGroups(findings));
  }
  if (failed.has("user_rule_failed")) {
    causes.push({
      code: "reserved_prefix",
      message: "A name from the identity provider reaches Kubernetes as one that is trusted by itself, and a rule about users refuses it.",
      remedy: "Give the platform a prefix of its own, such as the default '<idp kind>:', and take that group away.",
    });
  }
  if (failed.has("multi_factor_missing")) {
    causes.push({
      code: "single_factor",
      message: "The token does not show a second factor: the sign-in policy did not ask for one, or the claim is not in the ID token.",
      remedy: "Require multi-factor sign-in for the application, sign in again, and see that amr (or acrs) is among the ID token's claims.",
    });
  }
  if (failed.has("authentication_level")) {
    causes.push({
      code: "sign_in_level",
      message: `The sign-in did not reach the level ${findings.document.identityProvider.requiredAcr ?? ""}: the sign-in flow has no step for it, the level is not mapped, or the sign-in asked for less. The platform itself accepts the token.`,
      remedy:
        "Have the identity provider's sign-in flow ask for that level (at Keycloak: ACR to LoA Mapping, and a step with its condition in the browser flow), and sign in again.",
    });
  }
  return [...causes, ...groupCauses(findings)];
}

function absentClaim({ platform, document }: AccessFindings): Cause[] {
  const { claim } = platform.username;
  const row = capabilities(document);
  if (row?.thinIdToken === true) {
    return [
      {
        code: "thin_token",
        message: `ID tokens of the code flow can leave '${claim}' to the userinfo endpoint.`,
        remedy: `Ask for the scopes ${platform.scopes.join(" ")}, or take '${row.stableUsernameClaim}' as username claim, which every ID token has.`,
      },
    ];
  }
  const fault = tokenFactsOf(document.identityProvider.kind).usernameFault?.(claim);
  return [
    {
      code: "username_claim_absent",
      ...(fault ?? {
        message: `The token has no text in '${claim}': its scope was not asked for, or the person has no such attribute at the identity provider.`,
        remedy: `Sign in with the scopes ${platform.scopes.join(" ")}, or take '${row?.stableUsernameClaim ?? "sub"}' as username claim.`,
      }),
    },
  ];
}

function absentGroups({ platform, asked, claims, document }: AccessFindings): Cause[] {
  const { claim } = platform.groups;
  const instead = Object.entries(tokenFactsOf(document.identityProvider.kind).instead ?? {}).find(([name]) => claims[name] !== undefined);
  if (instead !== undefined) {
    return [{ code: "groups_claim_absent", ...instead[1] }];
  }
  if (platform.groupsFrom === "userinfo" && !asked) {
    return [
      {
        code: "thin_token",
        message: `The ID token has no claim '${claim}': this identity provider serves it at the userinfo endpoint, where the platform reads it.`,
        remedy: "Give the userinfo answer of the same sign-in (--userinfo) or its access token (--access-token-file) as well.",
      },
    ];
  }
  const absent = tokenFactsOf(document.identityProvider.kind).groupsAbsent;
  if (absent !== undefined) {
    return [{ code: "groups_claim_absent", ...absent }];
  }
  return [
    {
      code: "groups_claim_absent",
      message: `The ${asked ? "userinfo answer" : "token"} has no claim '${claim}': its scope was not asked for, the claim is not configured for this client, or the person is in no group that it lets through.`,
      remedy: `Sign in with the scopes ${platform.scopes.join(" ")}; run \`pulumi up\` so that the claim is there; add the person to a group that holds a grant.`,
    },
  ];
}

function groupCauses(findings: AccessFindings): Cause[] {
  const { document, claimed, grants } = findings;
  const lacking = grants?.lacking() ?? [];
  if (grants === undefined || lacking.length === 0) {
    return grants === undefined ? [] : [...endedCause(grants), ...notNamed(findings)];
  }
  const causes = [...endedCause(grants), ...spellingCauses(lacking, claimed)];
  const idp = document.identityProvider;
  if (idp.aboveGroupLimit === "truncated" && idp.groupLimit !== undefined && claimed.length >= idp.groupLimit) {
    causes.push({
      code: "truncated",
      message: `The token carries ${claimed.length} groups, as many as the identity provider puts into one; further ones are left out without a sign.`,
      remedy: "Bound the groups claim to the groups of this environment, so that it stays complete.",
    });
  }
  if (grants.grants.length > 0) {
    return causes;
  }
  causes.push(...directoryCause(findings), ...kindCauses(document, claimed));
  const granted = new Set(lacking.map(({ group }) => group));
  for (const [key, group] of Object.entries(document.groups)) {
    if (claimed.includes(group.claimValue) && !granted.has(key) && !grants.ended.some((grant) => grant.group === key)) {
      causes.push({
        code: "group_not_granted",
        message: `'${group.displayName}' is a group of this environment, but it holds no grant on this platform.`,
        remedy: `Add a grant for '${key}' under access of the platform, or add the person to a group that holds one.`,
      });
    }
  }
  const readable = !findings.checks.some(
    ({ code }) => code === "groups_missing" || code === "groups_malformed" || code === "groups_overage",
  );
  if (causes.length === 0 && readable) {
    const byGroups = findings.platform.groups.claim !== "";
    const hint = tokenFactsOf(document.identityProvider.kind).membership;
    const names = lacking.map(({ displayName }) => `'${displayName}'`).join(", ");
    causes.push({
      code: "not_a_member",
      message: `The person is in none of the groups that hold a grant: ${names}.`,
      remedy: byGroups
        ? `Add the person to the group that fits, and sign in again: a token keeps the groups of its sign-in.${hint === undefined ? "" : ` ${hint}`}`
        : "Add the person to the group that fits, and run `pulumi up`: this platform cannot read groups, people are bound one by one.",
    });
  }
  return causes;
}

/** Neither guilty nor innocent: the platform may well give this person what the token does not show. */
function directoryCause({ platform, claims }: AccessFindings): Cause[] {
  return platform.groupsFrom === "directory" && claims[platform.groups.claim] === undefined
    ? [
        {
          code: "groups_from_directory",
          message: `The token has no claim '${platform.groups.claim}' that could be judged; the platform looks the person's groups up in the directory.`,
          remedy:
            "Sign in at the platform to see what it gives. To judge by tokens, bound the claim to the groups that are assigned to the application (groupClaims: assigned).",
        },
      ]
    : [];
}

/** Where the platform has grants to single people alone. */
function notNamed({ document, platform, grants, claims }: AccessFindings): Cause[] {
  const { claim } = platform.username;
  const people = document.access.flatMap(({ platform: of, person }) =>
    person !== undefined && document.platforms[of] === platform ? [`${person.login} (${claim} ${person.claimValue})`] : [],
  );
  const value = claims[claim];
  return people.length === 0 || grants === undefined || grants.grants.length > 0 || grants.ended.length > 0 || typeof value !== "string"
    ? []
    : [
        {
          code: "not_named",
          message: `Grants on this platform name single people, and none of them this one: ${[...new Set(people)].join(", ")}; the token has ${JSON.stringify(value)}.`,
          remedy:
            "Grant to the person by user:, or correct what the stack file says of them (idp.people); somebody made anew has another id.",
        },
      ];
}

function endedCause({ ended }: GrantResult): Cause[] {
  return ended.map((grant) => ({
    code: "grant_ended",
    message: `The grant '${grant.role}' of '${grant.group}' ended with ${grant.until ?? ""}. Its binding stays in the cluster until the next \`pulumi up\`.`,
    remedy: "Run `pulumi up` to take it away, or write a new last day.",
  }));
}

function spellingCauses(lacking: readonly LackingGroup[], claimed: readonly string[]): Cause[] {
  const plain = (value: string) => value.trim().replace(/^\//, "").toLowerCase();
  return lacking.flatMap(({ claimValue }) => {
    const near = claimed.find((value) => value !== claimValue && plain(value) === plain(claimValue));
    return near === undefined
      ? []
      : [
          {
            code: "group_spelling" as const,
            message: `The token carries ${JSON.stringify(near)}, the grant names ${JSON.stringify(claimValue)}. Kubernetes compares them byte for byte.`,
            remedy: "Write the group as the token carries it (a leading slash comes from full group paths, which can be switched off).",
          },
        ];
  });
}

/** Names where object ids belong, or the reverse: a setting of the claim, and the most usual reason for bindings that never match. */
function kindCauses(document: EnvironmentDocument, claimed: readonly string[]): Cause[] {
  const groups = Object.values(document.groups);
  const ids = document.identityProvider.claimValue === "id";
  const facts = tokenFactsOf(document.identityProvider.kind);
  // Where the environment's own groups look like that, it says nothing.
  const expected = groups.some(({ claimValue }) => facts.groupFault?.(claimValue) !== undefined);
  const fault = expected ? undefined : claimed.map((value) => facts.groupFault?.(value)).find((found) => found !== undefined);
  if (fault !== undefined) {
    return [{ code: ids ? "names_instead_of_ids" : "group_spelling", ...fault }];
  }
  if (ids) {
    const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
    const name = claimed.find(
      (value) => !looksLikeObjectId(value) && groups.some((group) => same(group.displayName, value) && group.claimValue !== value),
    );
    return name === undefined
      ? []
      : [
          {
            code: "names_instead_of_ids",
            message: `The token carries the display name '${name}'; bindings name object ids.`,
            remedy: "Let the claim carry group ids: remove the setting that emits names (such as cloud_displayname or sam_account_name).",
          },
        ];
  }
  const byId = groups.find((group) => group.id !== group.claimValue && claimed.includes(group.id));
  const found = byId?.id ?? claimed.find((value) => looksLikeObjectId(value));
  return found === undefined
    ? []
    : [
        {
          code: "ids_instead_of_names",
          message: `The token carries the object id ${found}; bindings name groups by their name.`,
          remedy: "Let the claim carry group names.",
        },
      ];
}

/** The row of the document's identity provider; undefined for a kind that is newer than this program. */
function capabilities(document: EnvironmentDocument): IdentityProviderCapabilities | undefined {
  const rows: Readonly<Record<string, { readonly capabilities: IdentityProviderCapabilities } | undefined>> = identityProviders;
  return Object.hasOwn(rows, document.identityProvider.kind) ? rows[document.identityProvider.kind]?.capabilities : undefined;
}
