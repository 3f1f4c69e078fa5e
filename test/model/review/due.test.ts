import { missedReviews, parseEnvironment, readStackFile, reviewDue, type ReviewCycle } from "../../../model";
import { admin, basic, document, documentOf, stackText, today, view } from "../../cli/review/sample";

describe("when a review is due", () => {
  test.each<[ReviewCycle, string, string]>([
    ["monthly", "2027-01-31", "2027-02-28"],
    ["quarterly", "2026-11-30", "2027-02-28"],
    ["quarterly", "2026-11-23", "2027-02-23"],
    ["half-yearly", "2026-08-31", "2027-02-28"],
    ["yearly", "2024-02-29", "2025-02-28"],
  ])("%s after %s: by %s", (cycle, reviewed, due) => {
    expect(reviewDue(cycle, reviewed)).toBe(due);
  });

  const withReviewed = (day: string, more = ""): string =>
    stackText
      .replace("review: quarterly", `review: quarterly${more}`)
      .replace(/role: (admin|basic)/g, `role: $1, reviewed: "${day}"`)
      .replace("          role: admin, reviewed", "          role: admin\n          reviewed");

  test("the last day is not missed yet, the day after it is", () => {
    expect(missedReviews(documentOf(withReviewed("2026-08-23")), today).map(({ grant }) => grant)).toEqual([view]);
    expect(missedReviews(documentOf(withReviewed("2026-08-22")), today).map(({ grant }) => grant)).toEqual(
      [admin, basic, view].sort((a, b) => [admin, basic, view].indexOf(a) - [admin, basic, view].indexOf(b)),
    );
    expect(missedReviews(document, today).map(({ sentence }) => sentence)).toEqual([
      "k10: admin of 'Kasten Admins': it was never reviewed (quarterly)",
      "k10: basic of 'Kasten Users' in billing, shop: it was never reviewed (quarterly)",
      "k10: view of 'Security Auditors': its quarterly review was due by 2026-11-01",
    ]);
  });

  test("missedReview: end takes the grant away with the next up; validate says so", () => {
    const text = withReviewed("2026-09-01", "\n      missedReview: end");
    const { environment, expired, warnings } = parseEnvironment(readStackFile(text).raw, today);
    expect(environment.platforms["k10"]?.access.map(({ group }) => group)).toEqual(["backup-admins", "backup-operators"]);
    expect(expired.map(({ path }) => path)).toEqual(["platforms.k10.access[2]"]);
    expect(warnings[0]).toBe(
      "platforms.k10.access[2]: the grant 'view' of 'auditors' ended, since its quarterly review was due by 2026-11-01; the next up takes it away. Hold the review, or remove it from the stack file.",
    );
  });

  test.each<[string, string, string]>([
    [
      "an end for a grant that was never reviewed",
      stackText.replace("review: quarterly", "review: quarterly\n      missedReview: end"),
      "platforms.k10.access[0].reviewed: expected the day of its last review",
    ],
    ["a review of tomorrow", withReviewed("2026-11-24"), "platforms.k10.access[0].reviewed: expected a day up to today (2026-11-23)"],
    [
      "missedReview without a review",
      stackText.replace("review: quarterly", "missedReview: warn"),
      "platforms.k10.missedReview: expected review: on the platform or a grant",
    ],
    [
      "an unknown cycle",
      stackText.replace("review: quarterly", "review: weekly"),
      "platforms.k10.review: expected one of monthly, quarterly, half-yearly, yearly",
    ],
    [
      "a reviewer twice",
      stackText.replace("[chief@example.com]", "[chief@example.com, Chief@example.com]"),
      "groups.auditors.reviewers: expected each reviewer once",
    ],
  ])("refuses %s", (_what, text, words) => {
    expect(() => parseEnvironment(readStackFile(text).raw, today)).toThrow(words);
  });
});
