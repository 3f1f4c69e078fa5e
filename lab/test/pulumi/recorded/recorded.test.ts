// The stand-ins answer what the official plugins answered: every request of shared/recordings/provider-conversations is asked again.
import { withoutPauses } from "../../builtins";
import { knownDifferences } from "./known-differences";
import { conversations, recordedStacks } from "./conversation";
import { replayStack } from "./replay-stack";

withoutPauses();
const stacks = recordedStacks();

if (stacks === undefined) {
  test("the official plugins' conversations are there", () => {
    const message = `provider conversations: expected them in ${conversations} (GATEHOUSE_RECORDINGS names the folder beside it), got none`;
    if (process.env.CI === "true") {
      throw new Error(message);
    }
    process.stderr.write(`${message}: not run\n`);
    expect(stacks).toBeUndefined();
  });
} else {
  const seen = new Set<string>();

  test.each(stacks)("%s", async (stack) => {
    const { asked, found } = await replayStack(stack);
    expect(asked).toBeGreaterThan(100);
    found.forEach(({ what }) => seen.add(what));
    expect(found.filter(({ what }) => reasonFor(what) === undefined)).toEqual([]);
  });

  test("every known difference is still one", () => {
    expect(Object.keys(knownDifferences).filter((pattern) => ![...seen].some((what) => matches(pattern, what)))).toEqual([]);
  });
}

function reasonFor(what: string): string | undefined {
  return Object.entries(knownDifferences).find(([pattern]) => matches(pattern, what))?.[1];
}

/** `*` stands for any one token of a resource type or method. */
function matches(pattern: string, what: string): boolean {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(what);
}
