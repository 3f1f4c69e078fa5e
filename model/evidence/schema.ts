import { z } from "zod";
import { documentSchema } from "../document/schema";

/** Version of the evidence. A change that a reader of the old one would misread raises it. */
export const evidenceVersion = "gatehouse.dev/evidence/v1";

const moment = z.iso.datetime().describe("RFC 3339 in UTC.");

const testSchema = z.strictObject({
  as: z.strictObject({ user: z.string(), groups: z.array(z.string()) }).describe("Who the API server was asked about."),
  question: z.string().describe("`get configmaps in shop`, for people."),
  request: z.strictObject({
    verb: z.string(),
    apiGroup: z.string(),
    resource: z.string(),
    subresource: z.string(),
    name: z.string(),
    namespace: z.string(),
  }),
  expected: z.enum(["allowed", "refused"]),
  answer: z.enum(["allowed", "refused", "not answered"]),
  why: z.string().describe("What the expectation follows from."),
});

const personSchema = z.strictObject({
  login: z.string().describe("Sign-in name."),
  id: z.string().describe("The identity provider's own id."),
  through: z
    .array(z.string())
    .optional()
    .describe("Names of the groups between, from the granted one inwards; absent for a direct member."),
  claims: z.record(z.string(), z.string()).describe("What a token carries for the claims by which platforms name people."),
  active: z.boolean().describe("False for somebody who is listed and cannot sign in: suspended, deactivated, disabled."),
});

const groupSchema = z.strictObject({
  displayName: z.string(),
  id: z.string(),
  claimValue: z.string(),
  people: z.array(personSchema).nullable().describe("Everybody in the group by the identity provider's answer; null: not readable."),
  unreadable: z.string().optional().describe("Why the people are not known."),
  listed: z.int().nullable().describe("How many entries the listing had, people and others."),
  counted: z.int().nullable().describe("The second way to the same number."),
  countedBy: z.string().optional().describe("What the second way is."),
  others: z.array(z.string()).describe("Members that are no people: service principals, devices."),
  nesting: z.string().optional().describe("What nested membership means at this identity provider."),
});

const grantSchema = z.strictObject({
  key: z.string().describe("The same in every evidence of this grant: `k10/backup-admins/admin`, with a person's sign-in name behind it."),
  platform: z.string(),
  group: z.string().describe("Key of the group."),
  role: z.string(),
  permits: z.string(),
  reach: z.array(z.string()).describe("What the role leads to beyond that."),
  where: z.array(z.string()).describe("Namespaces or workspaces; empty: everywhere."),
  until: z.string().nullable().describe("Last day in UTC; null without an end."),
  ended: z.boolean(),
  subject: z.strictObject({ kind: z.enum(["Group", "User"]), name: z.string() }),
  people: z.array(z.string()).nullable().describe("Sign-in names of everybody who holds it; null: not readable."),
  lastUse: moment
    .nullable()
    .optional()
    .describe("Last request that the audit log shows; null: none in it; absent: no audit log was given."),
  tests: z.array(testSchema),
  untested: z.string().optional().describe("Why the API server was not asked."),
});

const endedSchema = z.strictObject({
  what: z.enum(["grant ended", "grant removed", "person removed"]),
  grant: z.string().describe("Key of the grant."),
  person: z.string().optional().describe("Sign-in name."),
  gone: z.boolean().nullable().describe("Whether the API server refuses; null: could not be asked."),
  tests: z.array(testSchema),
  untested: z.string().optional(),
});

const bindingSchema = z.strictObject({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  workspace: z.string().optional(),
  roleRef: z.strictObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.strictObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })),
  declared: z.boolean(),
  reaches: z.array(z.enum(["environment", "platform namespace", "platform account", "whole cluster"])),
});

const roleSchema = z.strictObject({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  rules: z.array(z.string()).describe("In words."),
  digest: z.string().describe("SHA-256 of the rules as sorted JSON."),
});

const listSchema = z.strictObject({
  what: z.string().describe("`clusterrolebindings`"),
  resourceVersion: z.string(),
  pages: z.int(),
  listed: z.int(),
  counted: z.int().describe("By the API server's own count of what remains after one object, at the same resourceVersion."),
});

