import { Command, CommanderError } from "commander";
import { InvalidDocumentError, InvalidEnvironmentError, printable } from "../model";
import { DiscoveryError, PlatformChoiceError } from "../verifier";
import { driftCommand } from "./drift";
import { explainCommand } from "./explain";
import { loginCommand } from "./login";
import { previewCommand } from "./preview";
import { reportCommand } from "./report";
import { secretCommand } from "./secret-rotate";
import { tokenCommand } from "./token-verify";
import { validateCommand } from "./validate";
import { EngineError, exitCodes, UsageError, type ExitName } from "./exit-codes";
import { processIo, type Io } from "./io";
import { LoginError } from "./login/login-error";

/**
 * The `gatehouse` command.
 * @param argv arguments without the interpreter and the script
 * @returns the exit status, one of {@link exitCodes}
 */
export async function main(argv: readonly string[], given: Io = processIo): Promise<number> {
  // Commander repeats what it does not understand: `gatehouse token eyJ...`, without `verify`, must not print the token.
  const io: Io = { ...given, stderr: (words) => given.stderr(withoutTokens(words)) };
  let ended: ExitName = "ok";
  const program = new Command("gatehouse")
    .description("Kubernetes platforms behind an identity provider: check a stack file, a token, an environment.")
    .addHelpText("after", `\nExit status:\n${exitTable()}`);
  const end = (name: ExitName) => {
    ended = name;
  };
  program.addCommand(validateCommand(io, end));
  program.addCommand(tokenCommand(io, end));
  program.addCommand(reportCommand(io, end));
  program.addCommand(previewCommand(io, end));
  program.addCommand(driftCommand(io, end));
  program.addCommand(secretCommand(io, end));
  program.addCommand(loginCommand(io, end));
  program.addCommand(explainCommand(io, end));
  prepare(program, io);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    ended = explain(error, io);
  }
  return exitCodes[ended].status;
}

/** Commander would write to the process and exit by itself; both belong to the caller. */
function prepare(command: Command, io: Io): void {
  command.exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  command.commands.forEach((child) => prepare(child, io));
}

function explain(error: unknown, io: Io): ExitName {
  if (error instanceof CommanderError) {
    // Commander has already said it; help that was asked for is no error.
    return error.exitCode === 0 ? "ok" : "usage";
  }
  const name = exitNameOf(error);
  const message = error instanceof Error ? error.message : "an unknown fault";
  io.stderr(`${printable(name === "internal" ? `Internal fault: ${message}` : message)}\n`);
  if (name === "internal" && io.env["GATEHOUSE_DEBUG"] && error instanceof Error) {
    io.stderr(`${error.stack ?? ""}\n`);
  }
  return name;
}

/** The words without what looks like a JSON web token: a header that begins with `{"` in base64url, and at least one more part. */
function withoutTokens(words: string): string {
  return words.replace(/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]*/g, "(a token, withheld)");
}

function exitNameOf(error: unknown): ExitName {
  if (error instanceof UsageError || error instanceof PlatformChoiceError) {
    return "usage";
  }
  if (error instanceof LoginError) {
    return error.exit;
  }
  if (error instanceof DiscoveryError || error instanceof EngineError) {
    return "unavailable";
  }
  return error instanceof InvalidDocumentError || error instanceof InvalidEnvironmentError ? "refused" : "internal";
}

function exitTable(): string {
  return Object.values(exitCodes)
    .map(({ status, meaning }) => `  ${String(status).padStart(2)}  ${meaning}`)
    .join("\n");
}
