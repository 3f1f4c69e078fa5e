import * as pulumi from "@pulumi/pulumi";

/** What a look-up gives: a result, or an error. */
type Answer = Record<string, unknown> | Error;

/**
 * Runs each case as a program would, and gives what it dies of. A failed look-up rejects in the background,
 * which ends a program and would fail the test runner as well: hence a process of its own.
 */
export async function deathsOf<Group>(
  cases: Readonly<Record<string, { readonly group: Group; readonly answer: Answer }>>,
  create: (group: Group) => unknown,
): Promise<Record<string, string>> {
  const messages: Record<string, string> = {};
  for (const [name, { group, answer }] of Object.entries(cases)) {
    messages[name] = await deathOf(() => create(group), answer);
  }
  return messages;
}

async function deathOf(create: () => unknown, answer: Answer): Promise<string> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
      call: () => {
        if (answer instanceof Error) {
          // The engine's answer carries its text in `details`, and the SDK shows that.
          throw Object.assign(answer, { details: answer.message });
        }
        return answer;
      },
    },
    "gatehouse",
    "lab",
  );
  const died = new Promise<string>((resolve) => {
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => {
      resolve(reason instanceof Error ? reason.message : String(reason));
    });
  });
  create();
  return died;
}
