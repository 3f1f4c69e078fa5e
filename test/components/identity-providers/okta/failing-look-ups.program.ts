import * as pulumi from "@pulumi/pulumi";
import { OktaDirectory, type OktaGroupArgs } from "../../../../components";

/**
 * Runs each case as a program would and prints, as JSON, what it dies of. A failed look-up rejects in the background,
 * which ends a program and would end jest as well: hence a process of its own.
 */
type Answer = Record<string, unknown> | Error;

const cases: Record<string, { group: OktaGroupArgs; answer: Answer }> = {
  "no group": { group: { existing: "Security Auditors" }, answer: { groups: [] } },
  "only another case": {
    group: { existing: "Security Auditors" },
    answer: { groups: [{ id: "00g1", name: "security auditors" }] },
  },
  "two groups": {
    group: { existing: "Security Auditors" },
    answer: {
      groups: [
        { id: "00g1", name: "Security Auditors" },
        { id: "00g2", name: "Security Auditors" },
      ],
    },
  },
  "a group of a directory": {
    group: { existing: "Security Auditors" },
    answer: { groups: [{ id: "00g1", name: "Security Auditors", type: "APP_GROUP" }] },
  },
  "groups may not be read": { group: { existing: "Security Auditors" }, answer: new Error("the API returned an error: E0000006") },
  "no such person": {
    group: { displayName: "Kasten Admins", members: ["ana@example.com"] },
    answer: new Error("no user found using the provided search criteria"),
  },
};

async function fail(group: OktaGroupArgs, answer: Answer): Promise<string> {
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
  new OktaDirectory("groups", { groups: { team: group }, grantedGroups: ["team"] });
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
