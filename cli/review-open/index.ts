/** `gatehouse review open`: a file in which the owners of grants decide about them. */
import { dayOf, openReview, textLines, type Evidence } from "../../model";
import { defineCommand, text } from "../command";
import { UsageError } from "../errors";
import { loadDocument } from "../inputs";
import { loadSnapshot } from "../snapshot";
import type { Io } from "../io";
import { dayOption, documentOptions } from "../options";
import { carried, readReview, reviewText } from "../review-file";

export const reviewOpenCommand = defineCommand({
  name: "review open",
  summary: "Write a review: each grant with its people, last use, end and risks, for the owners to decide about in a pull request.",
  arguments: {},
  options: {
    ...documentOptions,
    evidence: text("--evidence <path>", "evidence.json, or its folder: its environment, with the people and last uses that it found"),
    carry: text("--carry <file>", "an earlier review, whose decisions about what has not changed are taken over"),
    out: text("--out <file>", "where to write it (default: standard output); a file that is there stays"),
    today: dayOption("the review's day (YYYY-MM-DD, UTC; default: today)"),
  },
  printsJson: false,
  run: async ({ evidence: from, carry, out, today, ...source }, io) => {
    const evidence = from === undefined ? undefined : await evidenceOf(from, source, io);
    const document = evidence?.document ?? (await loadDocument(source, io));
    const opened = openReview(document, today ?? dayOf(io.now()), evidence);
    const review = carry === undefined ? opened : carried(opened, await earlier(carry, io));
    if (out === undefined) {
      io.stdout(reviewText(review));
    } else if (!(await io.createFile(out, reviewText(review)))) {
      throw new UsageError("flags", `Expected the path of a new file, got ${out}, which is there. Fix: name another, or remove it.`);
    }
    const open = review.grants.filter(({ decision }) => decision === null).length;
    io.stderr(textLines([`${out ?? document.stack}: a review of ${review.grants.length} grants, ${open} of them open.`]));
    return "ok";
  },
});

async function evidenceOf(path: string, source: { readonly env?: string; readonly stack?: string }, io: Io): Promise<Evidence> {
  if (source.env !== undefined || source.stack !== undefined) {
    throw new UsageError("flags", "Expected one of --evidence, --env and --stack, got more.");
  }
  const { evidence } = await loadSnapshot(path, io);
  if (evidence === undefined) {
    throw new UsageError("unusable_input", `Expected evidence in ${path}, got an environment document. Fix: pass it with --env.`);
  }
  return evidence;
}

async function earlier(file: string, io: Io) {
  const { review, problems } = await readReview(file, io);
  if (review === undefined || problems.length > 0) {
    throw new UsageError(
      "unusable_input",
      `Expected a review in ${file}, got something else. Fix: \`gatehouse review check ${file}\` names what is wrong.`,
    );
  }
  return review;
}
