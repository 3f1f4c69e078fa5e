import { z } from "zod";
import { certificateSchema } from "../../text/certificates";
import { issuerSchema } from "../../text/issuers";
import { keySchema, loginSchema, objectNameSchema } from "../../text/names";
import { addProblem, describeReceived } from "../../text/problems";
import { isPlain } from "../../text/printable";
import { compareText } from "../../text/stable-order";
import type { IdentityProviderCapabilities, IdentityProviderDefinition, IdentityProviderFacts } from "../definition";
import { checkPeople, checkPreset } from "./checks";
import { externalGroupProblems, externalPlatformProblems } from "./platforms";
import { presetNames, presets, type Preset } from "./presets";

const claimSchema = z
  .string()
  .min(1, "the name of a claim")
  .max(256, "a claim name of at most 256 characters")
  .regex(/^[\x21-\x7e]+$/, "a claim name without blanks, such as groups, memberOf, cognito:groups or https://example.com/groups");

const secretReference = z
  .union(
    [
      z.strictObject({
        config: z
          .string()
          .regex(/^[a-z0-9-]+:[A-Za-z0-9_.-]+$/, "a key of the stack's configuration with its namespace, such as clients:k10")
          .describe("A secret of the stack's configuration, set by `pulumi config set --secret clients:k10`."),
      }),
      z.strictObject({
        kubernetesSecret: z.strictObject({
          namespace: keySchema,
          name: objectNameSchema,
          key: z.string().min(1, "a key").default("client-secret"),
        }),
      }),
    ],
    "a reference: { config: clients:k10 } for a secret of the stack's configuration, or { kubernetesSecret: { namespace, name, key } } for a Secret that is there",
  )
  .describe("Where the client secret is. Never the secret itself; left out for a platform whose client keeps none.");

const clientSchema = z.strictObject({
  clientId: z
    .string()
    .min(1, "a client id")
    .max(512, "a client id of at most 512 characters")
    .regex(/^[\x21-\x7e]+$/, "a client id without blanks")
    .describe("The client that was made for this platform at the identity provider."),
  secret: secretReference.optional(),
});

const groupsSchema = z.strictObject({
  claim: claimSchema.optional().describe("The claim that lists a person's groups. Default: the preset's, or groups."),
  values: z.enum(["name", "id"]).optional().describe("What it lists: names (renaming changes access) or ids that never change."),
  limit: z
    .strictObject({ count: z.int().min(1), above: z.enum(["truncated", "overage"]) })
    .optional()
    .describe(
      "How many groups one token carries, and what happens above: some are left out, or the claim is replaced. Left out: no limit.",
    ),
  shape: z
    .enum(["list", "list-or-text", "object"])
    .optional()
    .describe(
      "A list; a text where there is one group only; or an object whose keys are the groups, which the Kubernetes API server alone can read.",
    ),
  where: z.enum(["id-token", "userinfo"]).optional().describe("Where it is: in the ID token, or at the userinfo endpoint only."),
});

