/**
 * The `gatehouse` command: what people and pipelines ask before and after `pulumi up`.
 *
 * Holds: a folder for each command, and beside them what they share: the frame that parses a command line (`frame.ts`), the
 * outside as they see it (`io.ts`, `cluster.ts`, `engine/`), their inputs (`inputs.ts`, `stack-file.ts`), their errors and exits.
 * Never holds: what an environment is (`model/`), what a token opens (`verifier/`), how a change reads (`reports/`); and nothing
 * here makes or changes a resource. A new command is a folder and a line in the list below.
 */
import { adoptCommand } from "./adopt";
import { canICommand } from "./can-i";
import type { Command } from "./command";
import { diffCommand } from "./diff";
import { doctorCommand } from "./doctor";
import { completionCommand } from "./completion";
import { driftCommand } from "./drift";
import { evidenceCommand } from "./evidence";
import { evidenceVerifyCommand } from "./evidence-verify";
import { explainCommand } from "./explain";
import { initCommand } from "./init";
import { loginCommand } from "./login";
import { previewCommand } from "./preview";
import { reportCommand } from "./report";
import { reviewApplyCommand } from "./review-apply";
import { reviewCheckCommand } from "./review-check";
import { reviewOpenCommand } from "./review-open";
import { rotateCommand } from "./secret-rotate";
import { verifyCommand } from "./token-verify";
import { checklistCommand } from "./checklist";
import { validateCommand } from "./validate";
import { whoCanCommand } from "./who-can";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  initCommand,
  adoptCommand,
  validateCommand,
  checklistCommand,
  verifyCommand,
  reportCommand,
  previewCommand,
  diffCommand,
  driftCommand,
  evidenceCommand,
  evidenceVerifyCommand,
  reviewOpenCommand,
  reviewCheckCommand,
  reviewApplyCommand,
  canICommand,
  whoCanCommand,
  doctorCommand,
  rotateCommand,
  loginCommand,
  explainCommand,
  completionCommand(() => commands),
];

/** What a command's first word is for, where its name has two. */
export const commandGroups: Readonly<Record<string, string>> = {
  token: "Look at an ID token.",
  review: "Let owners decide about access, and carry their decisions out.",
  secret: "Look after the client secrets of a stack.",
};
