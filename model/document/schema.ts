import { z } from "zod";
import { reviewCycles, type ReviewCycle } from "../review/cycle";
import { bindingKinds, roleKinds, tokenRules } from "../platforms/definition";

/** Version of the environment document. A change that a reader of the old one would misread raises it. */
export const documentVersion = "gatehouse.dev/environment/v1";

const roleRefSchema = z.strictObject({ kind: z.enum(roleKinds), name: z.string() });

const bindingSchema = z.strictObject({
  kind: z.enum(bindingKinds),
  name: z.string(),
  namespace: z.string().optional(),
  workspace: z.string().optional(),
  roleRef: roleRefSchema,
});

const reviewersSchema = z.array(z.string()).optional().describe("Sign-in names of those who may decide in a review; absent: anybody.");

const mappingSchema = z.strictObject({ claim: z.string(), prefix: z.string() });

const documentGroupSchema = z.strictObject({
  displayName: z.string(),
  id: z.string().describe("Object id at the identity provider."),
  claimValue: z.string().describe("What a token carries for the group."),
  origin: z.enum(["created", "existing"]),
  members: z.array(z.string()).optional().describe("Sign-in names, where the stack owns the membership; absent where others do."),
  reviewers: reviewersSchema,
});

const signInFactSchema = z.strictObject({
  what: z.string(),
  value: z.union([z.string(), z.array(z.string())]),
  narrows: z.literal(true).optional().describe("Of a list: each name narrows, so that one less is the weakening."),
  strictness: z.number().optional().describe("Higher is stricter; absent where two values cannot be compared."),
});

const chartSourceSchema = z.strictObject({
  release: z.string(),
  version: z.string(),
  source: z.string().describe("Address of the repository, or path of the folder or archive."),
  values: z.record(z.string(), z.string()).describe("Paths of the stack's own values, each with a digest of what stands there."),
});

const documentPlatformSchema = z.strictObject({
  kind: z.string(),
  title: z.string(),
  url: z.string(),
  issuer: z.string().describe("Byte for byte as discovery gives it."),
  clientId: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  diagnosticRedirect: z
    .strictObject({
      uri: z.string(),
      clientAuthentication: z.enum(["client_secret_basic", "client_secret_post", "none"]).describe("How to authenticate with it."),
    })
    .optional()
    .describe("The loopback redirect of `gatehouse login`, where the stack registers one."),
  grantTypes: z.array(z.string()),
  scopes: z.array(z.string()),
  username: mappingSchema,
  groups: mappingSchema,
  groupBound: z.string().describe("What bounds the groups that a token may carry."),
  groupsFrom: z
    .enum(["id-token", "userinfo", "directory"])
    .describe(
      "Where the platform has the groups from: a verifier needs the same. directory: the token carries ids, the platform looks the display names up; " +
        "of this environment's groups, `groups` gives the name of each id.",
    ),
  tokenRules: z
    .enum(tokenRules)
    .optional()
    .describe(
      "By whose rules the platform reads a token: the API server's own by its file or its flags, its library's, or none but the claims'.",
    ),
  requiredClaims: z
    .record(z.string(), z.string())
    .optional()
    .describe("Claims that the platform itself requires of a token, with their values; absent where it checks none."),
  issuerCertificateAuthority: z
    .string()
    .optional()
    .describe("PEM of the private authority behind the identity provider's certificate, where the platform is told one."),
  release: z.strictObject({ chart: z.string(), version: z.string(), namespace: z.string(), release: z.string() }).optional(),
  installed: z.literal(true).optional().describe("Set where the platform is its owner's: the stack installs nothing of it."),
  charts: z.array(chartSourceSchema).optional().describe("Where the charts come from; absent in documents of earlier versions."),
  ownCertificate: z
    .strictObject({ secret: z.strictObject({ namespace: z.string(), name: z.string() }), hosts: z.array(z.string()) })
    .optional()
    .describe("The certificate that the platform makes for its hosts once, and not again when another host comes."),
  signIn: z.array(signInFactSchema).optional().describe("What of the platform decides how hard a sign-in is."),
  files: z
    .record(z.string(), z.string())
    .optional()
    .describe("What the cluster's owner or its people take away, by file name: trust for the API server, a kubeconfig. No secrets."),
  secret: z
    .strictObject({
      namespace: z.string(),
      name: z.string().describe("Name of the Kubernetes Secret; it changes with the content."),
      expiresAt: z.string().nullable().describe("End of the client secret in UTC (RFC 3339); null where the identity provider sets none."),
      rotatesAt: z.string().nullable().describe("Day from which the next up makes a new client secret; null when only by hand."),
    })
    .optional(),
  reviewers: reviewersSchema,
  adoptedRoles: z
    .array(z.string())
    .optional()
    .describe(
      "Names of the roles that the platform itself brings, where it was there before the stack: a binding of one of them to a name without the platform's prefix is left from then.",
    ),
});