/** `gatehouse:idp` of a stack whose clients were made by hand, or by somebody else's code. */
const externalSchema = z
  .strictObject({
    kind: z.literal("external"),
    preset: z.enum(presetNames).optional().describe("A vendor whose documentation fills in what is left out: docs/presets.md lists them."),
    issuer: issuerSchema.describe(
      "The issuer byte for byte, a slash at its end included, as its discovery document and its tokens say it.",
    ),
    clients: z
      .record(keySchema, clientSchema)
      .describe("The client of each platform, by the platform's key. Each platform has a client of its own."),
    groups: z
      .union([z.literal("none"), groupsSchema], "none, or a mapping with claim, values, limit, shape and where")
      .optional()
      .describe("What tokens carry of groups; none where they carry nothing. Default: the preset's."),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "one scope without blanks (RFC 6749 section 3.3)"))
      .optional()
      .describe("Scopes beside openid. One that the issuer does not know fails the sign-in. Default: the preset's, or profile and email."),
    clientAuthentication: z
      .enum(["client_secret_basic", "client_secret_post"])
      .optional()
      .describe("The one way in which the issuer takes client secrets. Left out: both."),
    usernameClaim: claimSchema
      .optional()
      .describe("The claim that names a person for good. Default: sub. An address can be given to somebody else."),
    insecureEmailUsername: z
      .boolean()
      .default(false)
      .describe(
        "Accept email as the claim that names a person: addresses are given to other people, and whoever may change theirs takes a name.",
      ),
    people: z
      .record(
        loginSchema,
        z.string().min(1, "a value").max(255, "a value of at most 255 characters").refine(isPlain, "a value without control characters"),
      )
      .default({})
      .describe("What that claim carries for a person with a grant of their own (user:), by the sign-in name that grants use."),
    pairwiseSubject: z.boolean().optional().describe("Whether sub differs from client to client. Default: the preset's, or false."),
    requiredClaims: z
      .record(claimSchema, z.string().min(1, "a value"))
      .default({})
      .describe(
        "Claims that every token must have with these values, such as hd: example.com at Google. The Kubernetes API server alone checks them.",
      ),
    certificateAuthority: certificateSchema
      .optional()
      .describe("PEM of a private authority behind the issuer's certificate; each platform gets it its own way. Default: public ones."),
  })
  .superRefine((spec, context) => {
    checkPreset(spec, presetOf(spec), context);
    checkPeople(spec.people, context);
    if (spec.usernameClaim === "email" && !spec.insecureEmailUsername) {
      addProblem(context, ["usernameClaim"], {
        expected: "a claim that is never given to somebody else, such as sub",
        received: '"email"',
        fix: "leave it out for sub, or acknowledge with insecureEmailUsername: true",
      });
    }
    if (spec.scopes?.includes("openid") === true) {
      addProblem(context, ["scopes"], {
        expected: "scopes beside openid, which is always asked for",
        received: describeReceived(spec.scopes, []),
      });
    }
  });

export type ExternalSpec = z.infer<typeof externalSchema>;

/** The same as it is written, with defaults left out. */
export type ExternalInput = z.input<typeof externalSchema>;

/** What the vendor's documentation says, where the stack names a preset. */
function presetOf(spec: { readonly preset?: keyof typeof presets }): Preset | undefined {
  return spec.preset === undefined ? undefined : presets[spec.preset];
}

/** What tokens carry of groups, with the preset's values where the stack leaves them out; undefined for an issuer without groups. */
export function externalGroups(
  spec: Pick<ExternalSpec, "groups" | "preset">,
): (Required<Omit<z.infer<typeof groupsSchema>, "limit">> & Pick<z.infer<typeof groupsSchema>, "limit">) | undefined {
  const known = presetOf(spec)?.groups;
  if (spec.groups === "none" || (spec.groups === undefined && known === null)) {
    return undefined;
  }
  const { claim, values, limit, shape, where } = spec.groups ?? {};
  return {
    claim: claim ?? known?.claim ?? "groups",
    values: values ?? known?.values ?? "name",
    limit: limit ?? known?.limit,
    shape: shape ?? known?.shape ?? "list",
    where: where ?? known?.where ?? "id-token",
  };
}

function capabilitiesOf(spec: ExternalSpec): IdentityProviderCapabilities {
  const preset = presetOf(spec);
  const groups = externalGroups(spec);
  return {
    title: preset?.title ?? "External issuer",
    claimValue: groups?.values ?? "name",
    groupLimit: groups?.limit,
    overlappingSecrets: preset?.overlappingSecrets ?? false,
    pairwiseSubject: spec.pairwiseSubject ?? preset?.pairwiseSubject ?? false,
    // Groups are there already, and no function asks an unknown issuer who is in one; single people stand in the stack file.
    peopleKnown: false,
    stableUsernameClaim: spec.usernameClaim ?? "sub",
    profileInIdToken: preset?.profileInIdToken ?? true,
    thinIdToken: groups?.where === "userinfo",
  };
}

