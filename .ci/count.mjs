// Prints "<passed> <failed>" of a step's log: the last closing line that a runner wrote.
import { readFileSync } from "node:fs";

// Test runners colour their totals when they think that a terminal reads them.

const lines = readFileSync(process.argv[2], "utf8")
  .replace(/\u001b\[[0-9;]*m/g, "")
  .split("\n");
const last = (pattern) =>
  lines
    .map((line) => pattern.exec(line))
    .filter(Boolean)
    .at(-1);

const plain = last(/^(\d+) passed, (\d+) failed$/);
/** Vitest's `Tests  1 failed | 7 passed | 1 expected fail (9)`: each part is there where it is not 0. */
const vitest = last(/^ +Tests +(.*) \(\d+\)$/)?.[1];
const of = (word) => Number(new RegExp(`(\\d+) ${word}(?: \\||$)`).exec(vitest)?.[1] ?? 0);
const node = [last(/^(?:#|ℹ) pass (\d+)/), last(/^(?:#|ℹ) fail (\d+)/)];

if (plain) {
  console.log(plain[1], plain[2]);
} else if (vitest) {
  console.log(of("passed") + of("expected fail"), of("failed"));
} else if (node[0]) {
  console.log(node[0][1], node[1]?.[1] ?? 0);
} else {
  console.log(0, 0);
}
