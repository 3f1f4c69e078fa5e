import { z } from "zod";
import { addProblem, describeReceived } from "../../text/problems";
import { hostUrlSchema } from "../../text/addresses";
import { days } from "../../text/calendar";
import { daySchema, daysSchema } from "../../text/calendar-schemas";
import { compareText } from "../../text/stable-order";
import { guidPattern } from "../../text/guid";
import { keySchema, memberSchema } from "../../text/names";
import { adoptedSecretsField, rotationWithAdopted } from "../adopted-secrets";
import { diagnosticRedirectUri } from "../diagnostic-redirect";
import type { SignInFact } from "../../sign-in";
import { overlapFix } from "../rotation";
import type { IdentityProviderDefinition } from "../definition";
import { entraAdoption } from "./adoption";
import { entraDirectory } from "./directory";
import { entraFailureCauses } from "./failures";
import { entraRedirectFault } from "./redirects";

const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i;

/** Groups that a JWT can list; above them it carries a pointer. */
const maximumGroups = 200;

/** Longest lifetime of a client secret that needs no acknowledgement (CISA ScubaGear MS.AAD.5.6v1). */
const longestLifetimeDays = 180;

const secretSchema = z
  .strictObject({
    lifetime: daysSchema.default("180d").describe("How long a client secret is valid."),
    rotateEvery: daysSchema.default("90d").describe("A new client secret each time this many days have passed."),
    overlap: daysSchema.default("14d").describe("How long the old secret stays valid beside the new one."),
    rotatedOn: z
      .array(daySchema)
      .default([])
      .describe("Days on which a new secret was asked for by hand; `gatehouse secret rotate` adds today."),
    adopted: adoptedSecretsField,
    insecureLongLifetime: z.boolean().default(false).describe(`Accept a lifetime above ${longestLifetimeDays}d.`),
  })
  .superRefine((secret, context) => {
    if (![secret.lifetime, secret.rotateEvery, secret.overlap].every((length) => daysSchema.safeParse(length).success)) {
      // What is no number of days was refused already; to compare it would contradict that.
      return;
    }
    if (days(secret.overlap) >= days(secret.rotateEvery)) {
      addProblem(context, ["overlap"], {
        expected: `less than rotateEvery (${secret.rotateEvery}): otherwise three secrets would be valid at once`,
        received: secret.overlap,
        fix: overlapFix(secret.rotateEvery),
      });
    }
    if (days(secret.lifetime) < days(secret.rotateEvery) + days(secret.overlap)) {
      addProblem(context, ["lifetime"], {
        expected: `at least rotateEvery plus overlap (${days(secret.rotateEvery) + days(secret.overlap)}d): otherwise a secret ends while it is in use`,
        received: secret.lifetime,
      });
    }
    if (days(secret.lifetime) > longestLifetimeDays && !secret.insecureLongLifetime) {
      addProblem(context, ["lifetime"], {
        expected: `at most ${longestLifetimeDays}d`,
        received: secret.lifetime,
        fix: "shorten it, or acknowledge with insecureLongLifetime: true",
      });
    }
  });

