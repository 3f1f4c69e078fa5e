/** What platforms and grants say of their reviews, and of who answers for them: docs/reviews.md. */
import { z } from "zod";
import { reviewCycles, type ReviewCycle } from "../review/cycle";
import { daySchema } from "../text/calendar-schemas";
import { loginSchema } from "../text/names";
import { isProse } from "../text/printable";

const cycleSchema = z.enum(Object.keys(reviewCycles) as [ReviewCycle, ...ReviewCycle[]]).optional();

export const reviewersSchema = z
  .array(loginSchema)
  .min(1, "at least one reviewer")
  .max(50, "at most 50 reviewers")
  .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, "each reviewer once")
  .optional();

/** A name for people: an address, a team. It stands in an annotation, where several are parted by semicolons. */
export const ownerSchema = z
  .string()
  .min(1, "a name, an address or a team")
  .max(200, "at most 200 characters")
  .refine(
    (text) => isProse(text) && text === text.trim() && !text.includes(";"),
    "a name without semicolons, control characters or blanks around it",
  );

/** Of a platform. */
export const platformReviewFields = {
  review: cycleSchema.describe("How often each grant of the platform is reviewed. Default: it is not asked for."),
  missedReview: z
    .enum(["warn", "end"])
    .optional()
    .describe("What becomes of a grant whose review was missed: warn (default), or end, by the first up after its last day."),
  reviewers: reviewersSchema.describe(
    "Sign-in names of those who may decide about the platform's grants; nobody decides about access of their own. Default: anybody, own access included.",
  ),
  owner: ownerSchema
    .optional()
    .describe("Who answers for the platform's grants, for people: written on each of its bindings. Default: nothing is written."),
};

/** Of a grant. */
export const grantReviewFields = {
  review: cycleSchema.describe("How often this grant is reviewed. Default: as the platform says."),
  reviewed: daySchema.optional().describe("Day of its last review in UTC; `gatehouse review apply` writes it."),
  owner: ownerSchema.optional().describe("Who answers for this grant. Default: as the platform says."),
};
