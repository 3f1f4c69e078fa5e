import manifest from "../../package.json";
import { exitCodes } from "../../cli/exit-codes";
import { sampleDocument } from "../fixtures/sample";
import { gatehouse } from "./harness";

const files = { "env.json": JSON.stringify(sampleDocument()) };

test("--version prints the package's version and nothing else", async () => {
  expect(await gatehouse(["--version"])).toMatchObject({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

describe("gatehouse report", () => {
  test.each([
    ["text", "Access to 'sample' (okta, https://example.okta.com)\n"],
    ["markdown", "# Access to sample\n"],
    ["html", "<!doctype html>\n"],
    ["csv", "platform,platform_title,"],
    ["json", '{\n  "access": ['],
  ])("--format %s goes to stdout", async (format, beginning) => {
    const { status, stdout, stderr } = await gatehouse(["report", "--env", "env.json", "--format", format], { files });
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.startsWith(beginning)).toBe(true);
  });

  test("text is the default, and grants are judged by the present day", async () => {
    const document = sampleDocument();
    document.access.forEach((grant) => (grant.until = "2026-11-22"));
    const { stdout } = await gatehouse(["report", "--env", "-"], { stdin: JSON.stringify(document) });
    expect(stdout).toContain("ended 2026-11-22; bound until the next up");
  });

  test("--stack asks Pulumi", async () => {
    const run = { status: 0, stdout: JSON.stringify({ environment: sampleDocument() }), stderr: "" };
    expect(await gatehouse(["report", "--stack", "prod"], { run })).toMatchObject({
      status: 0,
      runs: ["pulumi stack output --json --non-interactive --color never --stack prod"],
    });
  });

  test("an unknown format is a matter of usage", async () => {
    expect(await gatehouse(["report", "--format", "pdf"])).toMatchObject({
      status: 64,
      stdout: "",
      stderr: expect.stringContaining("Allowed choices are text, markdown, html, csv, json.") as string,
    });
  });
});

describe("the command", () => {
  test("--help goes to stdout with the exit statuses, and is no error", async () => {
    const { status, stdout, stderr } = await gatehouse(["--help"]);
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const { status: exit, meaning } of Object.values(exitCodes)) {
      expect(stdout).toContain(`${String(exit).padStart(2)}  ${meaning}\n`);
    }
  });

  test.each([
    ["validate", "--today <day>"],
    ["report", "--format <format>"],
  ])("%s --help names its flags", async (command, flag) => {
    expect(await gatehouse([command, "--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining(flag) as string });
  });

  test.each([
    ["an unknown command", ["frobnicate"], "error: unknown command 'frobnicate'"],
    ["an unknown flag", ["report", "--colour"], "error: unknown option '--colour'"],
    ["a missing argument", ["validate"], "Expected stack files, or --stack, got neither."],
    ["too many arguments", ["report", "x"], "error: too many arguments"],
    ["no command", [], "Usage: gatehouse"],
  ])("%s is a matter of usage", async (_, argv, words) => {
    expect(await gatehouse(argv)).toMatchObject({ status: 64, stdout: "", stderr: expect.stringContaining(words) as string });
  });

  test("the exit statuses are all different", () => {
    expect(new Set(Object.values(exitCodes).map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 64, 70]));
  });
});
