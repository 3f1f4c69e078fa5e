import type { Define } from "./define";
import { goStrings } from "./lists";

/** What is asked of the package re2js, which is loaded with the language. */
export interface Re2 {
  compile(pattern: string): Pattern;
}
interface Pattern {
  matcher(text: string): { find(): boolean; start(): number; end(): number; group(): string | null };
}

/** Regular expressions are RE2's, in linear time: JavaScript's have other classes, and look around (pkg/cel/library/regex.go; Go's regexp). */
export function definePatterns(define: Define, RE2: Re2): void {
  const matches = (text: string, pattern: string): boolean => RE2.compile(pattern).matcher(text).find();
  define("matches(string, string): bool", matches);
  define("string.matches(string): bool", matches);
  define("string.find(string): string", (text: string, pattern: string) => found(RE2.compile(pattern), text, 1)[0] ?? "");
  define("string.findAll(string): list<string>", (text: string, pattern: string) => goStrings(found(RE2.compile(pattern), text, Infinity)));
  define("string.findAll(string, int): list<string>", (text: string, pattern: string, limit: bigint) =>
    goStrings(found(RE2.compile(pattern), text, limit < 0n ? Infinity : Number(limit))),
  );
}

/** Why a pattern is none; undefined when it is one. */
export function patternProblem(pattern: string, RE2: Re2): string | undefined {
  try {
    RE2.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "another reason";
  }
}

/** As Go finds all: an empty match right behind another one does not count. */
function found(pattern: Pattern, text: string, limit: number): string[] {
  const matcher = pattern.matcher(text);
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