/** What the claim that names people carries for a person: the stack says it, or it is the address itself. */
function userValue({ people, usernameClaim }: ExternalSpec, user: string): string | undefined {
  const written = Object.hasOwn(people, user) ? people[user] : undefined;
  return written ?? (usernameClaim === "email" && user.includes("@") ? user : undefined);
}

export const external: IdentityProviderDefinition<ExternalSpec> = {
  kind: "external",
  schema: externalSchema,
  presetNames,
  capabilities: {
    title: "External issuer",
    claimValue: "name",
    overlappingSecrets: false,
    pairwiseSubject: false,
    // Groups are there already, and no function asks an unknown issuer who is in one.
    peopleKnown: false,
    stableUsernameClaim: "sub",
    profileInIdToken: true,
    thinIdToken: false,
  },
  facts(spec): IdentityProviderFacts {
    const groups = externalGroups(spec);
    return {
      kind: spec.kind,
      issuer: spec.issuer,
      groupsClaim: groups?.claim ?? "",
      groupsShape: groups?.shape,
      scopes: ["openid", ...(spec.scopes ?? presetOf(spec)?.scopes ?? ["profile", "email"])],
      capabilities: capabilitiesOf(spec),
      certificateAuthority: spec.certificateAuthority,
      requiredClaims: Object.keys(spec.requiredClaims).length === 0 ? undefined : spec.requiredClaims,
    };
  },
  groupProblems: (_spec, groups) => externalGroupProblems(groups),
  platformProblems: (spec, platforms) => externalPlatformProblems(spec, externalGroups(spec), presetOf(spec), platforms),
  claimValue: (_spec, _key, name) => name,
  memberNames: "user-names",
  userValue,
  userFault(spec, user) {
    const known = userValue(spec, user);
    const { stableUsernameClaim } = capabilitiesOf(spec);
    return known === undefined
      ? {
          expected: `what ${stableUsernameClaim} carries for this person: nobody can look it up at an external identity provider`,
          received: describeReceived(user, []),
          fix: `write idp.people: { ${user}: <value> }.${presetOf(spec) === undefined || stableUsernameClaim !== "sub" ? "" : ` ${presetOf(spec)?.subject ?? ""}`}`,
        }
      : undefined;
  },
  seesMembers: false,
  certificates: ({ certificateAuthority }) =>
    certificateAuthority === undefined ? [] : [{ path: ["certificateAuthority"], pem: certificateAuthority }],
  // The stack makes no secret.
  clientSecretTypes: [],
  referencedGroups: () => [],
  groupBound: () => "whatever the owner of the identity provider lets into the claim",
  signIn: (spec) => [
    {
      what: "who may sign in",
      value:
        presetOf(spec)?.sharedIssuer === true
          ? "whomever the client at the identity provider lets in; the issuer is shared with other organisations"
          : "whomever the client at the identity provider lets in",
    },
    {
      what: "claims that every token must have",
      value: Object.entries(spec.requiredClaims)
        .map(([claim, value]) => `${claim} ${value}`)
        .sort(compareText),
      narrows: true,
    },
  ],
  byHand: (spec) => ({
    clients: true,
    settings: presetOf(spec)?.settings ?? [],
    doesNotWork: presetOf(spec)?.doesNotWork ?? [],
  }),
  risks(spec) {
    const preset = presetOf(spec);
    return [
      ...(preset?.sharedIssuer === true
        ? [
            `${preset.title}'s issuer is shared with organisations that are not yours: only the client id in aud${Object.keys(spec.requiredClaims).length > 0 ? " and the required claims" : ""} tells your people from others.`,
          ]
        : []),
      ...(spec.insecureEmailUsername
        ? ["insecureEmailUsername: RBAC names people by address, so whoever is given an address later has the rights of the one before."]
        : []),
    ];
  },
};
