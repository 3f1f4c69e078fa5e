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
const jest = last(/^Tests:\s+(?:(\d+) failed, )?(?:\d+ skipped, )?(?:\d+ todo, )?(?:(\d+) passed, )?\d+ total/);
const node = [last(/^(?:#|ℹ) pass (\d+)/), last(/^(?:#|ℹ) fail (\d+)/)];

if (plain) {
  console.log(plain[1], plain[2]);
} else if (jest) {
  console.log(jest[2] ?? 0, jest[1] ?? 0);
} else if (node[0]) {
  console.log(node[0][1], node[1]?.[1] ?? 0);
} else {
  console.log(0, 0);
}
