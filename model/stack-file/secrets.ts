/** Secrets that people wrote into a stack file: no message repeats one, wherever in the file it came from. */
import { withheld, type Problem } from "../text/problems";
import { isMapping } from "../text/mapping";

const secretName = /secret|password|passphrase|token|privatekey|credential|kubeconfig|apikey/i;
/** A shorter text is no secret, and would be found in half of all words. */
const shortestSecret = 6;

/** Texts that stand under a secret's name, anywhere in the file; a mapping of that name (idp.secret) holds settings. */
export function secretTexts(value: unknown, secret = false): string[] {
  if (typeof value === "string") {
    return secret && value.length >= shortestSecret ? [value] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => secretTexts(item, secret));
  }
  return isMapping(value) ? Object.entries(value).flatMap(([key, item]) => secretTexts(item, secretName.test(key))) : [];
}

/** The problem without any of these texts. */
export function withheldFrom(problem: Problem, secrets: readonly string[]): Problem {
  // What was received may have been cut, so its beginning counts as well.
  const holds = (text: string): boolean =>
    secrets.some((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, 60)));
  const { path, expected, received, fix } = problem;
  return {
    path: path.map((key) => (typeof key === "string" && holds(key) ? "(withheld)" : key)),
    expected: holds(expected) ? "another value" : expected,
    received: holds(received) ? withheld : received,
    ...(fix === undefined || holds(fix) ? {} : { fix }),
  };
}
