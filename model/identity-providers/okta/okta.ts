import { z } from "zod";
import { isPlain } from "../../text/printable";
import { addProblem, describeReceived } from "../../text/problems";
import { hostUrlSchema } from "../../text/addresses";
import { days } from "../../text/calendar";
import { daySchema, daysSchema } from "../../text/calendar-schemas";
import { adoptedSecretsField, rotationWithAdopted } from "../adopted-secrets";
import { diagnosticRedirectUri } from "../diagnostic-redirect";
import { oktaAdoption } from "./adoption";
import { oktaDirectory } from "./directory";
import { oktaFailureCauses } from "./failures";
import { oktaGroupsFilter } from "./groups-filter";
import { isCustomDomain } from "./issuer-mode";
import { oktaSettingsProblems } from "./settings";
import { overlapFix } from "../rotation";
import type { IdentityProviderCapabilities, IdentityProviderDefinition } from "../definition";

const authorizationServerSchema = z
  .union(
    [
      z.literal("org"),
      z.strictObject({
        existing: z.string().regex(/^[A-Za-z0-9]+$/, "the id of a custom authorization server, such as default or aus1a2b3"),
      }),
    ],
    "org, or { existing: <id> } with the id of a custom authorization server, such as default or aus1a2b3",
  )
  .describe(
    "Which server issues the tokens: the organisation's own (org), or an existing custom one (needs Okta's API Access Management).",
  );

const authenticationPolicySchema = z
  .union(
    [
      z.strictObject({ id: z.string().regex(/^rst\w+$/, "the id of an authentication policy, rst...") }),
      z.strictObject({ existing: z.string().min(1).refine(isPlain, "an exact name without characters that nobody sees") }),
    ],
    "exactly one of { id: rst... } and { existing: <exact name> }",
  )
  .describe("The authentication (app sign-in) policy that every app of this environment gets, by id or by exact name.");

const secretSchema = z
  .strictObject({
    rotateEvery: daysSchema.optional().describe("Make a new client secret each time this many days have passed, such as 90d."),
    overlap: daysSchema.default("14d").describe("How long the old secret stays valid beside the new one."),
    rotatedOn: z
      .array(daySchema)
      .default([])
      .describe("Days on which a new secret was asked for by hand; `gatehouse secret rotate` adds today."),
    adopted: adoptedSecretsField,
  })
  .superRefine((secret, context) => {
    const { rotateEvery, overlap } = secret;
    const readable = [rotateEvery ?? overlap, overlap].every((length) => daysSchema.safeParse(length).success);
    if (readable && rotateEvery !== undefined && days(overlap) >= days(rotateEvery)) {
      addProblem(context, ["overlap"], {
        expected: `less than rotateEvery (${rotateEvery}): otherwise three secrets would be valid at once`,
        received: overlap,
        fix: overlapFix(rotateEvery),
      });
    }
  });

/** `gatehouse:idp` of a stack on Okta. */
export const oktaSchema = z
  .strictObject({
    kind: z.literal("okta"),
    orgUrl: hostUrlSchema.describe(
      "The organisation's own address, https://<org>.okta.com or its custom domain, without a trailing slash: it is the issuer.",
    ),
    authorizationServer: authorizationServerSchema.default("org"),
    groupsClaim: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "a claim name of letters, digits and underscores")
      .default("groups")
      .describe("Name of the claim that lists a person's groups."),
    authenticationPolicy: authenticationPolicySchema.optional(),
    requirePkce: z.boolean().default(false).describe("Refuse sign-ins without PKCE. Only for platforms that send a code challenge."),
    secret: secretSchema
      .prefault({})
      .describe("Rotation of the client secret. Okta accepts the old one beside the new one for the overlap."),
    diagnosticRedirect: z
      .boolean()
      .default(false)
      .describe(
        "Add a loopback redirect for `gatehouse login` to each app. A web app needs its client secret there. Not for production stacks.",
      ),
    insecureAssignEveryone: z
      .boolean()
      .default(false)
      .describe("Assign each app to Okta's Everyone group as well. People then reach the platform's sign-in without holding a grant."),
  })
  .superRefine((spec, context) => {
    if (spec.orgUrl.startsWith("http:")) {
      addProblem(context, ["orgUrl"], {
        expected: "an https:// address: tokens name it as their issuer",
        received: describeReceived(spec.orgUrl, []),
      });
    }
    if (/-admin\.(okta|oktapreview|okta-emea)\.com$/.test(spec.orgUrl)) {
      addProblem(context, ["orgUrl"], {
        expected: "the organisation's address, not that of its admin console",
        received: describeReceived(spec.orgUrl, []),
        fix: `write ${spec.orgUrl.replace("-admin.", ".")}`,
      });
    }
  });

