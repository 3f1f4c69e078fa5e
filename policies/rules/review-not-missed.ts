import { reviewDueAnnotation } from "../../model/access/binding-annotations";
import { bindingsOf } from "../reading/rbac";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";
import { isProperties } from "../value";

export const reviewNotMissed = resourceRule({
  id: "review-not-missed",
  title: "Access whose review was missed does not stay",
  severity: "medium",
  level: "advisory",
  rationale:
    "A review that nobody holds leaves access with people who changed their work. Where the rule is mandatory, no update passes until the owners have decided or the grant has gone; a stack's `missedReview: end` takes the grant away by itself.",
  remediation:
    "Run `gatehouse review open`, let the owners decide, and run `gatehouse review apply`; or take the grant out of the stack file.",
  controls: [],
  unknowns: "An annotation that is not known at preview is judged at the update.",
  types: [bindingTypes],
  settings: {
    graceDays: {
      default: 0,
      schema: { type: "integer", minimum: 0, maximum: 366, description: "Days after a review's last day in which it may still be held." },
    },
  },
  check(resource, { graceDays }, { now }) {
    const latest = new Date(now.getTime() - graceDays * 86_400_000).toISOString().slice(0, 10);
    return bindingsOf(resource).flatMap(({ path, annotations }) => {
      const due = isProperties(annotations) ? annotations[reviewDueAnnotation] : undefined;
      const where = `${path}metadata.annotations["${reviewDueAnnotation}"]`;
      if (typeof due !== "string") {
        return [];
      }
      if (due !== "never" && !/^\d{4}-\d{2}-\d{2}$/.test(due)) {
        return [mismatch(where, "a day as YYYY-MM-DD, or never", due)];
      }
      return due === "never" || due < latest ? [mismatch(where, `a review that was held by ${latest}`, due)] : [];
    });
  },
});
