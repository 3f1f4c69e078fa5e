import { readFileSync } from "node:fs";
import path from "node:path";
import { sourceFiles } from "./imports";

/** Folders of many equal files, about which the folder above says everything. */
const ofEqualFiles = ["policies/rules"];

test("every folder opens with a paragraph: one of its files begins with a comment", () => {
  const files = sourceFiles().filter((file) => !/(^|\/)test\//.test(file));
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  expect(folders.length).toBeGreaterThan(80);
  const silent = folders.filter(
    (folder) => !files.some((file) => path.dirname(file) === folder && /^(?:#!.*\n)?(?:\/\*\*|\/\/)/.test(readFileSync(file, "utf8"))),
  );
  expect(silent.filter((folder) => !ofEqualFiles.includes(folder))).toEqual([]);
});
