import fc from "fast-check";
import { cpuSeconds } from "../../cpu-seconds";

/**
 * Whatever anybody writes into what the verifier reads, it ends in an answer or in an error of the reader's own, and soon. A reader takes
 * milliseconds; the bound is wide so that only an effort that explodes passes it.
 */
const bound = 10;
export const runs = { numRuns: 400, seed: 13 } as const;

/** Runs a reader; an error is let through unless it is of the given kind. */
export async function endsWell(read: () => unknown, own?: new (...given: never[]) => Error): Promise<void> {
  const spent = await cpuSeconds(async () => {
    try {
      await read();
    } catch (error) {
      if (own === undefined || !(error instanceof own)) {
        throw error;
      }
    }
  });
  expect(spent).toBeLessThan(bound);
}

const surrogates = { first: 0xd800, count: 0x800 };
/** Any character. For `unit: "binary"` fast-check sets up a table: half a second, and 90 MB for as long as the process runs. */
export const anyCharacter = fc
  .nat(0x10ffff - surrogates.count)
  .map((code) => String.fromCodePoint(code < surrogates.first ? code : code + surrogates.count));
const anyCharacters = fc.string({ maxLength: 6, unit: anyCharacter });

/** A text of which a few stretches are cut out, doubled, or replaced by something strange. */
export function damaged(text: fc.Arbitrary<string>, strange: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(12),
    put: fc.oneof(fc.constantFrom("", ...strange), anyCharacters),
    again: fc.boolean(),
  });
  return fc.tuple(text, fc.array(change, { maxLength: 4 })).map(([whole, changes]) =>
    changes.reduce((left, { at, length, put, again }) => {
      const from = Math.floor(at * left.length);
      const stretch = left.slice(from, from + length);
      return left.slice(0, from) + put + (again ? stretch + stretch : "") + left.slice(from + length);
    }, whole),
  );
}

export const strangeJson = [
  '"',
  "{",
  "}",
  "[",
  "]",
  "null",
  "\\ud800",
  "\\u0000",
  "1e999",
  "-0",
  "\u0000",
  "\ufeff",
  ",",
  ":",
  "[[[[",
  "__proto__",
];
export const anyValue = fc.oneof(
  fc.constantFrom(null, "", "AQAB", "AQ", "AA", "A", "=", "\u0000", "\ud800", 0, -1, 1e21, "P-256", "P-521", "Ed25519", [], {}, [null]),
  fc.base64String({ maxLength: 400 }),
  fc.jsonValue({ maxDepth: 3 }),
);
