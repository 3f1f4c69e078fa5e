/**
 * The `gatehouse` command: what people and pipelines ask before and after `pulumi up`.
 *
 * Holds: a folder for each command, and beside them what they share: the frame that parses a command line (`frame.ts`), the
 * outside as they see it (`io.ts`, `cluster.ts`, `engine/`), their inputs (`inputs.ts`, `stack-file.ts`), their errors and exits.
 * Never holds: what an environment is (`model/`), what a token opens (`verifier/`), how a change reads (`reports/`); and nothing
 * here makes or changes a resource. A new command is a folder and a line in the list below: each is loaded when it is asked for.
 */
import type { Command } from "./command";

/** All commands, in the order of the help, by their names: what one of them needs is loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init/index.js")).initCommand,
  adopt: async () => (await import("./adopt/index.js")).adoptCommand,
  validate: async () => (await import("./validate/index.js")).validateCommand,
  checklist: async () => (await import("./checklist/index.js")).checklistCommand,
  files: async () => (await import("./files/index.js")).filesCommand,
  "token verify": async () => (await import("./token-verify/index.js")).verifyCommand,
  report: async () => (await import("./report/index.js")).reportCommand,
  preview: async () => (await import("./preview/index.js")).previewCommand,
  diff: async () => (await import("./diff/index.js")).diffCommand,
  drift: async () => (await import("./drift/index.js")).driftCommand,
  evidence: async () => (await import("./evidence/index.js")).evidenceCommand,
  "evidence verify": async () => (await import("./evidence-verify/index.js")).evidenceVerifyCommand,
  "review open": async () => (await import("./review-open/index.js")).reviewOpenCommand,
  "review check": async () => (await import("./review-check/index.js")).reviewCheckCommand,
  "review apply": async () => (await import("./review-apply/index.js")).reviewApplyCommand,
  "can-i": async () => (await import("./can-i/index.js")).canICommand,
  "who-can": async () => (await import("./who-can/index.js")).whoCanCommand,
  doctor: async () => (await import("./doctor/index.js")).doctorCommand,
  "secret rotate": async () => (await import("./secret-rotate/index.js")).rotateCommand,
  login: async () => (await import("./login/index.js")).loginCommand,
  explain: async () => (await import("./explain/index.js")).explainCommand,
  completion: async () => (await import("./completion/index.js")).completionCommand(allCommands),
};

/** What can be called, by name. */
export const commandNames: readonly string[] = Object.keys(commands);

/** Every command: for the help, and for a shell. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}

/** The commands that can be meant by these words: those of the first one, or all where it names none. */
export function commandsFor([first]: readonly string[]): Promise<Command[]> {
  const meant = Object.entries(commands).filter(([name]) => name.split(" ")[0] === first);
  return meant.length === 0 ? allCommands() : Promise.all(meant.map(([, load]) => load()));
}

/** What a command's first word is for, where its name has two. */
export const commandGroups: Readonly<Record<string, string>> = {
  token: "Look at an ID token.",
  review: "Let owners decide about access, and carry their decisions out.",
  secret: "Look after the client secrets of a stack.",
};
