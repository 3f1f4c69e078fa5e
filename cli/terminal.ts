import { textLine } from "../model";
import type { Io } from "./io";

/** How long something may take without a word, and how often it is said afterwards. */
const patience = { first: 2_000, then: 15_000 } as const;

/**
 * What a person at a terminal has more than a pipeline: colour (no-color.org: none where NO_COLOR is set), and a word about each
 * program that runs for more than two seconds. A pipeline's log gets neither.
 */
export function atTerminal(io: Io): Io {
  if (io.terminal !== true) {
    return io;
  }
  const coloured = (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
  return {
    ...io,
    stderr: coloured ? (words) => io.stderr(paint(words)) : io.stderr,
    run: async (command, args, options) => {
      const begin = Date.now();
      const say = (): void =>
        io.stderr(`${textLine(`${[command, ...args].slice(0, 3).join(" ")} is running, ${Math.round((Date.now() - begin) / 1000)} s`)}\n`);
      let timer = setTimeout(() => {
        say();
        timer = setInterval(say, patience.then);
      }, patience.first);
      try {
        return await io.run(command, args, options);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const colours: readonly (readonly [pattern: RegExp, code: number])[] = [
  [/(: refused\b|^error:|^Internal fault:|\bThe token is bad\b|^Expected\b)/, 31],
  [/(\bwarning:|^Warning:)/, 33],
  [/(: accepted\b|\bThe token is accepted\b)/, 32],
];

/** The word that decides, in its line's colour. */
function paint(words: string): string {
  return words
    .split("\n")
    .map((line) => {
      const found = colours.find(([pattern]) => pattern.test(line));
      return found === undefined ? line : line.replace(found[0], `\u001b[${found[1]}m$1\u001b[0m`);
    })
    .join("\n");
}
