import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { allCommands, commandGroups, commandNames, commandsFor } from "../../cli";
import type { Command } from "../../cli/command";
import { gatehouse } from "./harness";

const cli = join(__dirname, "../../cli");

describe.each(commandNames)("%s", (name) => {
  let command: Command;
  beforeAll(async () => {
    const [found, ...others] = (await commandsFor(name.split(" "))).filter((each) => each.name === name);
    if (found === undefined || others.length > 0) {
      throw new Error(`Expected one command '${name}' under its own name, got ${found === undefined ? "none" : "several"}.`);
    }
    command = found;
  });

  test("is data: one or two words, a sentence, options under the names that the command line gives them", () => {
    const words = name.split(" ");
    const [first = ""] = words;
    const known = commandGroups[first] !== undefined || commandNames.includes(first);
    expect(words.length === 1 || (words.length === 2 && known)).toBe(true);
    expect(command.summary).toMatch(/^[A-Z].*\.$/);
    const named = Object.entries(command.options).map(([key, { flags }]) => [key, new Option(flags).attributeName()]);
    expect(named.filter(([key, attribute]) => key !== attribute)).toEqual([]);
  });

  test("has a folder of its own, with a paragraph at its top", () => {
    const folder = name.includes(" ") ? name.replace(" ", "-") : name;
    expect(readFileSync(join(cli, folder, "index.ts"), "utf8")).toMatch(/^\/\*\*\s/);
  });

  test("--help names every flag and argument, and is no error", async () => {
    const { status, stdout } = await gatehouse([...name.split(" "), "--help"]);
    expect(status).toBe(0);
    for (const { flags } of [...Object.values(command.options), ...Object.values(command.arguments)]) {
      expect(stdout).toContain(flags.replace(/[<>[\]]/g, "").split(" ")[0]);
    }
  });
});

test("names are unique, and every group has a command", () => {
  expect(new Set(commandNames).size).toBe(commandNames.length);
  expect(Object.keys(commandGroups).filter((group) => !commandNames.some((name) => name.startsWith(`${group} `)))).toEqual([]);
});

test("one command is loaded where one is named, its group where that has several, all for the help", async () => {
  const named = async (words: readonly string[]): Promise<string[]> => (await commandsFor(words)).map(({ name }) => name);
  expect(await named(["token", "verify", "--help"])).toEqual(["token verify"]);
  expect(await named(["evidence", "verify"])).toEqual(["evidence", "evidence verify"]);
  expect(await named(["tokn"])).toEqual(commandNames);
  expect((await allCommands()).map(({ name }) => name)).toEqual(commandNames);
});
