import type { ProofResult } from "./proofs";

/** One line for each proof: who, what was tried, what came of it, what was expected. */
export function proofsText(results: readonly ProofResult[]): string {
  const rows = results.map((result) => [
    result.holds ? "ok" : "FAILED",
    result.platform,
    `${result.login} (${result.part})`,
    result.tries,
    result.got,
    `expected ${result.expected}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