/** `gatehouse:idp` of a stack on Entra ID. */
export const entraSchema = z
  .strictObject({
    kind: z.literal("entra"),
    tenantId: z
      .string()
      .refine((value) => guidPattern.test(value) || domain.test(value), "the tenant's id (a GUID) or one of its verified domains")
      .describe("The tenant: its id, or one of its domains, which is then looked up at sign-in's own discovery."),
    authority: hostUrlSchema
      .default("https://login.microsoftonline.com")
      .describe("Where people sign in: another host for the national clouds, such as https://login.microsoftonline.us."),
    groupClaims: z
      .enum(["assigned", "all", "appRoles"])
      .default("assigned")
      .describe("What the token carries: the groups assigned to the app (bounded), all security groups, or app roles in the roles claim."),
    owners: z
      .array(memberSchema)
      // learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions: an application has at most 100 owners.
      .max(99, "at most 99 owners beside the account that deploys")
      .default([])
      .superRefine((owners, context) => {
        owners.forEach((owner, position) => {
          if (owners.findIndex((other) => other.toLowerCase() === owner.toLowerCase()) < position) {
            addProblem(context, [position], { expected: "each owner once", received: describeReceived(owner, []) });
          }
        });
      })
      .describe("Owners of apps and groups beside the account that deploys, by sign-in name."),
    roleAssignableGroups: z
      .array(keySchema)
      .default([])
      .describe(
        "Keys of groups whose members only Privileged Role Administrators and the groups' owners may change (isAssignableToRole; Entra ID P1). Entra ID decides it when a group is made: a group that is there already is replaced, and its object id with it.",
      ),
    secret: secretSchema.prefault({}),
    mfa: z
      .enum(["required", "external"])
      .optional()
      .describe(
        "required: a Conditional Access policy for each app, none of which may be a public client; external: the tenant's own policies cover it, which is only recorded.",
      ),
    conditionalAccess: z
      .strictObject({
        state: z.enum(["report-only", "enforced"]).default("report-only"),
        breakGlassGroup: keySchema.describe("Key of the group that the policy leaves out, so that a mistake locks nobody out for good."),
      })
      .optional(),
    diagnosticRedirect: z
      .boolean()
      .default(false)
      .describe("Register a loopback redirect for `gatehouse login`. Not for production stacks."),
    insecureAssignEveryone: z
      .boolean()
      .default(false)
      .describe(
        "Let everybody in the tenant sign in, guests included: no assignment to the app is asked for. People then reach the platform's sign-in without holding a grant.",
      ),
    insecureImplicitIdTokens: z
      .boolean()
      .default(false)
      .describe("Let the authorization endpoint issue ID tokens (implicit grant). Kasten K10 does not need it: it uses the code flow."),
  })
  .superRefine((spec, context) => {
    if (spec.authority.startsWith("http:")) {
      addProblem(context, ["authority"], {
        expected: "an https:// address: tokens name it as their issuer",
        received: describeReceived(spec.authority, []),
      });
    }
    if (spec.mfa === "required" && spec.conditionalAccess === undefined) {
      addProblem(context, ["conditionalAccess"], {
        expected: "state and breakGlassGroup, since mfa: required makes a Conditional Access policy",
        received: "nothing",
        fix: "add conditionalAccess: { state: report-only, breakGlassGroup: <key of gatehouse:groups> }",
      });
    }
    if (spec.mfa !== "required" && spec.conditionalAccess !== undefined) {
      addProblem(context, ["conditionalAccess"], { expected: "mfa: required beside it", received: describeReceived(spec.mfa, []) });
    }
  });

export type EntraSpec = z.infer<typeof entraSchema>;

/** As it is written, with defaults left out. */
export type EntraInput = z.input<typeof entraSchema>;

