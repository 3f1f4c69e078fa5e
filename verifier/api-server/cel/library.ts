import { isUtf8 } from "node:buffer";
import type { ASTNode, Environment, Optional as CelOptional } from "@marcbachmann/cel-js";
import type { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { Address, defineAddresses, Network } from "./addresses";
import type { Define } from "./define";
import { nodesOf } from "./nodes";
import { definePatterns, patternProblem, type Re2 } from "./patterns";
import { defineFormats, Format } from "./formats";
import { isPlain, text } from "./formatted";
import { defineLists } from "./lists";
import { defineMacros } from "./macros";
import { defineQuantities, Quantity } from "./quantities";
import { defineSemvers, Semver } from "./semvers";
import { defineTexts } from "./texts";
import { defineTimes } from "./times";
import { Undecided } from "./undecided";
import { defineUrls, GoUrl } from "./urls";

/** What stands before a dot and is no value. */
const namespaces = ["strings", "lists", "sets", "format", "ip"];
/** In front of the names of our own, so that what cel-js has under the same name answers nothing. */
const prefix = "k8s_";
/** What cel-js has and Kubernetes has not. */
const absent = ["json/0", "hex/0", "base64/0", "at/1", "string/0", "bind/3"];
/** Conversions of a constant are made when the expression is compiled (cel-go's optimizer), so that a bad one refuses the configuration. */
const conversions = ["bool", "bytes", "double", "duration", "int", "string", "timestamp", "uint"];

/** A time zone is one that the machine knows by its name; cel-js knows no offsets. */
const zoned = /^get(?:FullYear|Month|Date|DayOf\w+|Hours|Minutes|Seconds|Milliseconds)$/;
/** Functions whose results index nothing. */
const unindexable = ["bytes", "duration", "timestamp", "type"];

/** The functions of Kubernetes' CEL: k8s.io/apiserver v0.36.3, pkg/cel/environment/base.go. */
export class Library {
  private readonly ours = new Set<string>();

  constructor(
    private readonly Optional: typeof CelOptional,
    private readonly RE2: Re2,
    private readonly Made: typeof Duration,
  ) {}

  /** Adds them, with their types, to an environment. */
  register(environment: Environment): Environment {
    for (const [name, type] of Object.entries({ IP: Address, CIDR: Network, URL: GoUrl, Quantity, Semver })) {
      environment.registerType(name, type);
      environment.registerOperator(`${name} == ${name}`, (left: Address, right: unknown) => left.equals(right));
    }
    environment.registerType("Format", Format);
    for (const name of namespaces) {
      const Namespace = class extends Map<never, never> {};
      environment.registerType(namespaceType(name), Namespace);
      environment.registerConstant(name, namespaceType(name), new Namespace());
    }
    const define: Define = (signature, handler) => this.define(environment, signature, handler);
    defineTexts(define);
    defineLists(define);
    definePatterns(define, this.RE2);
    defineUrls(define);
    defineAddresses(define);
    defineQuantities(define);
    defineSemvers(define);
    defineFormats(define, this.Optional);
    defineTimes(define, this.Made);
    this.defineOptionals(define);
    for (const type of ["string", "bool", "int", "uint", "double", "bytes", "google.protobuf.Timestamp", "google.protobuf.Duration"]) {
      define(`string(${type}): string`, text);
    }
    defineNumbers(define);
    defineMacros(environment, this.Optional);
    return environment;
  }

  private define(environment: Environment, signature: string, handler: (...args: unknown[]) => unknown): void {
    const [, receiver, name = "", args = "", result = ""] = /^(?:(.+)\.)?(\w+)\((.*)\): (.+)$/.exec(signature) ?? [];
    const count = args === "" ? 0 : args.replace(/<[^>]*>/g, "").split(",").length;
    this.ours.add(`${receiver === undefined ? "" : "."}${name}/${count}`);
    const namespace = receiver !== undefined && (namespaces.includes(receiver) || receiver === "OptionalNamespace");
    const target = receiver === undefined ? "" : `${namespace && receiver !== "OptionalNamespace" ? namespaceType(receiver) : receiver}.`;
    environment.registerFunction(
      `${target}${prefix}${name}(${args}): ${result}`,
      namespace ? (_namespace: unknown, ...rest: unknown[]) => handler(...rest) : handler,
      { async: false },
    );
  }

  private defineOptionals(define: Define): void {
    const { Optional } = this;
    const unwrapped = (list: CelOptional[]): unknown[] => list.filter((item) => item.hasValue()).map((item) => item.value());
    define("OptionalNamespace.ofNonZeroValue(A): optional<A>", (value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)));
    define("OptionalNamespace.unwrap(list<optional<A>>): list<A>", unwrapped);
    define("list<optional<A>>.unwrapOpt(): list<A>", unwrapped);
    define("list<A>.first(): optional<A>", (list: unknown[]) => Optional.of(list[0]));
    define("list<A>.last(): optional<A>", (list: unknown[]) => Optional.of(list.at(-1)));
  }

  /**
   * Turns the calls of an expression that was parsed towards Kubernetes' functions, before anything is checked.
   * @returns why the API server refuses the expression; undefined when nothing was found
   */
  adopt(root: ASTNode, constant: (expression: string) => string | undefined): string | undefined {
    for (const node of nodesOf(root)) {
      if ((node.op === "[]" || node.op === "[?]") && isNoIndex(node.args[1])) {
        return "invalid qualifier type";
      }
      if (node.op !== "call" && node.op !== "rcall") {
        continue;
      }
      const parts = node.args as [string, ...unknown[]];
      const [name] = parts;
      const args = parts.at(-1) as ASTNode[];
      if (node.op === "rcall" && args.length === 1 && zoned.test(name) && !/^(?:UTC|[A-Z]\w+\/\w+)$/.test(String(literal(args[0])))) {
        throw new Undecided(`${name}() in a time zone`);
      }
      if (node.op === "rcall" && absent.includes(`${name}/${args.length}`)) {
        return `undeclared reference to '${name}'`;
      }
      // The first argument of matches(text, pattern) is looked at too, though it is the text.
      const patterns = ["matches", "find", "findAll"].includes(name) ? args.slice(0, 2).map(literal) : [];
      const fault = patterns.map((each) => (typeof each === "string" ? patternProblem(each, this.RE2) : undefined)).find(Boolean);
      if (fault !== undefined) {
        return `invalid ${name} argument: ${fault}`;
      }
      if (node.op === "call" && name === "string" && args[0]?.op === "value" && problemOfBytes(args[0].args) !== undefined) {
        return problemOfBytes(args[0].args);
      }
      const failed = isConversion(node) && isConstant(args[0]) ? constant(root.input.slice(node.start, node.end)) : undefined;
      if (failed !== undefined) {
        return failed;
      }
      if (this.ours.has(`${node.op === "rcall" ? "." : ""}${name}/${args.length}`)) {
        parts[0] = prefix + name;
      }
    }
    return undefined;
  }
}

