// What the real file system refuses is said in words, with status 64, and leaves nothing behind.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processIo } from "../../cli/io";
import { sampleDocument } from "../fixtures/sample";
import { main } from "../../cli/main";
import { machineWith } from "./evidence/world";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-io-"));
  writeFileSync(join(folder, "file"), "as it was");
});
afterEach(() => rmSync(folder, { recursive: true }));

const tooLong = "x".repeat(300);

describe("a folder", () => {
  test("is made with the folders above it, readable by its owner alone", async () => {
    expect(await processIo.createFolder(join(folder, "a/b"), { "one.txt": "1" })).toBe(true);
    expect(readdirSync(join(folder, "a"))).toEqual(["b"]);
    expect(readFileSync(join(folder, "a/b/one.txt"), "utf8")).toBe("1");
  });

  test.each([
    ["below a file", "file/inner", "a part of its path is a file"],
    ["with a name that is too long", tooLong, "the name is too long"],
    ["behind links in a circle", "circle/inner", "its links lead in a circle"],
  ])("%s: in words, and nothing is left", async (_what, name, words) => {
    symlinkSync(join(folder, "circle"), join(folder, "circle"));
    await expect(processIo.createFolder(join(folder, name), { "one.txt": "1" })).rejects.toMatchObject({
      code: "unwritable_output",
      message: `Expected to write ${join(folder, name)}, which cannot be: ${words}.`,
    });
    expect(readdirSync(folder).sort()).toEqual(["circle", "file"]);
  });

  test("a file in it that cannot be written takes the folders with it that were made for it", async () => {
    const files = { "one.txt": "1", [tooLong]: "2" };
    await expect(processIo.createFolder(join(folder, "new/inner/out"), files)).rejects.toMatchObject({ code: "unwritable_output" });
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test.each(["file", "full"])("where something is already (%s): false, and that stays", async (name) => {
    mkdirSync(join(folder, "full/inner"), { recursive: true });
    expect(await processIo.createFolder(join(folder, name), { "one.txt": "1" })).toBe(false);
    expect([readdirSync(folder).sort(), readFileSync(join(folder, "file"), "utf8")]).toEqual([["file", "full"], "as it was"]);
  });
});

test("files: one that is made, and one that is replaced", async () => {
  await expect(processIo.createFile(join(folder, "file/inner.yaml"), "")).rejects.toMatchObject({ code: "unwritable_output" });
  await expect(processIo.createFile(join(folder, tooLong), "")).rejects.toMatchObject({ code: "unwritable_output" });
  await expect(processIo.writeFile(join(folder, "nowhere/file"), "")).rejects.toMatchObject({
    message: expect.stringContaining("a folder of its path is not there") as string,
  });
  mkdirSync(join(folder, "inner"));
  await expect(processIo.writeFile(join(folder, "inner"), "")).rejects.toMatchObject({ code: "unwritable_output" });
  expect(readdirSync(folder).sort()).toEqual(["file", "inner"]);
});

// A user who may write everywhere is refused nothing.
const privileged = process.getuid?.() === 0;
(privileged ? test.fails : test)("a folder that this user may not write in", async () => {
  chmodSync(folder, 0o500);
  await expect(processIo.createFolder(join(folder, "out"), {})).rejects.toMatchObject({
    message: expect.stringContaining("this user may not write there") as string,
  });
});

test("`evidence --out` that cannot be written: status 64 in words, no fault of the program", async () => {
  const document = join(folder, "environment.json");
  writeFileSync(document, JSON.stringify(sampleDocument()));
  let words = "";
  const io = machineWith(sampleDocument(), (text) => void (words += text));
  const status = await main(["evidence", "--env", document, "--out", join(folder, tooLong)], io);
  expect([status, words]).toEqual([64, expect.stringMatching(/the name is too long|ENAMETOOLONG/)]);
  expect(existsSync(join(folder, tooLong))).toBe(false);
});
