import { CommanderError } from "commander";
import { GatehouseError, textLines } from "../model";
import { commandGroups, commandsFor } from "./";
import { exitCodes, type ExitName } from "./exit-codes";
import { commandTree } from "./frame";
import { processIo, type Io } from "./io";
import { atTerminal } from "./terminal";

/**
 * The `gatehouse` command.
 * @param argv arguments without the interpreter and the script
 * @returns the exit status, one of {@link exitCodes}
 */
export async function main(argv: readonly string[], given: Io = processIo): Promise<number> {
  // Commander repeats what it does not understand: `gatehouse token eyJ...`, without `verify`, must not print the token.
  const io = atTerminal({ ...given, stderr: (words) => given.stderr(withoutTokens(words)) });
  let ended: ExitName = "ok";
  const tree = commandTree(await commandsFor(argv), commandGroups, io, (exit) => {
    ended = exit;
  });
  try {
    await tree.parseAsync([...argv], { from: "user" });
  } catch (error) {
    ended = explain(error, io);
  }
  return exitCodes[ended].status;
}

/** Says what stopped a command, and gives back how it ends: an error of ours knows that itself. */
function explain(error: unknown, io: Io): ExitName {
  if (error instanceof CommanderError) {
    // Commander has already said it; help that was asked for is no error.
    return error.exitCode === 0 ? "ok" : "usage";
  }
  if (error instanceof GatehouseError) {
    io.stderr(textLines(error.message.split("\n")));
    return error.exit;
  }
  io.stderr(textLines(`Internal fault: ${error instanceof Error ? error.message : "an unknown fault"}`.split("\n")));
  if (io.env["GATEHOUSE_DEBUG"] && error instanceof Error) {
    io.stderr(`${error.stack ?? ""}\n`);
  }
  return "internal";
}

/** The words without what looks like a JSON web token: a header that begins with `{"` in base64url, and at least one more part. */
function withoutTokens(words: string): string {
  return words.replace(/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]*/g, "(a token, withheld)");
}
