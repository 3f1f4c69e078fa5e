import type { CaseResult } from "./compare";
import { seconds } from "./measure";

/** The measurements as a table, and the resources that each side makes. */
export function resultsText(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ comparisons }) =>
    comparisons.map(({ case: name, command, gatehouse, flat, ratio }) => [
      name,
      command,
      seconds(gatehouse.median),
      seconds(flat.median),
      ratio.toFixed(2),
      seconds(gatehouse.best),
      seconds(flat.best),
      `${gatehouse.times.length} and ${flat.times.length}`,
    ]),
  );
  const resources = results.flatMap(({ case: name, platforms, resources: counts }) =>
    counts === undefined
      ? []
      : [
          `${name}: Gatehouse manages ${counts.gatehouse.managed} resources (${perPlatform(counts.gatehouse.managed, platforms)} a platform) ` +
            `and ${counts.gatehouse.components} components; the flat program ${counts.flat.managed} (${perPlatform(counts.flat.managed, platforms)}).`,
        ],
  );
  return [
    "Medians and best times; ratio is Gatehouse by flat, the median over pairs of runs. Sizes are platforms x groups on each.",
    "",
    ...table([["size", "command", "Gatehouse", "flat", "ratio", "best", "flat best", "runs"], ...rows]),
    "",
    ...resources,
  ].join("\n");
}

function perPlatform(count: number, platforms: number): string {
  return (count / platforms).toFixed(1).replace(/\.0$/, "");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
