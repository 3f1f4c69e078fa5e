import type { Policies, PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { unknownCheckingProxy } from "@pulumi/policy/proxy";
import { controls } from "../../policies/controls";
import { makePolicies } from "../../policies/pack";
import { judges, type Rule } from "../../policies/rule";

/** The day on which all specs run. */
export const today = new Date("2026-11-23T12:00:00Z");
/** What stands on the wire for a string that the engine does not know yet (pulumi/pulumi `sdk/go/common/resource/plugin/rpc.go`). */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a program would register it. `from` names the resources that a property was computed from. */
export interface Fixture {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  readonly provider?: Record<string, unknown>;
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

interface Violation {
  /** Path (`0 > web > redirectUris > 1`, the resource's index only where there are several) to value; `undefined` removes. */
  readonly change?: Readonly<Record<string, unknown>>;
  /** Other resources altogether, instead of a change of the passing ones. */
  readonly resources?: readonly Fixture[];
  readonly provider?: Record<string, unknown>;
  readonly settings?: Record<string, unknown>;
  readonly messages: readonly string[];
}

interface Specification {
  readonly passing: Fixture | readonly Fixture[];
  readonly settings?: Record<string, unknown>;
  readonly violations: Readonly<Record<string, Violation>>;
  /** Changes after which nothing is reported either. */
  readonly alsoPassing?: Readonly<Record<string, Omit<Violation, "messages">>>;
  /** Paths of the passing fixture that are reported when unknown, on purpose. */
  readonly reportedWhenUnknown?: Readonly<Record<string, readonly string[]>>;
}

/** The tests that every rule has: words, the passing fixture, one violating change per branch with its exact message, unknowns. */
export function describeRule(
  rule: Rule,
  { passing, settings = {}, violations, alsoPassing = {}, reportedWhenUnknown = {} }: Specification,
): void {
  const single = !Array.isArray(passing);
  const resources: readonly Fixture[] = Array.isArray(passing) ? passing : [passing as Fixture];
  const apply = (violation: Omit<Violation, "messages">): readonly Fixture[] => {
    const changed = Object.entries(violation.change ?? {}).reduce(
      (list, [path, value]) => change(list, single ? ["0", ...split(path)] : split(path), value),
      violation.resources ?? resources,
    );
    return violation.provider === undefined ? changed : changed.map((fixture) => ({ ...fixture, provider: violation.provider ?? {} }));
  };

  describe(rule.id, () => {
    it("says what it is about", () => {
      expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      for (const words of [rule.title, rule.rationale, rule.remediation, rule.unknowns]) {
        expect(words.length).toBeGreaterThan(15);
      }
      for (const control of rule.controls) {
        expect(controls[control].wording.length).toBeGreaterThan(15);
      }
      for (const { type } of resources) {
        expect(judges(rule, type)).toBe(true);
      }
    });

    it("accepts the passing fixture", async () => {
      expect(await run(rule, resources, settings)).toEqual([]);
    });

    for (const [name, variant] of Object.entries(alsoPassing)) {
      it(`accepts ${name}`, async () => {
        expect(await run(rule, apply(variant), { ...settings, ...variant.settings })).toEqual([]);
      });
    }

    for (const [name, violation] of Object.entries(violations)) {
      it(`reports ${name}`, async () => {
        expect(await run(rule, apply(violation), { ...settings, ...violation.settings })).toEqual(violation.messages);
      });

      // A rule that touched an unknown would throw UnknownValueError here, and be only advisory at preview.
      it(`still reports ${name} beside unknown values`, async () => {
        const beside = apply(violation).map((fixture) => ({
          ...fixture,
          props: { ...fixture.props, unrelated: unknown, more: { nested: [unknown] } },
        }));
        expect(await run(rule, beside, { ...settings, ...violation.settings })).toEqual(violation.messages);
      });
    }

    it("does not accuse what is not known yet", async () => {
      const paths = resources.flatMap(({ props }, index) => [...pathsOf(props)].map((path) => [String(index), ...path]));
      const reported: Record<string, readonly string[]> = {};
      for (const path of paths) {
        const messages = await run(rule, change(resources, path, unknown), settings);
        if (messages.length > 0) {
          reported[(single ? path.slice(1) : path).join(" > ")] = messages;
        }
      }
      expect(reported).toEqual(reportedWhenUnknown);
      expect(paths.length).toBeGreaterThan(0);
    });
  });
}

/** The messages of one rule, through the SDK's interface: unknown-checking proxies, configuration, `reportViolation`. */
export async function run(rule: Rule, resources: readonly Fixture[], settings: Record<string, unknown> = {}): Promise<string[]> {
  const reports = await runPolicies(
    makePolicies([rule], () => today),
    resources,
    { [rule.id]: settings },
  );
  const fix = `\nFix: ${rule.remediation}`;
  return reports.map(({ message }) => {
    if (!message.endsWith(fix)) {
      throw new Error(`expected the message to end with its remediation, got ${message}`);
    }
    return message.slice(0, -fix.length);
  });
}

export interface Report {
  readonly policy: string;
  readonly message: string;
  readonly urn: string | undefined;
}

export function urnOf({ type, name = "it" }: Pick<Fixture, "type" | "name">): string {
  return `urn:pulumi:test::gatehouse::${type}::${name}`;
}

/** Runs policies as the SDK's server does: per resource in their order, then over the stack. */
export async function runPolicies(
  policies: Policies,
  resources: readonly Fixture[],
  configuration: Record<string, Record<string, unknown>> = {},
): Promise<Report[]> {
  const reports: Report[] = [];
  const stackTags = new Map<string, string>();
  const notApplicable = (reason?: string): never => {
    throw new Error(reason);
  };
  const reporter =
    (policy: string, own?: string) =>
    (message: string, urn?: string): void => {
      reports.push({ policy, message, urn: urn ?? own });
    };
  for (const fixture of resources) {
    for (const policy of policies) {
      if (!("validateResource" in policy) || typeof policy.validateResource !== "function") {
        continue;
      }
      const args: ResourceValidationArgs = {
        ...common(fixture),
        stackTags,
        notApplicable,
        getConfig: <T extends object>() => (configuration[policy.name] ?? {}) as T,
      };
      await policy.validateResource(args, reporter(policy.name, args.urn));
    }
  }
  const stack = resources.map((fixture): PolicyResource => ({ ...common(fixture), dependencies: [], propertyDependencies: {} }));
  for (const [index, resource] of stack.entries()) {
    for (const [property, names] of Object.entries(resources[index]?.from ?? {})) {
      resource.propertyDependencies[property] = names.map((name) => {
        const source = stack.find((candidate) => candidate.name === name);
        if (source === undefined) {
          throw new Error(`expected a resource named ${name} in the fixture`);
        }
        return source;
      });
    }
  }
  for (const policy of policies) {
    if (!("validateStack" in policy)) {
      continue;
    }
    const args: StackValidationArgs = {
      resources: stack,
      stackTags,
      notApplicable,
      getConfig: <T extends object>() => (configuration[policy.name] ?? {}) as T,
    };
    await policy.validateStack(args, reporter(policy.name));
  }
  return reports;
}

function common({ type, name = "it", props, provider }: Fixture) {
  return {
    type,
    name,
    urn: urnOf({ type, name }),
    props: unknownCheckingProxy(props),
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    isType: () => false,
    asType: () => undefined,
    ...(provider === undefined
      ? {}
      : {
          provider: {
            type: "pulumi:providers:test",
            name: "test",
            urn: "urn:pulumi:test::gatehouse::pulumi:providers:test::test",
            props: unknownCheckingProxy(provider),
          },
        }),
  };
}

function split(path: string): string[] {
  return path.split(" > ");
}

/** A copy with one value below `props` of a resource replaced or removed. */
function change(resources: readonly Fixture[], [index = "", ...path]: readonly string[], value: unknown): Fixture[] {
  return resources.map((fixture, position) =>
    position === Number(index) ? { ...fixture, props: replace(fixture.props, path, value) as Fixture["props"] } : fixture,
  );
}

function replace(holder: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (Array.isArray(holder)) {
    const copy = [...(holder as unknown[])];
    copy[Number(step)] = replace(copy[Number(step)], rest, value);
    return copy;
  }
  const copy = new Map<string, unknown>(typeof holder === "object" && holder !== null ? Object.entries(holder) : []);
  const next = replace(copy.get(step), rest, value);
  if (next === undefined) {
    copy.delete(step);
  } else {
    copy.set(step, next);
  }
  return Object.fromEntries(copy);
}

/** Paths of every value below an object, containers included. */
function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) {
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    yield [...path, key];
    yield* pathsOf(child, [...path, key]);
  }
}
