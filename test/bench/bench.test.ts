import { benchCase, gatehouseConfig } from "../../bench/cases";
import type { CaseResult } from "../../bench/compare";
import { alternate, median, pairedRatio, seconds } from "../../bench/measure";
import { resultsText } from "../../bench/results";
import { bindingPlans, parseEnvironment } from "../../model";

const chart = { path: "charts/k10", version: "8.0.15" };

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 2, 4, 100], 7],
])("the median of %j is %d", (times, expected) => {
  expect(median(times)).toBe(expected);
});

test("no times have no median", () => {
  expect(() => median([])).toThrow("at least one time, got none");
});

test("ratios are those of neighbouring runs, so that a slow minute does not decide", () => {
  // The machine was five times slower during the second pair.
  expect(pairedRatio([100, 600, 90], [100, 500, 100])).toBe(1);
});

test("the sides take turns in going first", async () => {
  const order: string[] = [];
  await alternate(3, (side) => Promise.resolve(void order.push(side)));
  expect(order).toEqual(["gatehouse", "flat", "flat", "gatehouse", "gatehouse", "flat"]);
});

test("a case is an environment that Gatehouse accepts, the same at every run, with one binding for each role and scope", () => {
  const large = benchCase(5, 30, chart);
  expect(benchCase(5, 30, chart)).toEqual(large);
  const raw = Object.fromEntries(
    Object.entries(gatehouseConfig(large, "https://lab.example.com")).map(([key, value]) => [key.replace("gatehouse:", ""), value]),
  );
  const { environment } = parseEnvironment(raw, "2026-11-23");
  expect(Object.keys(environment.groups)).toHaveLength(150);
  const plans = Object.entries(environment.platforms).map(([name, platform]) => bindingPlans(name, platform));
  // Administrators twice, operators in two namespaces, and those who look on.
  expect(plans.map((plan) => plan.length)).toEqual([5, 5, 5, 5, 5]);
  expect(plans.flat().reduce((sum, plan) => sum + plan.groups.length, 0)).toBe(5 * (10 * 2 + 10 + 10));
});

test("results are a table with ratios and resources", () => {
  const result: CaseResult = {
    case: "5 x 30",
    platforms: 5,
    comparisons: [
      {
        case: "5 x 30",
        command: "preview",
        gatehouse: { times: [4000, 6000], median: 5000, best: 4000 },
        flat: { times: [10_000], median: 10_000, best: 10_000 },
        ratio: 0.5,
      },
    ],
    resources: { gatehouse: { managed: 355, components: 16 }, flat: { managed: 530, components: 0 } },
  };
  expect(resultsText([result])).toBe(
    [
      "Medians and best times; ratio is Gatehouse by flat, the median over pairs of runs. Sizes are platforms x groups on each.",
      "",
      "size    command  Gatehouse  flat     ratio  best    flat best  runs",
      "5 x 30  preview  5.00 s     10.00 s  0.50   4.00 s  10.00 s    2 and 1",
      "",
      "5 x 30: Gatehouse manages 355 resources (71 a platform) and 16 components; the flat program 530 (106).",
    ].join("\n"),
  );
  expect(seconds(1234)).toBe("1.23 s");
});
