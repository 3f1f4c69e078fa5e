import {
  parseRuntimeOptions,
  programArguments,
  programEnvironment,
  runOutcome,
  splitShellWords,
  type ProgramRun,
} from "../../../pulumi/language-host/arguments";

const run: ProgramRun = {
  monitorAddress: "127.0.0.1:1",
  engineAddress: "127.0.0.1:2",
  organization: "organization",
  project: "gatehouse",
  stack: "lab",
  rootDirectory: "/project",
  workingDirectory: "/project",
  dryRun: true,
  parallel: 16,
  queryMode: false,
  entryPoint: "",
  programArguments: [],
  config: { "gatehouse:b": "2", "gatehouse:a": "hunter2" },
  configSecretKeys: ["gatehouse:a"],
};

test("the program's arguments are the official host's, without the configuration", () => {
  const args = programArguments("/runner", run, parseRuntimeOptions({ nodeargs: "--max-old-space-size=512" }, "/project"));
  expect(args.join(" ")).toBe(
    "--max-old-space-size=512 /runner --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization organization --project gatehouse " +
      "--root-directory /project --stack lab --pwd /project --dry-run --query-mode false --parallel 16 .",
  );
  expect(args.join(" ")).not.toContain("hunter2");
});

test("the configuration goes by the environment, with sorted keys", () => {
  expect(programEnvironment(run, parseRuntimeOptions({ tsconfig: "tsconfig.run.json" }, "/project"))).toEqual({
    PULUMI_CONFIG: '{"gatehouse:a":"hunter2","gatehouse:b":"2"}',
    PULUMI_CONFIG_SECRET_KEYS: '["gatehouse:a"]',
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_NODEJS_TSCONFIG_PATH: "/project/tsconfig.run.json",
  });
  expect(programEnvironment(run, parseRuntimeOptions({ typescript: false }, "/project"))).not.toHaveProperty("PULUMI_NODEJS_TYPESCRIPT");
});

test.each([
  [{ typescript: "yes" }, 'runtime.options.typescript: expected true or false, got "yes"'],
  [{ tsconfig: "" }, "runtime.options.tsconfig: expected a path"],
  [{ packagemanager: "bun" }, "runtime.options.packagemanager"],
  [{ typscript: true }, "runtime.options.typscript: unknown option"],
])("runtime options %j are refused", (options, message) => {
  expect(() => parseRuntimeOptions(options, "/project")).toThrow(message);
});

test("node arguments are split as a shell would", () => {
  expect(splitShellWords(`--a 'b c' "d \\" e" f\\ g ''`)).toEqual(["--a", "b c", 'd " e', "f g", ""]);
  expect(() => splitShellWords("'open")).toThrow("quote is not closed");
});

test.each([
  [0, null, { error: "", bail: false }],
  [32, null, { error: "", bail: true }],
  [1, null, { error: "Program exited with non-zero exit code: 1", bail: false }],
  [null, "SIGKILL" as const, { error: "Program was ended by signal SIGKILL", bail: false }],
])("exit status %j and signal %j", (status, signal, expected) => {
  expect(runOutcome(status, signal)).toEqual(expected);
});
