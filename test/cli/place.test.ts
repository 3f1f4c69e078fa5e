import { readFileSync } from "node:fs";
import { allCommands, commandNames, commandsFor } from "../../cli";
import { processIo } from "../../cli/io";
import { main } from "../../cli/main";
import { sampleDocument, sampleRaw } from "../fixtures/sample";
import { fixture, gatehouse } from "./harness";

const good = readFileSync(fixture("Pulumi.k10-okta.yaml"), "utf8");
const document = JSON.stringify(sampleDocument());

describe("--cwd, --format and --json mean the same in every command", () => {
  test.each(commandNames)("%s has them", async (name) => {
    const { printsJson = true } = (await commandsFor(name.split(" "))).find((command) => command.name === name) ?? {};
    const { stdout } = await gatehouse([...name.split(" "), "--help"]);
    expect(stdout).toContain("--cwd <folder>");
    expect(stdout.includes("--format <format>")).toBe(printsJson);
    expect(stdout.includes("--json")).toBe(printsJson);
  });

  test("files start at the folder, and the engine is told of it", async () => {
    const files = { "project/stack.yaml": good, "project/env.json": document, "/else/where.yaml": good };
    expect((await gatehouse(["validate", "stack.yaml", "--cwd", "project"], { files })).status).toBe(0);
    expect((await gatehouse(["validate", "/else/where.yaml", "--cwd", "project"], { files })).status).toBe(0);
    expect((await gatehouse(["report", "--env", "env.json", "--cwd", "project"], { files })).status).toBe(0);
    const run = { status: 0, stdout: JSON.stringify({ environment: sampleDocument() }), stderr: "" };
    expect((await gatehouse(["report", "--stack", "prod", "--cwd", "project"], { run })).runs).toEqual([
      "pulumi stack output --json --non-interactive --color never --stack prod --cwd project",
    ]);
  });

  test("--json is --format json, and nothing else beside it", async () => {
    const run = (...flags: string[]) => gatehouse(["report", "--env", "env.json", ...flags], { files: { "env.json": document } });
    expect((await run("--json")).stdout).toBe((await run("--format", "json")).stdout);
    expect(await run("--json", "--format", "html")).toMatchObject({
      status: 64,
      stderr: "Expected one of --json and --format html, got both.\n",
    });
    const validate = (...flags: string[]) => gatehouse(["validate", "stack.yaml", ...flags], { files: { "stack.yaml": good } });
    expect((await validate("--format", "json")).stdout).toBe((await validate("--json")).stdout);
  });
});

describe("validate --stack asks the engine", () => {
  const raw = sampleRaw();
  const entry = (value: unknown) => ({ value: JSON.stringify(value), objectValue: value, secret: false });
  const config = (more: object = {}) =>
    JSON.stringify({
      "gatehouse:idp": entry(raw.idp),
      "gatehouse:groups": entry(raw.groups),
      // Older engines give no objectValue.
      "gatehouse:platforms": { value: JSON.stringify(raw.platforms), secret: false },
      "okta:apiToken": { secret: true },
      ...more,
    });
  const validate = (stdout: string, ...flags: string[]) =>
    gatehouse(["validate", "--stack", "prod", ...flags], { run: { status: 0, stdout, stderr: "" } });

  test("what it gives is judged as a file is, without lines", async () => {
    const { status, stderr, runs } = await validate(config(), "--cwd", "project", "--config-file", "other.yaml");
    expect(status).toBe(0);
    expect(stderr).toContain("stack prod: accepted (okta; 3 groups, 1 platform, 3 grants).\n");
    expect(runs).toEqual(["pulumi config --json --non-interactive --color never --stack prod --cwd project --config-file other.yaml"]);
    const refused = await validate(config({ "gatehouse:idp": entry({ kind: "okta", orgUrl: "http://example.okta.com" }) }));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("stack prod: gatehouse:idp.orgUrl: expected an https:// host");
  });

  test("an engine that fails, and one that says something else, decide nothing", async () => {
    const failed = await gatehouse(["validate", "--stack", "prod"], {
      run: { status: 255, stdout: "", stderr: "error: no stack named 'prod' found" },
    });
    expect(failed).toMatchObject({ status: 3, stderr: expect.stringContaining("no stack named 'prod' found") as string });
    expect((await validate("hello")).status).toBe(3);
  });

  test("either files or a stack", async () => {
    expect((await gatehouse(["validate", "a.yaml", "--stack", "prod"])).status).toBe(64);
  });
});

test("a file with the keys of another namespace is told which were found", async () => {
  const text = good.replaceAll("gatehouse:", "our-project:");
  const { status, stderr } = await gatehouse(["validate", "stack.yaml"], { files: { "stack.yaml": text } });
  expect(status).toBe(1);
  expect(stderr).toContain(
    "expected keys under gatehouse:, which are idp, groups and platforms, got the keys okta:orgName, okta:apiToken, our-project:idp, our-project:groups, our-project:platforms.",
  );
  expect(stderr).toContain("stack.yaml: refused, 1 problem.");
});

