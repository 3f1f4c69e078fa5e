import * as pulumi from "@pulumi/pulumi";
import { EntraDirectory, type EntraGroupArgs } from "../../../../components";

/**
 * Runs each case as a program would and prints, as JSON, what it dies of. A failed look-up rejects in the background,
 * which ends a program and would end jest as well: hence a process of its own.
 */
type Answer = Record<string, unknown> | Error;

const cases: Record<string, { group: EntraGroupArgs; answer: Answer }> = {
  "no group": { group: { existing: "Security Auditors" }, answer: new Error('No group found with display name: "Security Auditors"') },
  "two groups": {
    group: { existing: "Security Auditors" },
    answer: new Error('More than one group found with display name: "Security Auditors"'),
  },
  "no such person": { group: { displayName: "Kasten Admins", members: ["ana@example.com"] }, answer: new Error("User with UPN not found") },
};

async function fail(group: EntraGroupArgs, answer: Answer): Promise<string> {
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
  new EntraDirectory("groups", { groups: { team: group }, ownerIds: ["caller"] });
  return died;
}

async function main(): Promise<void> {
  const messages: Record<string, string> = {};
  for (const [name, { group, answer }] of Object.entries(cases)) {
    messages[name] = await fail(group, answer);
  }
  // What died left promises behind; Pulumi's check for those would fail this process as well.
  process.removeAllListeners("exit");
  process.stdout.write(JSON.stringify(messages));
}

void main();
