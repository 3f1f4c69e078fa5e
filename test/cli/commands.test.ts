import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { commandGroups, commands } from "../../cli";
import { gatehouse } from "./harness";

const cli = join(__dirname, "../../cli");

describe.each(commands.map((command) => [command.name, command] as const))("%s", (name, command) => {
  test("is data: one or two words, a sentence, options under the names that the command line gives them", () => {
    const words = name.split(" ");
    const [first = ""] = words;
    const known = commandGroups[first] !== undefined || commands.some((other) => other.name === first);
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
  const names = commands.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(commandGroups).filter((group) => !names.some((name) => name.startsWith(`${group} `)))).toEqual([]);
});
