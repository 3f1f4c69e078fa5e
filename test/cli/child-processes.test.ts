import { engineArguments } from "../../cli/engine";
import { openBrowser } from "../../cli/login/browser";
import { processIo, type Io } from "../../cli/io";

// What people and their files call things is never a flag of a program that is started with it.

test("the engine: each name follows the flag that takes it, whatever it is called", () => {
  const hostile = "--exec-agent=/tmp/program";
  const args = engineArguments(["preview"], { pulumi: "pulumi", stack: hostile, cwd: hostile, configFile: hostile });
  const places = args.flatMap((arg, index) => (arg === hostile ? [args[index - 1]] : []));
  expect(places).toEqual(["--stack", "--cwd", "--config-file"]);
});

test("an empty name is a name, and takes no flag that follows", () => {
  expect(engineArguments(["preview"], { pulumi: "pulumi", stack: "" }, ["--json"])).toEqual([
    "preview",
    "--non-interactive",
    "--color",
    "never",
    "--stack",
    "",
    "--json",
  ]);
});

describe("the browser", () => {
  const opened: string[][] = [];
  const io: Io = {
    ...processIo,
    run: (command, args) => {
      opened.push([command, ...args]);
      return Promise.resolve({ status: 0, stdout: "", stderr: "" });
    },
  };
  beforeEach(() => {
    opened.length = 0;
  });

  test.each(["linux", "darwin", "win32"])("on %s, an address is one argument, the last", async (platform) => {
    const address = "https://sso.example.com/authorize?a=1&b=$(touch x)";
    expect(await openBrowser(address, io, platform)).toBe(true);
    expect(opened.map((args) => args.at(-1))).toEqual([address]);
  });

  test.each(["--new-window=x", "-a Calculator", "file:///etc/passwd", "javascript:alert(1)", "sso.example.com", ""])(
    "%j is no address to open",
    async (address) => {
      expect(await openBrowser(address, io, "linux")).toBe(false);
      expect(opened).toEqual([]);
    },
  );
});