function isConversion(node: ASTNode): boolean {
  return node.op === "call" && node.args[1].length === 1 && conversions.includes(node.args[0].replace(prefix, ""));
}

/** A literal, or a conversion of one: cel-go's planner evaluates it, from the inside out. */
function isConstant(node: ASTNode | undefined): boolean {
  switch (node?.op) {
    case "value":
      return true;
    case "list":
      return node.args.every(isConstant);
    case "map":
      return node.args.flat().every(isConstant);
    case "call":
      return (isConversion(node) || ["dyn", "type"].includes(node.args[0])) && node.args[1].every(isConstant);
    default:
      return literal(node) !== undefined;
  }
}

/** What stands in brackets, and is known before, must be a text, a number or a bool (cel-go v0.26.0, interpreter/attributes.go). */
function isNoIndex(node: ASTNode): boolean {
  return (
    isConstant(node) &&
    (node.op === "list" ||
      node.op === "map" ||
      (node.op === "value" && (node.args === null || node.args instanceof Uint8Array)) ||
      (node.op === "call" &&
        (node.args[0] === "dyn" ? node.args[1].some(isNoIndex) : unindexable.includes(node.args[0].replace(prefix, "")))))
  );
}

/** Bytes that are no UTF-8 have no text, which is found when the expression is compiled. */
function problemOfBytes(value: unknown): string | undefined {
  return value instanceof Uint8Array && !isUtf8(value) ? "invalid UTF-8 in bytes, cannot convert to string" : undefined;
}

function literal(node: ASTNode | undefined): string | bigint | number | boolean | null | undefined {
  // `-1` is a literal, `-(1)` an operation.
  const negative = node?.op === "-_" && node.args.start === node.start + 1 ? literal(node.args) : undefined;
  if (typeof negative === "bigint" || typeof negative === "number") {
    return -negative;
  }
  const value: unknown = node?.op === "value" ? node.args : undefined;
  return typeof value === "object" && value !== null ? undefined : (value as string | bigint | number | boolean | null | undefined);
}

/** `int(…)`: as Go reads a number, within 64 bits. */
function defineNumbers(define: Define): void {
  const within = (value: bigint): bigint => {
    if (BigInt.asIntN(64, value) !== value) {
      throw new Error("integer overflow");
    }
    return value;
  };
  define("int(int): int", (value: bigint) => value);
  define("int(uint): int", (value: UnsignedInt) => within(value.value));
  define("int(double): int", (value: number) => {
    if (!(Math.abs(value) < 2 ** 63)) {
      throw new Error("integer overflow");
    }
    return BigInt(Math.trunc(value));
  });
  define("int(string): int", (value: string) => {
    if (!/^[+-]?[0-9]+$/.test(value)) {
      throw new Error("type conversion error from 'string' to 'int'");
    }
    return within(BigInt(value.replace(/^\+/, "")));
  });
  define("int(google.protobuf.Timestamp): int", (value: Date) => BigInt(Math.floor(value.getTime() / 1000)));
  define("int(google.protobuf.Duration): int", (value: Duration) => value.seconds * 1_000_000_000n + BigInt(value.nanos));
}

function namespaceType(name: string): string {
  return `Namespace.${name}`;
}

function isZero(value: unknown): boolean {
  const size = Array.isArray(value)
    ? value.length
    : value instanceof Map
      ? value.size
      : value instanceof Uint8Array
        ? value.length
        : isPlain(value)
          ? Object.keys(value).length
          : undefined;
  return (
    value === null ||
    value === "" ||
    value === false ||
    size === 0 ||
    (size === undefined && typeof value !== "string" && !(value instanceof Date) && Number(value) === 0)
  );
}