export const entra: IdentityProviderDefinition<EntraSpec> = {
  kind: "entra",
  schema: entraSchema,
  sample: { tenantId: "00000000-0000-0000-0000-000000000000", secret: { lifetime: "180d", rotateEvery: "90d", overlap: "14d" } },
  adoption: entraAdoption,
  capabilities: {
    title: "Entra ID",
    claimValue: "id",
    // Above 200 groups a JWT carries a pointer instead (learn.microsoft.com/entra/identity-platform/id-token-claims-reference, "Groups
    // overage claim"), and the API server fails the whole sign-in.
    groupLimit: { count: maximumGroups, above: "overage" },
    overlappingSecrets: true,
    pairwiseSubject: true,
    // `sub` is another value for each app; `oid` is the person in the tenant.
    stableUsernameClaim: "oid",
    profileInIdToken: true,
    thinIdToken: false,
  },
  facts(spec) {
    const appRoles = spec.groupClaims === "appRoles";
    return {
      kind: spec.kind,
      // Version 2 tokens: no slash at the end (learn.microsoft.com/entra/identity-platform/access-tokens, "Token formats").
      issuer: `${spec.authority}/${spec.tenantId}/v2.0`,
      groupsClaim: appRoles ? "roles" : "groups",
      // Entra has no `groups` scope.
      scopes: ["openid", "profile", "email"],
      // App roles carry the values that the stack gives them, not ids.
      capabilities: appRoles ? { ...entra.capabilities, claimValue: "name" } : entra.capabilities,
      tenantId: spec.tenantId,
      // One registration takes redirects of public clients beside those of the web: no secret leaves the cluster for a look.
      diagnosticRedirect: spec.diagnosticRedirect ? { uri: diagnosticRedirectUri, clientAuthentication: "none" } : undefined,
    };
  },
  // A domain says nothing of the id behind it.
  settingsProblems: ({ tenantId }, setting) => {
    const other = setting("azuread:tenantId");
    return other === undefined || !isTenantId(other) || !isTenantId(tenantId) || other.toLowerCase() === tenantId.toLowerCase()
      ? []
      : [
          {
            path: ["tenantId"],
            expected: `${other}, the tenant in which azuread:tenantId makes everything`,
            received: describeReceived(tenantId, []),
            fix: "write the same tenant in both",
          },
        ];
  },
  rotation: (spec, platform) => {
    const rule = rotationWithAdopted(spec.secret, platform);
    return rule.adopted === undefined ? rule : { ...rule, firstStays };
  },
  issuerOpen: (spec) =>
    isTenantId(spec.tenantId) ? undefined : "The issuer: the tenant is written as a domain, and looked up at the update.",
  // learn.microsoft.com/entra/identity-platform/id-token-claims-reference and optional-claims-reference; what is optional is asked for.
  personClaims: () => ["oid", "sub", "preferred_username", "upn", "email", "name", "given_name", "family_name"],
  clientSecretTypes: ["azuread:index/applicationPassword:ApplicationPassword"],
  signIn: (spec) => [
    secondFactor(spec),
    { what: "left out of the second factor", value: spec.conditionalAccess === undefined ? [] : [spec.conditionalAccess.breakGlassGroup] },
    { what: "owners of apps and groups", value: [...spec.owners].sort(compareText) },
  ],
  directory: entraDirectory,
  failureCauses: entraFailureCauses,
  redirectFault: entraRedirectFault,
  // learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps: "you aren't able to apply it to a
  // client (public/native) application". Entra ID refuses it in the middle of an update (1034, PublicClientsAreUnsupported).
  publicClientFault: (spec) =>
    spec.mfa === "required"
      ? {
          expected: "no public client beside mfa: required, since Conditional Access policies apply to what people sign in to",
          fix: "write mfa: external and let a policy of the tenant cover the people, or give this platform a stack of its own",
        }
      : undefined,
  // The provider puts the name into its filter as it is (terraform-provider-azuread internal/services/groups/groups.go,
  // groupFindByName, and group_data_source.go), and Graph then refuses the filter.
  groupNameFault: (name) => (name.includes("'") ? "has an apostrophe, with which the provider cannot look a group up" : undefined),
  // App roles carry the values that the stack gives them: the keys of the groups.
  claimValue: (spec, key) => (spec.groupClaims === "appRoles" ? key : undefined),
  groupProblems: ({ roleAssignableGroups }, groups) =>
    roleAssignableGroups.flatMap((key) =>
      groups[key]?.existing === undefined
        ? []
        : [
            {
              path: [key, "existing"],
              expected:
                "displayName, a group that the stack makes: idp.roleAssignableGroups names it, and Entra ID decides that when a group is made",
              received: describeReceived(groups[key].existing, []),
              fix: `remove ${key} from idp.roleAssignableGroups, and ask the group's owner`,
            },
          ],
    ),
  referencedGroups: (spec) => [
    ...(spec.conditionalAccess === undefined
      ? []
      : [{ path: ["conditionalAccess", "breakGlassGroup"], key: spec.conditionalAccess.breakGlassGroup }]),
    ...spec.roleAssignableGroups.map((key, position) => ({ path: ["roleAssignableGroups", String(position)], key })),
  ],
  groupBound(spec) {
    switch (spec.groupClaims) {
      case "assigned":
        return "groups assigned to the app";
      case "all":
        return `nothing but the limit of ${maximumGroups}: every security group of the person`;
      case "appRoles":
        return "app roles of the assigned groups";
      default:
        return spec.groupClaims satisfies never;
    }
  },
  risks(spec) {
    return [
      ...(spec.groupClaims === "all"
        ? [`groupClaims: all: people in more than ${maximumGroups} security groups cannot sign in, since the token then carries no groups.`]
        : []),
      ...(spec.insecureAssignEveryone
        ? [
            "insecureAssignEveryone: everybody in the tenant, guests included, may sign in to each platform, with no rights unless a group grants them.",
          ]
        : []),
      ...(spec.insecureImplicitIdTokens
        ? ["insecureImplicitIdTokens: ID tokens can be had from the authorization endpoint, and carry at most 6 groups there."]
        : []),
      ...(days(spec.secret.lifetime) > longestLifetimeDays
        ? [`secret.insecureLongLifetime: client secrets are valid for ${spec.secret.lifetime}.`]
        : []),
      ...(spec.diagnosticRedirect ? ["diagnosticRedirect: programs on a person's own machine can receive sign-ins of these apps."] : []),
    ];
  },
};

/** Of a secret that was there before the stack. */
const firstStays =
  "it was there before the stack, and Entra ID accepts it until it ends: remove it by hand (App registrations, Certificates & secrets) once the pods use the new one.";

/** A policy that only reports asks nobody for anything. */
function secondFactor({ mfa, conditionalAccess }: EntraSpec): SignInFact {
  const what = "second factor";
  if (mfa === "required") {
    return conditionalAccess?.state === "enforced"
      ? { what, value: "required, enforced", strictness: 2 }
      : { what, value: "required, but only reported", strictness: 0 };
  }
  return mfa === "external"
    ? { what, value: "left to the tenant's own policies", strictness: 1 }
    : { what, value: "not asked for", strictness: 0 };
}

/** Whether a tenant is written as its id; a domain must be resolved before the issuer is known. */
export function isTenantId(tenant: string): boolean {
  return guidPattern.test(tenant);
}
