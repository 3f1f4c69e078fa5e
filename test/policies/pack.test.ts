import { exceptionsPolicy, makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { rbacNoWildcards } from "../../policies/rules/rbac-no-wildcards";
import { oktaSingleAssignmentOwner } from "../../policies/rules/okta-single-assignment-owner";
import { okta } from "../../policies/types";
import { runPolicies, today, urnOf, type Fixture } from "./harness";

const role: Fixture = { type: "kubernetes:rbac.authorization.k8s.io/v1:Role", name: "legacy-role", props: { rules: [{ verbs: ["*"] }] } };
const message = `rules[0].verbs: expected verbs by name, got ["*"]\nFix: ${rbacNoWildcards.remediation}`;
const policies = (now = today) => makePolicies([rbacNoWildcards, oktaSingleAssignmentOwner], () => now);
const exception = { rule: rbacNoWildcards.id, resource: "legacy-*", owner: "ana@example.com", reason: "vendor chart", until: "2026-12-31" };
const configuration = (...exceptions: unknown[]) => ({ [exceptionsPolicy]: { exceptions } });

describe("exceptions in the pack", () => {
  it("reports a violation with its fix and its resource", async () => {
    expect(await runPolicies(policies(), [role])).toEqual([{ policy: rbacNoWildcards.id, message, urn: urnOf(role) }]);
  });

  it("silences an excepted violation, and says so", async () => {
    expect(await runPolicies(policies(), [role], configuration(exception))).toEqual([
      {
        policy: exceptionsPolicy,
        message: "rbac-no-wildcards is excepted until 2026-12-31 (ana@example.com: vendor chart)",
        urn: urnOf(role),
      },
    ]);
  });

  it("reports again when the exception is over, and names its owner", async () => {
    expect(await runPolicies(policies(new Date("2027-01-01T00:00:00Z")), [role], configuration(exception))).toEqual([
      { policy: exceptionsPolicy, message: "rbac-no-wildcards is over since 2026-12-31 (ana@example.com: vendor chart)", urn: urnOf(role) },
      { policy: rbacNoWildcards.id, message: `${message}\nThe exception of ana@example.com ended on 2026-12-31.`, urn: urnOf(role) },
    ]);
  });

  it("leaves other resources to the rule", async () => {
    const other = { ...role, name: "role" };
    expect(await runPolicies(policies(), [other], configuration(exception))).toEqual([
      { policy: rbacNoWildcards.id, message, urn: urnOf(other) },
    ]);
  });

  it("stops at a malformed exception", async () => {
    await expect(runPolicies(policies(), [role], configuration({ ...exception, owner: undefined }))).rejects.toThrow(
      "The policy configuration's exceptions cannot be used:\n  exceptions[0].owner: expected text, got nothing",
    );
  });

  it("holds for rules over the stack too", async () => {
    const whole: Fixture = { type: okta.groupAssignments, name: "all", props: { appId: "0oa1" } };
    const one: Fixture = { type: okta.groupAssignment, name: "one", props: { appId: "0oa1" } };
    const reports = await runPolicies(policies(), [whole, one]);
    expect(reports.map(({ policy, urn }) => [policy, urn])).toEqual([[oktaSingleAssignmentOwner.id, urnOf(whole)]]);
    const excepted = configuration({ ...exception, rule: oktaSingleAssignmentOwner.id, resource: "all" });
    expect((await runPolicies(policies(), [whole, one], excepted)).map(({ policy }) => policy)).toEqual([exceptionsPolicy]);
  });
});

describe("settings that cannot be used", () => {
  it.each([
    ["a misspelt name", "secretLifetimeDay", 90, "secretLifetimeDay: expected one of secretLifetimeDays", "entra-secret-max-lifetime"],
    ["a setting of a rule without any", "strict", true, "strict: expected no setting (the rule has none)", "entra-single-tenant"],
    ["an expression that is none", "prefixPattern", "(", 'prefixPattern: expected a regular expression, got "("', "values-prefix-required"],
  ])("%s stops the rule, by its name", async (_, setting, value, words, id) => {
    const rule = rules.find((candidate) => candidate.id === id);
    const [type] = rule?.types ?? [];
    const judged = makePolicies(rule === undefined ? [] : [rule], () => today);
    await expect(runPolicies(judged, [{ type: String(type), props: {} }], { [id]: { [setting]: value } })).rejects.toThrow(
      `The policy configuration of ${id} cannot be used: ${words}`,
    );
  });
});

describe("the rules together", () => {
  it("have different names, and words for the engine's configuration schema", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      for (const setting of Object.values(rule.settings)) {
        expect(setting.schema.description?.length).toBeGreaterThan(10);
      }
    }
  });

  it("serve the candidates that can be decided", () => {
    const served = new Set(rules.flatMap(({ candidate }) => candidate ?? []));
    const missing = Array.from({ length: 52 }, (_, index) => index + 1).filter((candidate) => !served.has(candidate));
    expect(missing).toEqual([51]);
  });

  it("say nothing about resources of other providers", async () => {
    expect(
      await runPolicies(
        makePolicies(rules, () => today),
        [{ type: "aws:s3/bucket:Bucket", props: { secret: "x", verbs: ["*"] } }],
      ),
    ).toEqual([]);
  });
});
