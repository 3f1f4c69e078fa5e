import { stringify } from "yaml";
import { openReview, type Evidence, type EnvironmentDocument, type Review } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { gatehouse, type Outcome } from "../harness";
import { clusterOf, folderOf, goodWorld, liveState } from "./world";

const document = sampleDocument();
const found = ({ written = {} }: Outcome): Evidence => JSON.parse(written["out/evidence.json"] ?? "") as Evidence;

/** A review of the sample that takes the auditors' grant away and keeps the others. */
function review(more: Partial<Review> = {}): string {
  const opened = openReview(document, "2026-11-20");
  const grants = opened.grants.map((row): Review["grants"][number] => ({
    ...row,
    decision: row.group === "auditors" ? "remove" : "keep",
    reason: "as the owner said",
    by: "owner@example.com",
  }));
  return stringify({ ...opened, grants, applied: "2026-11-21", ...more });
}

async function after(left: EnvironmentDocument, cluster: EnvironmentDocument, file = review()): Promise<Outcome> {
  const old = folderOf(await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], goodWorld()));
  const world = goodWorld({ folders: { old }, cluster: clusterOf(liveState(cluster)) }, left);
  return gatehouse(["evidence", "--env", "environment.json", "--out", "out", "--since", "old", "--review", "review.yaml"], {
    ...world,
    files: { ...world.files, "review.yaml": file },
  });
}

const left = { ...document, access: document.access.filter(({ group }) => group !== "auditors") };
const decisions = (outcome: Outcome) =>
  found(outcome).decisions.map(({ grant, decision, decidedAt, carriedOutAt }) => [grant, decision, decidedAt, carriedOutAt !== null]);

test("each decision is named, with the moment when the API server refused", async () => {
  const outcome = await after(left, left);
  expect(decisions(outcome)).toEqual(
    expect.arrayContaining([
      ["k10/auditors/view", "remove", "2026-11-21", true],
      ["k10/backup-admins/admin", "keep", "2026-11-21", false],
    ]),
  );
  const evidence = found(outcome);
  expect(evidence.decisions.find(({ decision }) => decision === "remove")?.carriedOutAt).toBe(evidence.moment.ended);
});

test("a binding that was forgotten in the cluster: the decision is not carried out", async () => {
  expect(decisions(await after(left, document))).toContainEqual(["k10/auditors/view", "remove", "2026-11-21", false]);
});

test.each([
  [
    "one that was not applied",
    review({ applied: undefined }),
    "Expected review.yaml to be a review of 'sample' that was applied, got one that was not applied.",
  ],
  [
    "one of another stack",
    review({ stack: "other" }),
    "Expected review.yaml to be a review of 'sample' that was applied, got one of 'other'.",
  ],
  ["something else", "a: 1\n", "Expected a review in review.yaml, got something else."],
])("%s is refused, and nothing is written", async (_what, file, words) => {
  const outcome = await after(left, left, file);
  expect([outcome.status, outcome.written]).toEqual([64, undefined]);
  expect(outcome.stderr).toContain(words);
});

test("a missed review is a finding", async () => {
  const late: EnvironmentDocument = {
    ...document,
    access: document.access.map((grant) => ({
      ...grant,
      review: { every: "quarterly", reviewed: "2026-06-01", due: "2026-09-01", missed: "warn" },
    })),
  };
  const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], goodWorld({}, late));
  expect(outcome.status).toBe(5);
  expect(new Set(found(outcome).findings.map(({ kind }) => kind))).toEqual(new Set(["missed-review"]));
});
