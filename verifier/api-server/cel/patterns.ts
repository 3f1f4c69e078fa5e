import { RE2JS } from "re2js";
import type { Define } from "./define";

/** Regular expressions are RE2's, in linear time: JavaScript's have other classes, and look around (pkg/cel/library/regex.go; Go's regexp). */
export function definePatterns(define: Define): void {
  const matches = (text: string, pattern: string): boolean => RE2JS.compile(pattern).matcher(text).find();
  define("matches(string, string): bool", matches);
  define("string.matches(string): bool", matches);
  define("string.find(string): string", (text: string, pattern: string) => found(text, pattern, 1)[0] ?? "");
  define("string.findAll(string): list<string>", (text: string, pattern: string) => found(text, pattern, Infinity));
  define("string.findAll(string, int): list<string>", (text: string, pattern: string, limit: bigint) =>
    found(text, pattern, limit < 0n ? Infinity : Number(limit)),
  );
}

/** Why a pattern is none; undefined when it is one. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "another reason";
  }
}

/** As Go finds all: an empty match right behind another one does not count. */
function found(text: string, pattern: string, limit: number): string[] {
  const matcher = RE2JS.compile(pattern).matcher(text);
  const all: string[] = [];
  let end = -1;
  while (all.length < limit && matcher.find()) {
    if (matcher.end() > matcher.start() || matcher.start() !== end) {
      all.push(matcher.group() ?? "");
    }
    end = matcher.end();
  }
  return all;
}