describe("a file that cannot be read", () => {
  test.each([
    ["ENOENT", "is not there"],
    ["EACCES", "this user may not read"],
    ["EISDIR", "is a folder"],
    ["EIO", "cannot be read (EIO)"],
  ])("%s: %s", async (code, words) => {
    let stderr = "";

    const status = await main(["validate", "stack.yaml"], {
      ...processIo,
      stderr: (text) => void (stderr += text),
      readFile: () => Promise.reject(Object.assign(new Error("no"), { code })),
    });
    expect([status, stderr]).toEqual([64, `Expected a stack file in stack.yaml, which ${words}.\n`]);
  });
});

describe("--stack, --cwd and --config-file in every command that asks the engine", () => {
  const answers: Readonly<Record<string, readonly string[]>> = {
    "can-i": ["get", "pods", "--person", "ana@example.com"],
    "who-can": ["get", "pods"],
    "token verify": ["--file", "token.jwt"],
    "review open": ["--out", "review.md"],
    evidence: ["--out", "folder"],
  };
  const asking = async (): Promise<[string, boolean][]> => {
    const commands = await allCommands();
    return commands.filter(({ options }) => "pulumi" in options).map(({ name, options }) => [name, "configFile" in options]);
  };

  test("each of them that has --pulumi has all three, and hands them over as they are", async () => {
    const found = await asking();
    expect(found.map(([name]) => name)).toEqual(
      expect.arrayContaining(["validate", "checklist", "files", "report", "preview", "drift", "doctor", "evidence", "login"]),
    );
    const told: string[] = [];
    for (const [name, configFile] of found) {
      expect([name, configFile]).toEqual([name, true]);
      const { runs } = await gatehouse(
        [
          ...name.split(" "),
          ...(answers[name] ?? []),
          "--stack",
          "prod",
          "--cwd",
          "project",
          "--config-file",
          "other.yaml",
          "--pulumi",
          "engine",
        ],
        { files: { "project/token.jwt": "x" }, run: { status: 255, stdout: "", stderr: "error: no stack named 'prod' found" } },
      );
      const asked = runs.filter((line) => line.startsWith("engine "));
      for (const line of asked) {
        expect([name, line]).toEqual([name, expect.stringContaining("--stack prod --cwd project") as string]);
      }
      if (asked.length > 0) {
        told.push(name);
      }
    }
    // The others read a file of theirs, or the cluster, before they ask.
    expect(told).toEqual(
      expect.arrayContaining(["validate", "checklist", "files", "report", "preview", "drift", "doctor", "evidence", "login"]),
    );
  });
});

describe("what the engine gives is read as a file is", () => {
  const raw = sampleRaw();
  const json = (config: Record<string, unknown>): string =>
    JSON.stringify(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value, secret: false }])));
  const split = json({ "gatehouse:from": "environments/prod.json", "okta:orgName": "another" });
  const described = JSON.stringify(raw);

  test.each(["validate", "checklist"])(
    "%s: a file that the configuration names starts at the project, under --cwd and below it",
    async (name) => {
      const run = { status: 0, stdout: json({ "gatehouse:from": "environments/prod.json" }), stderr: "" };
      const files = { "project/Pulumi.yaml": "name: shop", "project/environments/prod.json": described };
      expect((await gatehouse([name, "--stack", "prod", "--cwd", "project"], { files, run })).status).toBe(0);
      expect((await gatehouse([name, "--stack", "prod", "--cwd", "project/src"], { files, run })).status).toBe(0);
      const nowhere = await gatehouse([name, "--stack", "prod", "--cwd", "project"], {
        files: { "project/Pulumi.yaml": "name: shop" },
        run,
      });
      expect(nowhere.status).toBe(1);
    },
  );

  test("what a provider's settings contradict is refused from the engine too", async () => {
    const files = { "project/Pulumi.yaml": "name: shop", "project/environments/prod.json": described };
    const { status, stderr } = await gatehouse(["validate", "--stack", "prod", "--cwd", "project"], {
      ...{ files, run: { status: 0, stdout: split, stderr: "" } },
    });
    expect(status).toBe(1);
    expect(stderr).toContain("orgUrl");
  });

  test("a checklist is of a file, or of a stack", async () => {
    expect(await gatehouse(["checklist"])).toMatchObject({ status: 64, stderr: "Expected a stack file, or --stack, got neither.\n" });
    expect(await gatehouse(["checklist", "a.yaml", "--stack", "prod"])).toMatchObject({ status: 64 });
  });
});
