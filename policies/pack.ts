import type { Policies, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { controls } from "./controls";
import { applyExceptions, exceptionsFor, isOver, parseExceptions, type Exception } from "./exceptions";
import { judges, settingsOf, type Finding, type ResourceRule, type Rule, type StackRule, type Subject } from "./rule";
import { snapshotProperties } from "./value";

/** Name of the policy that holds the exceptions of the whole pack. */
export const exceptionsPolicy = "gatehouse-exceptions";

/** What the SDK gives a policy of one resource; the part that the pack uses. */
interface ResourceArguments {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  readonly provider?: { readonly props: Record<string, unknown> } | undefined;
}

interface StackResource extends ResourceArguments {
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/**
 * The rules as CrossGuard policies. `exceptionsPolicy` comes first, because the SDK runs policies in order: it reads the exceptions that
 * all later policies obey. `clock` is given so that tests can stop it.
 */
export function makePolicies(rules: readonly Rule[], clock: () => Date = () => new Date()): Policies {
  const register = new ExceptionRegister(
    rules.map(({ id }) => id),
    clock,
  );
  return [
    register.policy(),
    ...rules.map((rule) => (rule.scope === "resource" ? resourcePolicy(rule, register, clock) : stackPolicy(rule, register, clock))),
  ];
}

function resourcePolicy(rule: ResourceRule, register: ExceptionRegister, clock: () => Date): ResourceValidationPolicy {
  return {
    ...description(rule),
    validateResource: async (args, reportViolation) => {
      if (!judges(rule, args.type)) {
        return;
      }
      const findings = await rule.check(subjectOf(args), settingsOf(rule, args.getConfig()), { now: clock() });
      for (const finding of findings) {
        register.report(rule, finding, { name: args.name, urn: args.urn }, reportViolation);
      }
    },
  };
}

function stackPolicy(rule: StackRule, register: ExceptionRegister, clock: () => Date): StackValidationPolicy {
  return {
    ...description(rule),
    validateStack: (args, reportViolation) => {
      const judged = args.resources.filter(({ type }) => judges(rule, type));
      if (judged.length === 0) {
        return;
      }
      const names = new Map(judged.map(({ urn, name }) => [urn, name]));
      for (const finding of rule.check(judged.map(subjectOf), settingsOf(rule, args.getConfig()), { now: clock() })) {
        const urn = finding.urn ?? "";
        register.report(rule, finding, { name: names.get(urn) ?? "", urn }, reportViolation);
      }
    },
  };
}

function description(rule: Rule): Omit<ResourceValidationPolicy, "validateResource"> {
  return {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    enforcementLevel: rule.level,
    severity: rule.severity,
    remediationSteps: rule.remediation,
    tags: rule.controls.map((control) => `${controls[control].standard} ${controls[control].number}`),
    configSchema: { properties: Object.fromEntries(Object.entries(rule.settings).map(([name, { schema }]) => [name, schema])) },
  };
}

/** A resource as rules see it, with the SDK's proxies replaced by snapshots. */
function subjectOf(resource: ResourceArguments | StackResource): Subject {
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    properties: snapshotProperties(resource.props),
    provider: resource.provider === undefined ? {} : snapshotProperties(resource.provider.props),
    from:
      "propertyDependencies" in resource
        ? Object.fromEntries(
            Object.entries(resource.propertyDependencies).map(([property, sources]) => [property, sources.map(({ urn }) => urn)]),
          )
        : {},
  };
}

/** The exceptions in force. They come with the configuration of their own policy, once the engine has sent it. */
class ExceptionRegister {
  private exceptions: readonly Exception[] = [];

  constructor(
    private readonly ruleIds: readonly string[],
    private readonly clock: () => Date,
  ) {}

  report(rule: Rule, finding: Finding, resource: { name: string; urn: string }, reportViolation: ReportViolation): void {
    const verdict = applyExceptions(this.exceptions, rule.id, resource, this.clock());
    if (verdict.state === "active") {
      return;
    }
    const expired = verdict.state === "expired" ? `\nThe exception of ${verdict.exception.owner} ended on ${verdict.exception.until}.` : "";
    const message = `${finding.message}\nFix: ${rule.remediation}${expired}`;
    if (finding.urn === undefined) {
      reportViolation(message);
    } else {
      reportViolation(message, finding.urn);
    }
  }

  /** Says which exceptions each resource uses: an exception works silently nowhere. Without this policy (level disabled) none works. */
  policy(): ResourceValidationPolicy & StackValidationPolicy {
    return {
      name: exceptionsPolicy,
      displayName: "Exceptions have an owner, a reason and an end",
      description: "Exceptions in force, and exceptions that are over",
      enforcementLevel: "advisory",
      severity: "low",
      configSchema: { properties: { exceptions: exceptionsSchema } },
      validateResource: (args, reportViolation) => {
        this.load(args.getConfig());
        for (const exception of exceptionsFor(this.exceptions, args)) {
          const state = isOver(exception, this.clock()) ? "is over since" : "is excepted until";
          reportViolation(`${exception.rule} ${state} ${exception.until} (${exception.owner}: ${exception.reason})`);
        }
      },
      validateStack: (args) => this.load(args.getConfig()),
    };
  }

  private load(configuration: { exceptions?: unknown }): void {
    this.exceptions = parseExceptions(configuration.exceptions, this.ruleIds);
  }
}

const word: PolicyConfigJSONSchema = { type: "string", minLength: 1 };
const exceptionsSchema: PolicyConfigJSONSchema = {
  type: "array",
  description: "Permissions to break a rule: rule, resource (URN or name, * as wildcard), owner, reason, until (YYYY-MM-DD, UTC).",
  items: {
    type: "object",
    properties: { rule: word, resource: word, owner: word, reason: word, until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" } },
    required: ["rule", "resource", "owner", "reason", "until"],
    additionalProperties: false,
  },
};
