import { Command, Option } from "commander";
import { renderReport, reportFormats, type ReportFormat } from "../../reports";
import type { ExitName } from "../exit-codes";
import { loadDocument, type DocumentSource } from "../inputs";
import type { Io } from "../io";

/** `gatehouse report`: the access matrix of an environment on standard output. */
export function reportCommand(io: Io, end: (name: ExitName) => void): Command {
  return new Command("report")
    .description("Print who may do what: the access matrix of an environment, with its platforms, secrets' ends and risks.")
    .option("--env <file>", "environment document or stack outputs (JSON); - for standard input")
    .option("--stack <name>", "ask Pulumi for the outputs of this stack (default: the selected one)")
    .addOption(new Option("--format <format>", "how to print it").choices([...reportFormats]).default("text"))
    .action(async (options: DocumentSource & { format: ReportFormat }) => {
      const document = await loadDocument(options, io);
      io.stdout(renderReport(document, options.format, { today: io.now().toISOString().slice(0, 10) }));
      end("ok");
    });
}
