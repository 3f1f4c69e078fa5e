import { reviewNotMissed } from "../../../policies/rules/review-not-missed";
import { describeRule } from "../harness";

const due = (day: string) => ({ metadata: { annotations: { "gatehouse.dev/review-due": day } } });

describeRule(reviewNotMissed, {
  passing: { type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", props: due("2099-02-28") },
  alsoPassing: { "a binding that no review is asked for": { change: { metadata: undefined } } },
  violations: {
    "a review that was missed": {
      change: due("2020-02-28"),
      messages: [
        expect.stringMatching(
          /^metadata\.annotations\["gatehouse\.dev\/review-due"\]: expected a review that was held by \d{4}-\d\d-\d\d, got "2020-02-28"$/,
        ) as string,
      ],
    },
    "one that was never held": { change: due("never"), messages: [expect.stringMatching(/got "never"$/) as string] },
    "a text that is no day": {
      change: due("soon"),
      messages: ['metadata.annotations["gatehouse.dev/review-due"]: expected a day as YYYY-MM-DD, or never, got "soon"'],
    },
    "with days of grace, after them": {
      settings: { graceDays: 30 },
      change: due("2020-02-28"),
      messages: [expect.stringMatching(/got "2020-02-28"$/) as string],
    },
  },
});
