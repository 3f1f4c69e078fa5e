/**
 * CEL of an API server's AuthenticationConfiguration: the language is a library, Kubernetes' own functions are the files beside this one.
 * What cannot be judged as the API server would is refused (`undecided.ts`), never guessed.
 */
import type { Environment as CelEnvironment, ParseResult } from "@marcbachmann/cel-js";
import { type JsonNode, type JsonObject } from "../../go/json";
import { checkedType } from "./checker";
import { asWritten } from "./escapes";
import { Library } from "./library";
import { grammarProblem } from "./grammar";
import { withTypedKeys } from "./literals";
import { withEquality, withIndexes, withOpenAlternatives, withPresence, withRanges } from "./ranges";
import { undecided, Undecided } from "./undecided";
import { asWholeClaims, valuesOfClaims } from "./whole-claims";
import type { KubernetesUser } from "../rules";

export { notEvaluated } from "./escapes";

/** What an expression says: a plain value, or why it says none. */
export interface Evaluated {
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * CEL as the API server's authentication configuration has it (k8s.io/apiserver v0.36.3, pkg/authentication/cel/compile.go and
 * pkg/cel/environment/base.go): `claims` is a map of anything, `user` is the four fields of a user; optional types, numbers of different
 * types compare, literals of one type. The language is @marcbachmann/cel-js; Kubernetes' functions are in the files beside this one, registered by library.ts.
 */
export class Cel {
  /** Parsed twice: as it is checked, and as it is evaluated, where what stands for the claims as a whole is another value. */
  private readonly compiled = { checked: new Map<string, ParseResult>(), evaluated: new Map<string, ParseResult>() };
  private readonly values = new WeakMap<JsonObject, unknown>();
  private constructor(
    private readonly environments: { readonly claims: CelEnvironment; readonly user: CelEnvironment },
    private readonly library: Library,
  ) {}

  private static loaded: Promise<Cel> | undefined;

