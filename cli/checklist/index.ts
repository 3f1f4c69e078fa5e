/** `gatehouse checklist`: what the owner of the identity provider must set there by hand, and the owner of a platform that is installed already. */
import { checklistOf, dayOf, judgeEnvironment, readStackFile } from "../../model";
import { choice, defineCommand, text } from "../command";
import { completeDescription, projectFolder } from "../description";
import { readConfiguration, type EngineOptions } from "../engine";
import { UsageError } from "../errors";
import { readInput } from "../inputs";
import type { Io } from "../io";
import { engineOptions } from "../options";
import { renderChecklist } from "./render";
import { outputText } from "../outputs";

const checklistFormats = ["text", "markdown", "json"] as const;

export const checklistCommand = defineCommand({
  name: "checklist",
  summary: "Print what the owner of the identity provider must set there by hand: clients, redirect URIs, scopes, claims.",
  arguments: { file: text("[file]", "the stack file, Pulumi.<stack>.yaml; - for standard input") },
  options: {
    ...engineOptions,
    stack: text("--stack <name>", "the configuration of this stack as the engine gives it, instead of a file"),
    format: choice("--format <format>", "how to print it", checklistFormats, "text"),
  },
  run: async ({ file, format, ...engine }, io) => {
    const raw = await described(file, engine, io);
    const { accepted } = raw === undefined ? {} : judgeEnvironment(raw, dayOf(io.now()));
    if (accepted === undefined) {
      const what = file ?? `--stack ${engine.stack ?? ""}`;
      io.stderr(`${file ?? `stack ${engine.stack ?? ""}`}: refused; gatehouse validate ${what} says why.\n`);
      return "refused";
    }
    const checklist = checklistOf(accepted.environment);
    io.stdout(format === "json" ? outputText("checklist", checklist) : renderChecklist(checklist, format));
    return "ok";
  },
});

/** The description, of the files that it names as well; undefined where those cannot be put together. */
async function described(file: string | undefined, engine: EngineOptions, io: Io): Promise<Readonly<Record<string, unknown>> | undefined> {
  if ((file === undefined) === (engine.stack === undefined)) {
    throw new UsageError("flags", `Expected a stack file, or --stack, got ${file === undefined ? "neither" : "both"}.`);
  }
  const own =
    file === undefined
      ? { usable: true, ...(await readConfiguration(engine, io)) }
      : readStackFile(await readInput(file, "a stack file", io));
  const { raw, problems } = await completeDescription(own.raw, await projectFolder(file ?? "-", io), io);
  return own.usable && problems.length === 0 ? raw : undefined;
}
