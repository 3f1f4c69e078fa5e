import type { Environment as CelEnvironment, ParseResult } from "@marcbachmann/cel-js";
import { type JsonNode, type JsonObject } from "../../go/json";
import { comprehensionOverAny, isBoolByDefault } from "./any";
import { asWritten, valuesOfClaims } from "./escapes";
import { Library } from "./library";
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
  private readonly compiled = { claims: new Map<string, ParseResult>(), user: new Map<string, ParseResult>() };
  private readonly values = new WeakMap<JsonObject, unknown>();
  private constructor(
    private readonly environments: { readonly claims: CelEnvironment; readonly user: CelEnvironment },
    private readonly library: Library,
  ) {}

  private static loaded: Promise<Cel> | undefined;

  /** The language is loaded when the first expression needs it: most verdicts need none. */
  static load(): Promise<Cel> {
    Cel.loaded ??= Promise.all([import("@marcbachmann/cel-js"), import("re2js")]).then(([{ Environment, Optional }, { RE2JS }]) => {
      const library = new Library(Optional, RE2JS);
      const base = (): CelEnvironment =>
        library.register(
          new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: true }),
        );
      const claims = base().registerVariable("claims", "map<string, dyn>").registerVariable(valuesOfClaims, "list<dyn>");
      const user = base().registerVariable("user", {
        schema: { username: "string", uid: "string", groups: "list<string>", extra: "map<string, list<string>>" },
      });
      return new Cel({ claims, user }, library);
    });
    return Cel.loaded;
  }

  /**
   * Whether an expression compiles; undefined when it does, else why not.
   * @param boolean validation rules must be true or false
   */
  problem(expression: string, variable: "claims" | "user", boolean: boolean): string | undefined {
    try {
      const { valid, type, error } = this.compile(expression, variable).check();
      if (!valid) {
        return firstLine(error);
      }
      const { ast } = this.compile(expression, variable);
      const over = comprehensionOverAny(ast) ?? this.library.refusal(ast);
      if (over !== undefined) {
        return over;
      }
      return boolean && type !== "bool" && !isBoolByDefault(ast) ? `must evaluate to bool, is ${type ?? "unknown"}` : undefined;
    } catch (error) {
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

  private compile(expression: string, variable: "claims" | "user"): ParseResult {
    const known = this.compiled[variable].get(expression);
    if (known !== undefined) {
      return known;
    }
    const environment = this.environments[variable];
    const result = environment.parse(asWritten(expression));
    const fault = this.library.adopt(result.ast, (name, value) =>
      problemOf(() => environment.evaluate(`${name}(${typeof value === "string" ? JSON.stringify(value) : String(value)})`)),
    );
    if (fault !== undefined) {
      throw new Error(fault);
    }
    this.compiled[variable].set(expression, result);
    return result;
  }

  private evaluate(expression: string, variable: "claims" | "user", context: Record<string, unknown>): Evaluated {
    try {
      const value: unknown = this.compile(expression, variable)(context);
      return { value };
    } catch (error) {
      return { error: firstLine(error) };
    }
  }
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
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : "unknown reason";
  return message.split("\n")[0] ?? message;
}