  /** The language is loaded when the first expression needs it: most verdicts need none. */
  static load(): Promise<Cel> {
    Cel.loaded ??= Promise.all([import("@marcbachmann/cel-js"), import("@marcbachmann/cel-js/evaluator"), import("re2js")]).then(
      ([{ Environment, Optional }, { Duration }, { RE2JS }]) => {
        const library = new Library(Optional, RE2JS, Duration);
        const base = (): CelEnvironment =>
          library.register(
            new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false }),
          );
        const claims = base().registerVariable("claims", "map<string, dyn>").registerVariable(valuesOfClaims, "list<dyn>");
        const user = base().registerVariable("user", {
          schema: { username: "string", uid: "string", groups: "list<string>", extra: "map<string, list<string>>" },
        });
        return new Cel({ claims, user }, library);
      },
    );
    return Cel.loaded;
  }

  /**
   * Whether an expression compiles; undefined when it does, else why not.
   * @param boolean validation rules must be true or false
   * @throws InvalidRulesError where the API server knows, and this evaluator does not
   */
  problem(expression: string, variable: "claims" | "user", boolean: boolean): string | undefined {
    try {
      const problem = grammarProblem(expression);
      if (problem !== undefined) {
        return problem;
      }
      const parsed = this.parsed(expression, variable);
      const type = checkedType(parsed.ast, variable);
      const { valid, error } = parsed.check();
      if (!valid) {
        throw new Undecided(`an operation that the evaluator does not know for these types (${firstLine(error)})`);
      }
      this.evaluable(expression, variable);
      return boolean && type !== "bool" ? `must evaluate to bool, is ${type}` : undefined;
    } catch (error) {
      if (error instanceof Undecided) {
        throw undecided(error.message, expression);
      }
      return firstLine(error);
    }
  }

  /** Evaluates an expression over the claims of a token. */
  overClaims(expression: string, claims: JsonObject): Evaluated {
    const value = this.values.get(claims) ?? celValue(claims);
    this.values.set(claims, value);
    return this.evaluate(expression, "claims", { claims: value, [valuesOfClaims]: value instanceof Map ? [...value.values()] : [] });
  }

  /** Evaluates an expression over a user. */
  overUser(expression: string, user: KubernetesUser): Evaluated {
    return this.evaluate(expression, "user", { user });
  }

  private parsed(expression: string, variable: "claims" | "user"): ParseResult {
    return remembered(this.compiled.checked, `${variable} ${expression}`, () => this.parse(expression, variable));
  }

  private evaluable(expression: string, variable: "claims" | "user"): ParseResult {
    return remembered(this.compiled.evaluated, `${variable} ${expression}`, () => {
      const result = this.parse(expression, variable);
      asWholeClaims(result.ast);
      withTypedKeys(result.ast);
      withRanges(result.ast);
      withPresence(result.ast);
      withIndexes(result.ast);
      withEquality(result.ast);
      return result;
    });
  }

  private parse(expression: string, variable: "claims" | "user"): ParseResult {
    const environment = this.environments[variable];
    const result = environment.parse(asWritten(expression));
    const fault = this.library.adopt(result.ast, (constant) => problemOf(() => this.constant(constant, environment)));
    if (fault !== undefined) {
      throw new Error(fault);
    }
    withOpenAlternatives(result.ast);
    return result;
  }

  /** Evaluates a conversion of a literal, as Kubernetes' functions convert. @throws Error where it cannot be converted */
  private constant(expression: string, environment: CelEnvironment): void {
    const parsed = environment.parse(expression);
    this.library.adopt(parsed.ast, () => undefined);
    parsed({});
  }

  /** @throws InvalidRulesError where chance decides at the API server */
  private evaluate(expression: string, variable: "claims" | "user", context: Record<string, unknown>): Evaluated {
    const before = Undecided.raised;
    try {
      const value: unknown = this.evaluable(expression, variable)(context);
      return { value };
    } catch (error) {
      // `a || b` has a value although `a` is not decided, when `b` is true; where it fails, what was not decided may be why.
      if (error instanceof Undecided || Undecided.raised > before) {
        throw undecided(error instanceof Undecided ? error.message : "what chance decides", expression);
      }
      const reason = firstLine(error);
      if (/must be optional|'(?:type|optional)\./.test(reason)) {
        throw undecided("a value of another type than the function's", expression);
      }
      return { error: reason };
    }
  }
}

function remembered(known: Map<string, ParseResult>, key: string, make: () => ParseResult): ParseResult {
  const result = known.get(key) ?? make();
  known.set(key, result);
  return result;
}

/**
 * Objects become maps: a claim may be called as what every JavaScript object has. A number is a double, as `encoding/json` reads it.
 * Without recursion: claims may nest 10,000 deep.
 */
function celValue(root: JsonNode): unknown {
  const holder: unknown[] = [];
  const open: { readonly node: JsonNode; readonly put: (value: unknown) => void }[] = [{ node: root, put: (value) => holder.push(value) }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, put } = next;
    if (node.type === "array") {
      const list: unknown[] = new Array(node.items.length).fill(null);
      put(list);
      node.items.forEach((item, index) =>
        open.push({
          node: item,
          put: (value) => {
            list[index] = value;
          },
        }),
      );
    } else if (node.type === "object") {
      const map = new Map<string, unknown>();
      put(map);
      // Set in their order at once; of one name the last counts.
      for (const [name, value] of new Map(node.members)) {
        map.set(name, null);
        open.push({
          node: value,
          put: (made) => {
            map.set(name, made);
          },
        });
      }
    } else {
      put(node.type === "null" ? null : node.type === "number" ? Number(node.text) : node.value);
    }
  }
  return holder[0];
}

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof Undecided) {
      throw error;
    }
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : "unknown reason";
  return message.split("\n")[0] ?? message;
}