const documentGrantSchema = z.strictObject({
  platform: z.string(),
  group: z.string().describe("Key of the group; `user:` and the sign-in name where the stack grants to one person."),
  role: z.string(),
  permits: z.string().describe("The role in prose."),
  reach: z
    .array(z.string())
    .optional()
    .describe("What the role's rules lead to beyond that, in sentences; absent where nothing follows from them."),
  namespaces: z.array(z.string()).optional(),
  workspaces: z.array(z.string()).optional(),
  until: z.string().nullable().describe("Last day in UTC; null without an end."),
  review: z
    .strictObject({
      every: z.enum(Object.keys(reviewCycles) as [ReviewCycle, ...ReviewCycle[]]),
      reviewed: z.string().nullable().describe("Day of the last review; null: never."),
      due: z.string().nullable().describe("Last day of the next one; null: it was never reviewed, and is due at once."),
      missed: z.enum(["warn", "end"]).describe("Whether a grant whose review was missed ends with the next up."),
    })
    .optional()
    .describe("Absent where no review is asked for."),
  subject: z.strictObject({ kind: z.enum(["Group", "User"]), name: z.string() }).describe("What the bindings name."),
  person: z
    .strictObject({
      login: z.string().describe("Sign-in name."),
      claimValue: z.string().describe("What the username claim of the person's tokens carries."),
    })
    .optional()
    .describe(
      "Set exactly where the subject is a User: a person to whom the stack grants by name, and each member on platforms that cannot read groups.",
    ),
  bindings: z.array(bindingSchema),
});

const documentServiceAccountSchema = z.strictObject({
  platform: z.string(),
  account: z.strictObject({ namespace: z.string(), name: z.string() }),
  role: z.string(),
  permits: z.string().describe("The role in prose."),
  namespaces: z.array(z.string()).optional(),
  owner: z.string().describe("Who answers for the program."),
  until: z.string().nullable().describe("Last day in UTC; null without an end."),
  roles: z
    .array(z.strictObject({ kind: z.enum(bindingKinds), namespace: z.string().optional(), roleRef: roleRefSchema }))
    .describe("What bindings of its own may give it; the stack makes none."),
});

/** The environment document: what a stack exports, and all that the verifier, the report and the access diff read. It holds no secrets. */
export const documentSchema = z.strictObject({
  version: z.literal(documentVersion),
  stack: z.string(),
  identityProvider: z.strictObject({
    kind: z.string(),
    issuer: z.string(),
    claimValue: z.enum(["name", "id"]),
    certificateAuthorityEnds: z
      .string()
      .optional()
      .describe("When the first certificate of the issuer's private authority ends (RFC 3339); absent where public ones vouch for it."),
    requiredAcr: z.string().optional().describe("The level of authentication (acr) that each sign-in must have."),
    groupLimit: z.int().optional().describe("How many groups one token carries; absent where the identity provider has no limit."),
    aboveGroupLimit: z
      .enum(["truncated", "overage"])
      .optional()
      .describe("What happens above it: groups are left off, or the whole claim is."),
    signIn: z
      .array(signInFactSchema)
      .optional()
      .describe("What decides how hard a sign-in is, and who may change that; absent in documents of earlier versions."),
  }),
  groups: z.record(z.string(), documentGroupSchema),
  platforms: z.record(z.string(), documentPlatformSchema),
  access: z.array(documentGrantSchema).describe("The access matrix: every grant, resolved to its subject and its RBAC objects."),
  serviceAccounts: z
    .array(documentServiceAccountSchema)
    .optional()
    .describe("Programs that hold a role of a platform, bound by whoever runs them; absent where the stack knows of none."),
  bindingsKeptFor: z
    .strictObject({ deployers: z.array(z.string()), breakGlassGroup: z.string() })
    .optional()
    .describe("Who alone may change the bindings, by the API server's names; absent where whoever may change bindings may change these."),
  risks: z.array(z.string()).describe("Dangerous choices that the stack wrote out."),
});

export type EnvironmentDocument = z.infer<typeof documentSchema>;
export type DocumentGrant = EnvironmentDocument["access"][number];
export type DocumentServiceAccount = NonNullable<EnvironmentDocument["serviceAccounts"]>[number];
export type DocumentPlatform = EnvironmentDocument["platforms"][string];
