import { reviewOf } from "../../review/cycle";
import type { Problem } from "../../text/problems";
import type { WithoutIdentityProvider } from "./check";

/** What platforms and grants say of their reviews. */
export const reviews: WithoutIdentityProvider = {
  name: "reviews lie in the past, and a grant that a missed one would end was reviewed",
  asksIdentityProvider: false,
  find: ({ platforms }, today) =>
    Object.entries(platforms).flatMap(([name, platform]) => {
      const without: Problem[] =
        platform.missedReview !== undefined && platform.access.every((grant) => reviewOf(platform, grant) === undefined)
          ? [
              {
                path: ["platforms", name, "missedReview"],
                expected: "review: on the platform or a grant; without it none can be missed",
                received: "none",
              },
            ]
          : [];
      return [...without, ...platform.access.flatMap((grant, position) => grantProblems([name, position], platform, grant, today))];
    }),
};

type Platform = Parameters<typeof reviewOf>[0];
type Grant = Parameters<typeof reviewOf>[1];

function grantProblems([name, position]: [string, number], platform: Platform, grant: Grant, today: string): Problem[] {
  const path = ["platforms", name, "access", position, "reviewed"];
  if (grant.reviewed !== undefined && grant.reviewed > today) {
    return [{ path, expected: `a day up to today (${today}): a review is recorded after it was held`, received: grant.reviewed }];
  }
  const review = reviewOf(platform, grant);
  return review?.missed === "end" && review.reviewed === null
    ? [
        {
          path,
          expected: "the day of its last review: missedReview: end would end a grant that was never reviewed at once",
          received: "nothing",
          fix: `add reviewed: "${today}" in the pull request that grants it, whose approval is its first review`,
        },
      ]
    : [];
}
