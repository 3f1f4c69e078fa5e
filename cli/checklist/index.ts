/** `gatehouse checklist`: what the owner of the identity provider must set there by hand. */
import { checklistOf, dayOf, InvalidEnvironmentError, parseEnvironment, readStackFile, type Checklist } from "../../model";
import { choice, defineCommand, required } from "../command";
import { readInput } from "../inputs";
import { renderChecklist } from "./render";
import { outputText } from "../outputs";

export const checklistFormats = ["text", "markdown", "json"] as const;

export const checklistCommand = defineCommand({
  name: "checklist",
  summary: "Print what the owner of the identity provider must set there by hand: clients, redirect URIs, scopes, claims.",
  arguments: { file: required("<file>", "the stack file, Pulumi.<stack>.yaml; - for standard input") },
  options: { format: choice("--format <format>", "how to print it", checklistFormats, "text") },
  run: async ({ file, format }, io) => {
    const stack = readStackFile(await readInput(file, "a stack file", io));
    const checklist = checklistFrom(stack.usable ? stack.raw : undefined, dayOf(io.now()));
    if (checklist === undefined) {
      io.stderr(`${file}: refused; gatehouse validate ${file} says why.\n`);
      return "refused";
    }
    io.stdout(format === "json" ? outputText("checklist", checklist) : renderChecklist(checklist, format));
    return "ok";
  },
});

function checklistFrom(raw: unknown, today: string): Checklist | undefined {
  try {
    return raw === undefined ? undefined : checklistOf(parseEnvironment(raw, today).environment);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      return undefined;
    }
    throw error;
  }
}
