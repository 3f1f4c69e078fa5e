import { readFileSync } from "node:fs";
import path from "node:path";
import { sourceFiles } from "./imports";

const opens = (file: string): boolean => /^(?:#!.*\n)?(?:\/\*\*|\/\/)/.test(readFileSync(file, "utf8"));

test("every folder opens with a paragraph: its index begins with a comment, or one of its files where it has none", () => {
  const files = sourceFiles().filter((file) => !/(^|\/)test\//.test(file));
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  expect(folders.length).toBeGreaterThan(80);
  const silent = folders.filter((folder) => {
    const index = path.join(folder, "index.ts");
    return !(files.includes(index) ? opens(index) : files.some((file) => path.dirname(file) === folder && opens(file)));
  });
  expect(silent).toEqual([]);
});
