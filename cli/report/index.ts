/** `gatehouse report`: the access matrix of an environment. What it looks like is in reports/. */
import manifest from "../../package.json";
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
    const now = io.now();
    const by = io.env["GITHUB_ACTOR"] ?? io.env["GITLAB_USER_LOGIN"] ?? io.env["USER"] ?? io.env["LOGNAME"] ?? "somebody";
    const made = { moment: now.toISOString(), by, tool: `gatehouse ${manifest.version}` };
    io.stdout(renderReport(document, format, { today: dayOf(now), made }));
    return "ok";
  },
});
