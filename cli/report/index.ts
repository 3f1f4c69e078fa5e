/** `gatehouse report`: the access matrix of an environment. What it looks like is in reports/. */
import { dayOf } from "../../model";
import { renderReport, reportFormats } from "../../reports";
import { choice, defineCommand } from "../command";
import { loadDocument } from "../inputs";
import { documentOptions } from "../options";

export const reportCommand = defineCommand({
  name: "report",
  summary: "Print who may do what: the access matrix of an environment, with its platforms, secrets' ends and risks.",
  arguments: {},
  options: { ...documentOptions, format: choice("--format <format>", "how to print it", reportFormats, "text") },
  run: async ({ format, ...source }, io) => {
    const document = await loadDocument(source, io);
    io.stdout(renderReport(document, format, { today: dayOf(io.now()) }));
    return "ok";
  },
});
