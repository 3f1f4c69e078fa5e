import { z } from "zod";
import { daySchema } from "../text/calendar-schemas";
import { isProse } from "../text/printable";

/** Version of the review file. A change that a reader of the old one would misread raises it. */
export const reviewVersion = "gatehouse.dev/review/v1";

const reasonSchema = z
  .string("a reason in words")
  .max(1000, "a reason of at most 1000 characters")
  .refine((text) => text.split("\n").every(isProse), "a reason without control characters");

/** What an owner may decide about a grant. */
const decisionSchema = z.union(
  [z.literal("keep"), z.literal("remove"), z.strictObject({ end: daySchema.describe("Its new last day in UTC.") })],
  "keep, remove, or end: with a day, as in { end: 2027-03-31 }",
);

const rowSchema = z.strictObject({
  grant: z.string().describe("What the grant is called: `k10/backup-admins/admin`."),
  platform: z.string(),
  group: z.string().describe("Key of the group in the stack file."),
  groupName: z.string(),
  role: z.string(),
  permits: z.string(),
  where: z.array(z.string()).describe("Namespaces or workspaces; empty: everywhere."),
  until: z.string().nullable().describe("Last day in UTC; null without an end."),
  people: z.array(z.string()).nullable().describe("Sign-in names; null: others manage the members, and they were not asked."),
  lastUse: z.string().optional().describe("Last use by the audit log; absent: no audit log was given."),
  reviewed: z.string().nullable().describe("Day of the last review; null: never."),
  reviewers: z.array(z.string()).describe("Who may decide; empty: anybody."),
  risks: z.array(z.string()),
  decision: decisionSchema.nullable().describe("keep, remove, or { end: day }. The owner fills it in."),
  reason: reasonSchema.nullable().describe("Why. The owner fills it in."),
  by: z.string().nullable().describe("Sign-in name of who decides. The owner fills it in."),
});

const membersSchema = z.strictObject({
  group: z.string().describe("Key of a group whose members the stack lists."),
  groupName: z.string(),
  people: z.array(z.string()),
  remove: z
    .array(z.strictObject({ person: z.string(), reason: reasonSchema, by: z.string() }))
    .describe("Who leaves the group, and with it loses all that it is granted. The owner fills it in."),
});

/** A review: what is there, and what its owners decide. */
export const reviewSchema = z.strictObject({
  version: z.literal(reviewVersion),
  stack: z.string(),
  opened: daySchema.describe("Day of its making in UTC."),
  of: z.string().describe("Digest of what is reviewed: who holds what, where and until when, and who may decide."),
  applied: daySchema.optional().describe("Day on which `gatehouse review apply` wrote the decisions into the stack file."),
  grants: z.array(rowSchema),
  members: z.array(membersSchema),
});

export type Review = z.infer<typeof reviewSchema>;
export type ReviewRow = Review["grants"][number];
export type ReviewMembers = Review["members"][number];
