import { execFileSync } from "node:child_process";
import { commandNames } from "../../cli";
import type { Io } from "../../cli/io";
import { atTerminal } from "../../cli/terminal";
import { nearest } from "../../model/text/nearest";
import { gatehouse } from "./harness";

function terminalOf(env: Io["env"], terminal = true, run: Io["run"] = () => Promise.resolve({ status: 0, stdout: "", stderr: "" })) {
  const words: string[] = [];
  const none = () => Promise.reject(new Error("not due"));
  const io = atTerminal({
    stdout: () => undefined,
    stderr: (text) => void words.push(text),
    readStdin: none,
    readFile: none,
    readBytes: none,
    writeFile: none,
    createFile: none,
    createFolder: none,
    readFolder: none,
    openCluster: none,
    tlsPeer: none,
    fetch: none,
    now: () => new Date(0),
    run,
    env,
    terminal,
  });
  return { io, words };
}

describe("colour", () => {
  test.each<[string, Io["env"], boolean, boolean]>([
    ["at a terminal", {}, true, true],
    ["not with NO_COLOR", { NO_COLOR: "1" }, true, false],
    ["with an empty NO_COLOR, which counts as none", { NO_COLOR: "" }, true, true],
    ["not at a dumb terminal", { TERM: "dumb" }, true, false],
    ["not in a pipeline", {}, false, false],
  ])("%s", (_what, env, terminal, coloured) => {
    const { io, words } = terminalOf(env, terminal);
    io.stderr("a.yaml: warning: x\na.yaml: refused, 1 problem.\nplain\n");
    expect(words.join("")).toBe(
      coloured
        ? "a.yaml: \u001b[33mwarning:\u001b[0m x\na.yaml\u001b[31m: refused\u001b[0m, 1 problem.\nplain\n"
        : "a.yaml: warning: x\na.yaml: refused, 1 problem.\nplain\n",
    );
  });
});

describe("a program that runs for long", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const during = async (milliseconds: number, terminal: boolean): Promise<readonly string[]> => {
    let end: (result: { status: number; stdout: string; stderr: string }) => void = () => undefined;
    const { io, words } = terminalOf({ NO_COLOR: "1" }, terminal, () => new Promise((resolve) => (end = resolve)));
    const running = io.run("pulumi", ["preview", "--json", "--stack", "prod"]);
    await vi.advanceTimersByTimeAsync(milliseconds);
    end({ status: 0, stdout: "", stderr: "" });
    await running;
    await vi.advanceTimersByTimeAsync(60_000);
    return words;
  };

  test("is named after two seconds, then every fifteen, and no more when it has ended", async () => {
    expect(await during(1_999, true)).toEqual([]);
    expect(await during(2_000, true)).toEqual(["pulumi preview --json is running, 2 s\n"]);
    expect(await during(32_000, true)).toHaveLength(3);
  });

  test("is not named in a pipeline", async () => {
    expect(await during(32_000, false)).toEqual([]);
  });
});

describe("shell completion", () => {
  test("bash completes commands, second words and flags", async () => {
    const { status, stdout } = await gatehouse(["completion"]);
    expect(status).toBe(0);
    const complete = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "-c",
          `${stdout}\nCOMP_WORDS=(gatehouse ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _gatehouse; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8" },
      )
        .trim()
        .split("\n");
    expect(complete("va")).toEqual(["validate"]);
    expect(complete("token", "")).toContain("verify");
    expect(complete("token", "verify", "--non")).toEqual(["--nonce"]);
    expect(complete("preview", "--policy-pack-")).toEqual(["--policy-pack-config"]);
  });

  test.each(["bash", "zsh", "fish"])("%s names every command", async (shell) => {
    const { stdout } = await gatehouse(["completion", "--shell", shell]);
    for (const name of commandNames) {
      expect(stdout).toContain(name.split(" ").at(-1));
    }
  });
});

describe("did you mean", () => {
  test.each([
    ["okat", ["okta", "entra"], "okta"],
    ["Kasten", ["kasten", "kubernetes"], "kasten"],
    ["kubernets", ["kasten", "kubernetes"], "kubernetes"],
    ["saml", ["okta", "entra"], undefined],
    ["ok", ["entra"], undefined],
  ])("%s", (written, words, meant) => {
    expect(nearest(written, words)).toBe(meant);
  });

  test("keys and values of a stack file, one finding each", async () => {
    const text =
      "config:\n  gatehouse:idp: { kind: okat, orgUrl: https://example.okta.com }\n  gatehouse:groups: { a: { displayName: A, membrs: [] } }\n  gatehouse:platforms: {}\n";
    const { stderr } = await gatehouse(["validate", "s.yaml"], { files: { "s.yaml": text } });
    expect(stderr).toContain("gatehouse:idp.kind: expected one of okta, entra");
    expect(stderr).toContain("Fix: write okta, if that is meant.");
    const { stderr: keys } = await gatehouse(["validate", "s.yaml"], {
      files: { "s.yaml": text.replace("okat, orgUrl", "okta, requirPkce: true, orgUrl") },
    });
    expect(keys).toContain(
      "gatehouse:idp.requirPkce: expected a key that Gatehouse knows here, got an unknown key. Fix: write requirePkce, if that is meant, or remove it.",
    );
  });
});

test("dates that the engine has rewritten count as days, and the file is said to have them", async () => {
  const text = `config:
  gatehouse:idp: { kind: okta, orgUrl: https://example.okta.com }
  gatehouse:groups: { a: { displayName: A } }
  gatehouse:platforms:
    k10: { kind: kasten, host: https://k10.example.com, chart: { version: 8.0.15 }, access: [{ group: a, role: view, until: 2027-03-31 00:00:00 +0000 UTC }] }
`;
  const { status, stderr } = await gatehouse(["validate", "s.yaml"], { files: { "s.yaml": text } });
  expect(status).toBe(0);
  expect(stderr).toContain(
    "warning: the engine has rewritten dates such as '2027-03-31 00:00:00 +0000 UTC', when it added encryptionsalt: each counts as its day",
  );
});
