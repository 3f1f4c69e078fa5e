/** `gatehouse files`: what the environment has for the owners of clusters and platforms, as files. */
import { basename } from "node:path";
import { compareText } from "../../model";
import { defineCommand, textOr } from "../command";
import { UsageError } from "../errors";
import { loadDocument } from "../inputs";
import { documentOptions, jsonOption } from "../options";
import { outputText } from "../outputs";

export const filesCommand = defineCommand({
  name: "files",
  summary:
    "Write what the environment has for the owners of clusters and platforms: trust and kubeconfig of an API server, the values of a platform that is installed already. No secrets.",
  arguments: {},
  options: {
    ...documentOptions,
    out: textOr("--out <folder>", "where the files go, in a folder for each platform; none that is there is touched", "gatehouse-files"),
    json: jsonOption("files' names"),
  },
  run: async ({ out, json, ...source }, io) => {
    const document = await loadDocument(source, io);
    const files = Object.entries(document.platforms)
      .flatMap(([platform, { files: given = {} }]) =>
        // The document may be anybody's file: a name never leads out of the folder.
        Object.entries(given).map(([name, content]) => ({ name: `${basename(platform)}/${basename(name)}`, content })),
      )
      .sort((left, right) => compareText(left.name, right.name));
    for (const { name, content } of files) {
      if (!(await io.createFile(`${out}/${name}`, content))) {
        throw new UsageError(
          "unusable_input",
          `Expected no file ${out}/${name}, got one. Fix: take it away, or name another folder with --out.`,
        );
      }
    }
    io.stderr(files.length === 0 ? "No platform of this environment has files.\n" : files.map(({ name }) => `${out}/${name}\n`).join(""));
    if (json) {
      io.stdout(outputText("files", { folder: out, files: files.map(({ name }) => name) }));
    }
    return "ok";
  },
});
