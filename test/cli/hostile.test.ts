import { stableJson } from "../../model";
import { sampleDocument } from "../fixtures/sample";
import { claims, makeIssuer, type Issuer } from "../verifier/issuer";
import { gatehouse, type World } from "./harness";

let okta: Issuer;
let token: string;
beforeAll(async () => {
  okta = await makeIssuer();
  token = await okta.sign(claims());
});

const document = stableJson(sampleDocument());

describe("a token or secret at the wrong place is not repeated", () => {
  test.each<[string, (token: string) => string[]]>([
    ["without verify", (given) => ["token", given]],
    ["as the name of its file", (given) => ["token", "verify", "--file", given, "--env", "env.json"]],
    ["as an unknown option", (given) => ["token", "verify", `--tokn=${given}`]],
    ["as a number", (given) => ["token", "verify", "--skew", given]],
    ["as the document's file", (given) => ["token", "verify", "-", "--env", given]],
    ["as a platform", (given) => ["token", "verify", "--file", "token.txt", "--env", "env.json", "--platform", given]],
    ["as a command", (given) => [given]],
    ["as a stack file", (given) => ["validate", given]],
  ])("%s", async (_, argv) => {
    const files = { "env.json": document, "token.txt": token };
    const { status, stdout, stderr } = await gatehouse(argv(token), { files, stdin: token, fetch: okta.fetch });
    expect([status, stdout]).toEqual([64, ""]);
    const parts = token.split(".");
    expect(parts.filter((part) => stderr.includes(part))).toEqual([]);
  });

  test("a client secret or an access token instead of the name of its file", async () => {
    const login = await gatehouse(["login", "--env", "env.json", "--platform", "k10", "--client-secret-file", "hunter2"], {
      files: { "env.json": withDiagnosticRedirect() },
    });
    expect(login.status).toBe(64);
    expect(login.stderr).toContain("Expected a client secret in a file, got the name of one, which is not there.");
    const verify = ["token", "verify", "--file", "token.txt", "--env", "env.json", "--access-token-file", "00hunter2"];
    const { status, stderr } = await gatehouse(verify, { files: { "env.json": document, "token.txt": token } });
    expect([status, stderr]).toEqual([64, expect.not.stringContaining("hunter2")]);
  });
});

/** The sample with a diagnostic redirect of the platform's own client, which needs its secret. */
function withDiagnosticRedirect(): string {
  const sample = sampleDocument();
  const k10 = {
    ...sample.platforms["k10"],
    diagnosticRedirect: { uri: "http://localhost:18999/callback", clientAuthentication: "client_secret_basic" },
  };
  return stableJson({ ...sample, platforms: { ...sample.platforms, k10 } });
}

describe("documents that are none", () => {
  const engine: World["run"] = { status: 0, stdout: "", stderr: "" };
  const secret = "hunter2";
  test.each<[string, string]>([
    ["no JSON", secret],
    ["an unfinished one", `{ "stack": "${secret}"`],
    ["a text", JSON.stringify(secret)],
    ["a list", JSON.stringify([secret])],
    ["nothing", "null"],
    ["another version", JSON.stringify({ ...sampleDocument(), version: "gatehouse.dev/environment/v9" })],
    ["a field too many", JSON.stringify({ ...sampleDocument(), clientSecret: secret })],
    ["a group that is none", JSON.stringify({ ...sampleDocument(), groups: { auditors: secret } })],
    ["platforms as a list", JSON.stringify({ ...sampleDocument(), platforms: [] })],
  ])("%s: refused without a stack trace", async (_, text) => {
    const world = { files: { "env.json": text, "token.txt": token }, fetch: okta.fetch, run: engine };
    for (const argv of [
      ["report", "--env", "env.json"],
      ["token", "verify", "--file", "token.txt", "--env", "env.json"],
    ]) {
      const { status, stdout, stderr } = await gatehouse(argv, world);
      expect([argv[0], status, stdout]).toEqual([argv[0], 1, ""]);
      expect(stderr).not.toMatch(/Internal|at .*:\d+:\d+/);
    }
  });
});
