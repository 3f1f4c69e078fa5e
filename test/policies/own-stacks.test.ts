import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { scenarios, type Scenario } from "../../lab/story/scenarios";
import { makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { withoutPauses } from "../../lab/test/builtins";
import { runPolicies, today, type Report } from "./harness";
import { anyBinding, register } from "./program";

withoutPauses();

const folder = resolve(__dirname, "../../stacks");
const files = readdirSync(folder).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
const mandatory = new Set(rules.filter(({ level }) => level === "mandatory").map(({ id }) => id));

/** The settings of the pack that a lab stack is previewed with, as its user would write them down. */
const settingsOf = (file: string): Scenario["policies"] => scenarios.find(({ stack }) => file === `Pulumi.${stack}.yaml`)?.policies;

/** The secret of a client that was made by hand is set by whoever deploys. */
const handedOver = { "clients:k10": "handed over" };

/** What the components make is held to the rules that everybody is held to: no exceptions for ourselves. */
describe("the stacks of this repository", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)(
    "%s breaks no mandatory rule",
    async (file) => {
      const { config } = parse(readFileSync(join(folder, file), "utf8")) as { config: Record<string, unknown> };
      const registered = await register({ ...handedOver, ...config });
      expect(registered.map(({ type }) => type)).toEqual(expect.arrayContaining([expect.stringMatching(anyBinding)]));
      const reports: Report[] = await runPolicies(
        makePolicies(rules, () => today),
        registered,
        settingsOf(file),
      );
      expect(
        reports.filter(({ policy }) => mandatory.has(policy)).map(({ policy, urn, message }) => `${policy} ${urn ?? ""}: ${message}`),
      ).toEqual([]);
    },
    // The first one also loads the providers' SDKs, and other tests may have the processors.
    180_000,
  );
});