const clusterSchema = z.strictObject({
  server: z.string().describe("Address of the API server."),
  version: z.string(),
  readBy: z.string().describe("Who the API server says was asking."),
  lists: z.array(listSchema),
  bindings: z.array(bindingSchema),
  roles: z.array(roleSchema),
});

const clockSchema = z.strictObject({
  server: z.string(),
  seconds: z.int().describe("How far its clock is behind this machine's; negative: ahead."),
});

const findingSchema = z.strictObject({
  kind: z.string().describe("As `gatehouse drift` names it, or `test`, `count`."),
  what: z.string(),
  detail: z.string(),
  fix: z.string(),
});

const decisionSchema = z.strictObject({
  grant: z.string().describe("Key of the grant."),
  person: z.string().optional().describe("Sign-in name, where the decision is about one person."),
  decision: z.string().describe("keep, end: <date>, remove."),
  by: z.string(),
  reason: z.string(),
  decidedAt: z.string(),
  carriedOutAt: z.string().nullable().describe("Moment at which access was seen to be gone; null: not yet, or nothing to carry out."),
});

/** What `gatehouse evidence` freezes. It holds no secrets. */
export const evidenceSchema = z.strictObject({
  version: z.literal(evidenceVersion),
  stack: z.string(),
  moment: z.strictObject({ began: moment, ended: moment }),
  tool: z.strictObject({ name: z.literal("gatehouse"), version: z.string() }),
  by: z.string().describe("Who ran it, as far as machine and cluster know."),
  verdict: z.strictObject({
    result: z.enum(["agrees", "differs", "incomplete"]),
    sentence: z.string(),
    incomplete: z.array(z.string()).describe("What could not be read; anything here makes the whole incomplete."),
  }),
  counts: z.record(z.string(), z.int()),
  document: documentSchema.describe("What was declared, whole."),
  groups: z.record(z.string(), groupSchema),
  grants: z.array(grantSchema),
  ended: z.array(endedSchema).describe("What ended or was removed since an earlier evidence, asked again."),
  cluster: clusterSchema,
  clocks: z.array(clockSchema),
  signIn: z
    .array(z.strictObject({ platform: z.string(), what: z.string(), value: z.string(), source: z.string() }))
    .describe("What decides how hard a sign-in is, as the identity provider has it now."),
  secrets: z.array(
    z.strictObject({
      platform: z.string(),
      what: z.string(),
      endsAt: z.string().nullable().describe("Null: the identity provider sets no end."),
      source: z.enum(["declared", "identity provider"]),
      inCluster: z
        .enum(["newest", "another", "missing"])
        .optional()
        .describe("Whether the Secret in the cluster holds the identity provider's newest; absent: it was not compared."),
    }),
  ),
  certificates: z
    .array(
      z.strictObject({
        of: z.string(),
        endsAt: z.string().nullable(),
        trusted: z.boolean().nullable().describe("Whether the reading machine trusts its chain; null: declared, not seen."),
      }),
    )
    .optional()
    .describe(
      "Certificates by which people reach issuer and platforms, as their servers show them, and the private authority behind the issuer.",
    ),
  mayChange: z
    .array(z.strictObject({ what: z.string(), who: z.array(z.string()), source: z.string() }))
    .describe("Who may change this access: owners, administrators of bindings, who updated the stack."),
  findings: z.array(findingSchema),
  decisions: z.array(decisionSchema),
  unused: z.array(z.string()).optional().describe("Keys of grants that the audit log shows no use of; absent: no audit log was given."),
  auditLog: z
    .strictObject({ from: moment.nullable(), to: moment.nullable(), events: z.int(), cut: z.array(z.string()).optional() })
    .optional(),
  notLookedAt: z.array(z.string()),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type EvidenceGrant = Evidence["grants"][number];
export type EvidenceGroup = Evidence["groups"][string];
export type EvidenceTest = EvidenceGrant["tests"][number];
export type EvidenceFinding = Evidence["findings"][number];
export type EvidenceDecision = Evidence["decisions"][number];
