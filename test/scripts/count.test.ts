/** The totals of .ci/run: what each runner prints at its end. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-count-"));
afterAll(() => rmSync(folder, { recursive: true }));

function counted(log: string): string {
  const file = join(folder, "log");
  writeFileSync(file, log);
  return execFileSync(process.execPath, [join(__dirname, "../../.ci/count.mjs"), file], { encoding: "utf8" }).trim();
}

const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

test.each([
  ["a script of ours", "ok\n3 passed, 1 failed\n5 passed, 0 failed\nbye\n", "5 0"],
  ["vitest, where all is well", " Test Files  3 passed (3)\n      Tests  58 passed (58)\n", "58 0"],
  ["vitest, in colour", `${dim(" Test Files ")} 1 passed (1)\n${dim("      Tests ")} ${dim("7255 passed")} (7255)\n`, "7255 0"],
  [
    "vitest, with failures",
    " Test Files  1 failed | 2 passed (3)\n      Tests  2 failed | 7630 passed | 1 expected fail | 3 skipped (7636)\n",
    "7631 2",
  ],
  ["vitest, with failures alone", "      Tests  2 failed (2)\n", "0 2"],
  ["node --test", "# tests 4\n# pass 3\n# fail 1\n", "3 1"],
  ["nothing at all", "      Tests  no tests\n", "0 0"],
])("%s", (_what, log, expected) => {
  expect(counted(log)).toBe(expected);
});
