// Random strings by character class, with the classes and the meaning of the limits of terraform-provider-random
// (docs/resources/password.md there).
import { randomInt } from "node:crypto";

const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const upperCase = lowerCase.toUpperCase();
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

/** Which characters to draw from, and how many of each class there must be at least. */
export interface CharacterRules {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  /** Used instead of the usual special characters, when not empty. */
  readonly overrideSpecial: string;
}

/**
 * Draws a string from the operating system's random source.
 *
 * @param pick gives an integer from 0 up to, not including, its argument
 * @throws Error when no class is on, or the least counts do not fit the length
 */
export function randomCharacters(rules: CharacterRules, pick: (below: number) => number = randomInt): string {
  const classes = [
    { on: rules.lower, characters: lowerCase, least: rules.minLower },
    { on: rules.upper, characters: upperCase, least: rules.minUpper },
    { on: rules.numeric, characters: digits, least: rules.minNumeric },
    { on: rules.special, characters: rules.overrideSpecial || specialCharacters, least: rules.minSpecial },
  ];
  const least = classes.reduce((sum, { least: count }) => sum + count, 0);
  if (least > rules.length) {
    throw new Error(`length: expected at least ${least}, the sum of the minimum counts, got ${rules.length}`);
  }
  const all = classes
    .filter(({ on }) => on)
    .map(({ characters }) => characters)
    .join("");
  if (all === "" && rules.length > least) {
    throw new Error("expected at least one of lower, upper, numeric, special to be true, got none");
  }
  const draw = (characters: string): string => characters.charAt(pick(characters.length));
  const drawn = classes.flatMap(({ characters, least: count }) => Array.from({ length: count }, () => draw(characters)));
  while (drawn.length < rules.length) {
    drawn.push(draw(all));
  }
  return shuffled(drawn, pick).join("");
}

function shuffled(characters: string[], pick: (below: number) => number): string[] {
  const result = [...characters];
  for (let index = result.length - 1; index > 0; index--) {
    const other = pick(index + 1);
    [result[index], result[other]] = [result[other] ?? "", result[index] ?? ""];
  }
  return result;
}
