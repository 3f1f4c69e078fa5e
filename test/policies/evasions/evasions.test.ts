import { makePolicies } from "../../../policies/pack";
import { rules } from "../../../policies/rules";
import { runPolicies, today } from "../harness";
import { brokerEvasions, ordinaryBrokers } from "./brokers";
import { identityProviderEvasions } from "./identity-providers";
import { ordinaryPrograms } from "./ordinary";
import { rbacEvasions } from "./rbac";
import { valuesEvasions } from "./values";

const mandatory = new Set(rules.filter(({ level }) => level === "mandatory").map(({ id }) => id));
const policies = makePolicies(rules, () => today);
const all = [...rbacEvasions, ...identityProviderEvasions, ...brokerEvasions, ...valuesEvasions];

describe("what tries to get by", () => {
  it.each(all.map((evasion) => [evasion.kind, evasion.name, evasion] as const))("%s: %s", async (_, __, { resources, rule }) => {
    const reports = await runPolicies(policies, resources);
    expect(mandatory.has(rule)).toBe(true);
    expect([...new Set(reports.map(({ policy }) => policy))]).toContain(rule);
  });

  it("is of many kinds, two programs of each at least, each under a name of its own", () => {
    const kinds = new Map<string, string[]>();
    for (const { kind, name } of all) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
    }
    expect([...kinds].filter(([, names]) => names.length < 2 || new Set(names).size < names.length)).toEqual([]);
  });
});

describe("what people write", () => {
  it.each(Object.entries({ ...ordinaryPrograms, ...ordinaryBrokers }))("%s breaks no mandatory rule", async (_, resources) => {
    const reports = await runPolicies(policies, resources);
    expect(reports.filter(({ policy }) => mandatory.has(policy)).map(({ policy, message }) => `${policy}: ${message}`)).toEqual([]);
  });
});
