import { GatehouseError } from "../model/text/errors";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { ControlId } from "./controls";
import type { Properties } from "./value";

/** What a violation of a rule can lead to. */
export type Severity = "low" | "medium" | "high" | "critical";
/** `mandatory` stops the preview and the update; `advisory` prints a warning. */
export type Level = "mandatory" | "advisory";

/** One threshold of a rule: its default, and the JSON schema that the engine holds a pack configuration to. */
export interface Setting<T> {
  readonly default: T;
  readonly schema: PolicyConfigJSONSchema;
}
export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type SettingValues<S extends Settings> = { readonly [K in keyof S]: S[K]["default"] };

/** A resource as rules see it: plain JSON with unknowns marked (`UNKNOWN`), never the SDK's proxy. */
export interface Subject {
  /** Type token, for example `okta:app/oAuth:OAuth`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Properties;
  /** The inputs of the provider that manages it; empty when the engine does not say. */
  readonly provider: Properties;
  /** Only for stack rules: property name to the URNs it was computed from. Known at preview even where the value is not. */
  readonly from: Readonly<Record<string, readonly string[]>>;
}

/** What a rule found. The message says where, what was expected and what came; it never holds a secret. */
export interface Finding {
  readonly message: string;
  /** The resource at fault; a rule over one resource leaves it out. */
  readonly urn?: string;
}

/** What a rule may look at besides the resource. `now` is given, so that tests can stop the clock. */
export interface Circumstances {
  readonly now: Date;
}

interface RuleDescription<S extends Settings> {
  /** Stable name: used in configuration, exceptions and documents. */
  readonly id: string;
  /** Number in the list of candidate rules; several rules may serve one candidate, and a few have none. */
  readonly candidate?: number;
  readonly title: string;
  readonly severity: Severity;
  /** Level when the configuration does not say. */
  readonly level: Level;
  /** Why: the attack or outage that it prevents, with the vendor behaviour behind it. */
  readonly rationale: string;
  /** What to change. */
  readonly remediation: string;
  /** Keys of `controls.ts`; only controls whose wording was checked are there. */
  readonly controls: readonly ControlId[];
  /** How it behaves when a value is not known at preview. */
  readonly unknowns: string;
  /** Type tokens that it judges. A pattern where a provider has many versions of one kind. */
  readonly types: readonly (string | RegExp)[];
  readonly settings: S;
}

/** A rule that judges one resource at a time: it can stop a resource before it is created. */
export interface ResourceRule<S extends Settings = Settings> extends RuleDescription<S> {
  readonly scope: "resource";
  check(resource: Subject, settings: SettingValues<S>, circumstances: Circumstances): readonly Finding[] | Promise<readonly Finding[]>;
}

/** A rule over several resources. It sees only resources of `types`. At an update it runs last, so it stops creation only at preview. */
export interface StackRule<S extends Settings = Settings> extends RuleDescription<S> {
  readonly scope: "stack";
  check(resources: readonly Subject[], settings: SettingValues<S>, circumstances: Circumstances): readonly Finding[];
}

export type Rule = ResourceRule | StackRule;

/** Typed constructors: `check` sees its own settings, the list of rules sees `Rule`. */
export function resourceRule<S extends Settings>(rule: Omit<ResourceRule<S>, "scope">): ResourceRule<S> {
  return { ...rule, scope: "resource" };
}
export function stackRule<S extends Settings>(rule: Omit<StackRule<S>, "scope">): StackRule<S> {
  return { ...rule, scope: "stack" };
}

/** Whether a rule judges resources of this type token. */
export function judges(rule: Rule, type: string): boolean {
  return rule.types.some((pattern) => (typeof pattern === "string" ? pattern === type : pattern.test(type)));
}

/** A rule's configuration that cannot be used. The engine checks types only: it lets a misspelt name pass, and an expression that is none. */
export class MalformedSettingError extends GatehouseError<"malformed_setting"> {
  override readonly name = "MalformedSettingError";
  constructor(rule: string, setting: string, expected: string) {
    super("malformed_setting", "refused", `The policy configuration of ${rule} cannot be used: ${setting}: expected ${expected}`);
  }
}

/**
 * The configured settings over the defaults.
 * @throws MalformedSettingError for a setting that the rule does not have: a threshold that silently does not hold is worse than none
 */
export function settingsOf(rule: Rule, configured: Readonly<Record<string, unknown>>): SettingValues<Settings> {
  for (const [name, value] of Object.entries(configured)) {
    const known = rule.settings[name];
    if (known === undefined) {
      const names = Object.keys(rule.settings).join(", ");
      throw new MalformedSettingError(rule.id, name, names === "" ? "no setting (the rule has none)" : `one of ${names}`);
    }
    if (name.endsWith("Pattern")) {
      try {
        new RegExp(String(value));
      } catch {
        throw new MalformedSettingError(rule.id, name, `a regular expression, got ${show(value)}`);
      }
    }
  }
  return Object.fromEntries(Object.entries(rule.settings).map(([name, setting]) => [name, configured[name] ?? setting.default]));
}

/** `path: expected …, got …`. `got` is shown as JSON, shortened; never pass a secret. */
export function mismatch(path: string, expected: string, got: unknown): Finding {
  return { message: `${path}: expected ${expected}, got ${show(got)}` };
}

/** A value as it appears in a message. */
export function show(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  if (typeof value === "symbol") {
    return "a value not known yet";
  }
  const shown = JSON.stringify(value, (_, inner: unknown) => (typeof inner === "symbol" ? "(not known yet)" : inner));
  // A URL may carry a password before its host.
  const safe = shown.replace(/\/\/[^/@\s"]+@/g, "//(hidden)@");
  return safe.length > 160 ? `${safe.slice(0, 157)}...` : safe;
}