export type OktaSpec = z.infer<typeof oktaSchema>;

/** As it is written, with defaults left out. */
export type OktaInput = z.input<typeof oktaSchema>;

export const okta: IdentityProviderDefinition<OktaSpec> = {
  kind: "okta",
  schema: oktaSchema,
  sample: { orgUrl: "https://example.okta.com", secret: { rotateEvery: "90d" } },
  // Okta's own custom server, which an organisation with API Access Management has.
  furtherSamples: [{ authorizationServer: { existing: "default" } }],
  adoption: oktaAdoption,
  capabilities: {
    title: "Okta",
    claimValue: "name",
    // Vault's page says that more than 100 groups are cut off without a sign (developer.hashicorp.com/vault/docs/auth/jwt/oidc-providers/okta).
    // Okta's own article says that the request fails, and that the code flow, which all platforms use, has no such limit
    // (support.okta.com, "The groups claim matched too many groups"). Until one of the two is seen at work, the smaller promise holds.
    groupLimit: { count: 100, above: "truncated" },
    // Two at most (developer.okta.com/docs/guides/client-secret-rotation-key).
    overlappingSecrets: true,
    pairwiseSubject: false,
    stableUsernameClaim: "sub",
    // Neither server puts given and family name there (developer.okta.com/docs/reference/api/oidc, "Scope-dependent claims").
    profileInIdToken: false,
    // The org server's code flow gives a thin ID token: its groups are at the userinfo endpoint only
    // (support.okta.com "Okta Groups or Attribute Missing from Id Token"; int128/kubelogin#250).
    thinIdToken: true,
  },
  get variants() {
    return [customServer()];
  },
  facts(spec) {
    const custom = spec.authorizationServer !== "org";
    return {
      kind: spec.kind,
      issuer: spec.authorizationServer === "org" ? spec.orgUrl : `${spec.orgUrl}/oauth2/${spec.authorizationServer.existing}`,
      groupsClaim: spec.groupsClaim,
      // The org server knows a `groups` scope; a custom server does not, its claim is put into every ID token instead.
      scopes: custom ? ["openid", "profile", "email"] : ["openid", "profile", "email", "groups"],
      capabilities: custom ? customServer() : okta.capabilities,
      // An app in Okta is of one kind, so the redirect is one more of the platform's own client.
      diagnosticRedirect: spec.diagnosticRedirect ? { uri: diagnosticRedirectUri, clientAuthentication: "as-platform" } : undefined,
    };
  },
  settingsProblems: oktaSettingsProblems,
  rotation: (spec, platform) => rotationWithAdopted(spec.secret, platform),
  // developer.okta.com/docs/reference/api/oidc, "Scope-dependent claims", of the scopes that are asked for. A custom server may have any other.
  personClaims: ({ authorizationServer }) =>
    authorizationServer === "org"
      ? ["sub", "preferred_username", "email", "name", "nickname", "given_name", "family_name", "middle_name"]
      : undefined,
  // The value is the stack's own; Okta shows one that it made itself only once.
  clientSecretTypes: ["random:index/randomPassword:RandomPassword"],
  signIn: (spec) => [
    { what: "proof key (PKCE)", value: spec.requirePkce ? "required" : "not required", strictness: spec.requirePkce ? 1 : 0 },
    {
      what: "authentication policy",
      value:
        spec.authenticationPolicy === undefined
          ? "the organisation's own choice"
          : "id" in spec.authenticationPolicy
            ? spec.authenticationPolicy.id
            : spec.authenticationPolicy.existing,
    },
  ],
  directory: oktaDirectory,
  failureCauses: oktaFailureCauses,
  referencedGroups: () => [],
  groupBound: (_spec, granted) => (granted.length === 0 ? "no group" : `names that match ${oktaGroupsFilter(granted)}`),
  risks(spec) {
    return [
      ...(spec.insecureAssignEveryone
        ? [
            "insecureAssignEveryone: every member of the organisation may sign in to each platform, with no rights unless a group grants them.",
          ]
        : []),
      ...(spec.authorizationServer !== "org" && isCustomDomain(spec.orgUrl)
        ? [
            `orgUrl: a custom domain: the issuer mode of authorization server '${spec.authorizationServer.existing}' must be CUSTOM_URL or DYNAMIC, otherwise its tokens name another issuer and nobody can sign in.`,
          ]
        : []),
      ...(spec.diagnosticRedirect ? ["diagnosticRedirect: programs on a person's own machine can receive sign-ins of these apps."] : []),
    ];
  },
};

/** A custom authorization server puts the claim into every ID token (alwaysIncludeInToken). */
function customServer(): IdentityProviderCapabilities {
  return { ...okta.capabilities, title: "Okta, custom authorization server", thinIdToken: false };
}
