import { stableJson } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { claims, makeIssuer, seconds, type Issuer } from "../../verifier/issuer";
import { gatehouse, type World } from "../harness";

let okta: Issuer;
let token: string;
beforeAll(async () => {
  okta = await makeIssuer();
  token = await okta.sign(claims());
});

const document = JSON.stringify(sampleDocument());

/** `gatehouse token verify` with the token and the document in files. */
async function verify(flags: readonly string[] = [], changes?: Record<string, unknown>, world: World = {}) {
  const signed = changes === undefined ? token : await okta.sign(claims(changes));
  const files = { "token.txt": signed, "env.json": document };
  return gatehouse(["token", "verify", "--file", "token.txt", "--env", "env.json", ...flags], { fetch: okta.fetch, files, ...world });
}

describe("exit statuses", () => {
  test("0: accepted; words on stderr, nothing on stdout", async () => {
    const { status, stdout, stderr } = await verify();
    expect(status).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("The token is accepted by 'k10' until 2026-11-23T13:00:00.000Z.\n");
    expect(stderr).not.toContain(token.slice(0, 20));
  });

  test("1: the token is bad", async () => {
    expect(await verify([], { exp: seconds - 3600 })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("The token is bad (expired).") as string,
    });
  });

  test("2: the token is good, but opens nothing", async () => {
    expect(await verify([], { groups: ["Developers"] })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("The token is good, but opens nothing at 'k10' (no_grant).") as string,
    });
  });

  test("3: the issuer does not answer", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    expect(await verify([], undefined, { fetch })).toMatchObject({
      status: 3,
      stdout: "",
      stderr:
        "Expected the discovery document at https://example.okta.com/.well-known/openid-configuration, got no answer: fetch failed.\n",
    });
  });

  test("70: a fault of ours, with the place only for who asks", async () => {
    const files = { "token.txt": token, "env.json": document };
    const broken = { files, fetch: okta.fetch, stdin: undefined };
    const argv = ["token", "verify", "-", "--env", "env.json"];
    expect(await gatehouse(argv, broken)).toMatchObject({ status: 70, stderr: "Internal fault: No standard input was due.\n" });
    const debugged = await gatehouse(argv, { ...broken, env: { GATEHOUSE_DEBUG: "1" } });
    expect(debugged.stderr).toContain("harness.ts");
  });
});

describe("the token", () => {
  test("as argument is accepted, with a warning", async () => {
    const { status, stderr } = await gatehouse(["token", "verify", token, "--env", "env.json"], {
      fetch: okta.fetch,
      files: { "env.json": document },
    });
    expect(status).toBe(0);
    expect(stderr).toContain(
      "Warning: a token given as argument can be read by other users of this machine and stays in the shell's history. Prefer --file, or - for standard input.\n",
    );
  });

  test.each([
    ["argument", ["-"]],
    ["--file", ["--file", "-"]],
  ])("from standard input by %s, without a warning", async (_, flags) => {
    const { status, stderr } = await gatehouse(["token", "verify", ...flags, "--env", "env.json"], {
      fetch: okta.fetch,
      files: { "env.json": document },
      stdin: `${token}\n`,
    });
    expect(status).toBe(0);
    expect(stderr).not.toContain("Warning");
  });

  test.each([
    ["neither", ["--env", "env.json"], "got neither"],
    ["both", [".", "--file", "token.txt", "--env", "env.json"], "got both"],
    ["standard input twice", ["-", "--env", "-"], "Expected at most one input from standard input (-), got several."],
    ["a file that is not there", ["--file", "/nowhere/token"], "Expected a token in /nowhere/token, which is not there."],
  ])("%s is a matter of usage", async (_, flags, words) => {
    expect(await gatehouse(["token", "verify", ...flags])).toMatchObject({ status: 64, stderr: expect.stringContaining(words) as string });
  });
});

describe("the document", () => {
  const file = ["token", "verify", "--file", "token.txt"];
  const world = (more: World = {}): World => ({ fetch: okta.fetch, files: { "token.txt": token }, ...more });
  const outputs = JSON.stringify({ environment: sampleDocument() });

  test("--env - reads standard input, also whole stack outputs", async () => {
    expect((await gatehouse([...file, "--env", "-"], world({ stdin: outputs }))).status).toBe(0);
  });

  test("--stack asks Pulumi", async () => {
    const result = await gatehouse([...file, "--stack", "prod"], world({ run: { status: 0, stdout: outputs, stderr: "" } }));
    expect(result).toMatchObject({ status: 0, runs: ["pulumi stack output --json --non-interactive --color never --stack prod"] });
  });

  test("without either, the selected stack is asked", async () => {
    const result = await gatehouse(file, world({ run: { status: 0, stdout: outputs, stderr: "" } }));
    expect(result).toMatchObject({ status: 0, runs: ["pulumi stack output --json --non-interactive --color never"] });
  });

  test.each([
    [
      "fails",
      { status: 255, stdout: "", stderr: "warning\nerror: no stack named 'prod' found\n" },
      "it ended with status 255: error: no stack named 'prod' found",
    ],
    ["is not there", { status: null, stdout: "", stderr: "spawn pulumi ENOENT" }, "it could not be started: spawn pulumi ENOENT"],
  ])("Pulumi %s: status 3, with what it said", async (_, run, words) => {
    expect(await gatehouse([...file, "--stack", "prod"], world({ run }))).toMatchObject({
      status: 3,
      stderr: `Expected the stack's outputs from \`pulumi stack output --json --non-interactive --color never --stack prod\`, but ${words}\nFix: run it in the project's folder, or pass the document with --env.\n`,
    });
  });

  test("--env and --stack together", async () => {
    expect(await gatehouse([...file, "--stack", "prod", "--env", "env.json"], world())).toMatchObject({
      status: 64,
      stderr: "Expected one of --env and --stack, got both.\n",
    });
  });

  test.each([
    ["no JSON", "version: 1", "Expected JSON from env.json, got something else."],
    ["another JSON", "{}", "Expected an environment document of version gatehouse.dev/environment/v1"],
  ])("%s is refused", async (_, text, words) => {
    expect(await gatehouse([...file, "--env", "env.json"], world({ files: { "token.txt": token, "env.json": text } }))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(words) as string,
    });
  });
});

describe("flags", () => {
  test("--platform chooses, and must exist", async () => {
    expect((await verify(["--platform", "k10-dr"])).status).toBe(2);
    expect((await verify(["--platform", "k10-dr"], { aud: "0oa2dr" })).status).toBe(0);
    expect(await verify(["--platform", "k11"])).toMatchObject({
      status: 64,
      stderr: 'Expected a platform of the environment (k10, k10-dr), got "k11".\n',
    });
  });

  describe("groups at the userinfo endpoint", () => {
    const thin = { groups: undefined };
    const answer = JSON.stringify({ sub: "00u1ana", groups: ["Kasten Users"] });

    test("--userinfo reads what it said", async () => {
      const withFile = async (text: string) => {
        const signed = await okta.sign(claims(thin));
        const files = { "token.txt": signed, "env.json": document, "userinfo.json": text };
        const argv = ["token", "verify", "--file", "token.txt", "--env", "env.json", "--userinfo", "userinfo.json"];
        return gatehouse(argv, { files, fetch: okta.fetch });
      };
      expect(await withFile(answer)).toMatchObject({ status: 0, stderr: expect.stringContaining("as okta:Kasten Users.") as string });
      expect((await withFile(answer.replace("00u1ana", "00u2bob"))).status).toBe(2);
      expect(await withFile("[]")).toMatchObject({ status: 64, stderr: "Expected a JSON object from --userinfo, got something else.\n" });
      expect(await withFile("{")).toMatchObject({ status: 64, stderr: "Expected a JSON object from --userinfo, got something else.\n" });
    });

    test("--access-token-file asks it", async () => {
      const flags = ["--access-token-file", "-"];
      const asked = await verify(flags, thin, { stdin: "access-1\n" });
      expect(asked).toMatchObject({ status: 0, stderr: expect.stringContaining("as okta:Kasten Users.") as string });
      const refused = await verify(flags, thin, { stdin: "access-2\n" });
      expect(refused).toMatchObject({
        status: 3,
        stderr: "Expected the userinfo answer at https://example.okta.com/oauth2/v1/userinfo, got status 401.\n",
      });
      expect(asked.stderr + refused.stderr).not.toContain("access-");
    });

    test("without either, the remedy names them", async () => {
      expect(await verify([], thin)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("(--userinfo) or its access token (--access-token-file)") as string,
      });
    });

    test("both are a matter of usage", async () => {
      expect(await verify(["--userinfo", "a", "--access-token-file", "b"])).toMatchObject({
        status: 64,
        stderr: "Expected one of --userinfo and --access-token-file, got both.\n",
      });
    });
  });

  test("--nonce compares", async () => {
    expect((await verify(["--nonce", "n-1"], { nonce: "n-1" })).status).toBe(0);
    expect((await verify(["--nonce", "n-1"], { nonce: "n-2" })).status).toBe(1);
  });

  test("--skew widens, and takes whole seconds", async () => {
    expect((await verify(["--skew", "0"], { exp: seconds - 1 })).status).toBe(1);
    expect((await verify(["--skew", "300"], { exp: seconds - 299 })).status).toBe(0);
    expect(await verify(["--skew", "1m"])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("Expected whole seconds from 0 to 9999.") as string,
    });
  });

  test("--require-mfa wants amr or acr, or the named context", async () => {
    expect((await verify(["--require-mfa"])).status).toBe(2);
    expect((await verify(["--require-mfa"], { amr: ["mfa"] })).status).toBe(0);
    expect((await verify(["--require-mfa", "c1"], { amr: ["mfa"] })).status).toBe(2);
    expect((await verify(["--require-mfa", "c1"], { acrs: ["c1"] })).status).toBe(0);
  });

  test("--json prints the verdict with its RBAC, keys sorted, without the token", async () => {
    const { stdout, stderr } = await verify(["--json"]);
    const verdict = JSON.parse(stdout) as Record<string, unknown>;
    expect(verdict).toMatchObject({
      outcome: "accepted",
      code: null,
      platform: "k10",
      identity: { username: "okta:00u1ana", groups: ["okta:Kasten Admins"] },
      rbac: [
        { kind: "ClusterRoleBinding", roleRef: { kind: "ClusterRole", name: "k10-admin" }, subject: "okta:Kasten Admins" },
        { kind: "RoleBinding", namespace: "kasten-io", roleRef: { kind: "Role", name: "k10-ns-admin" }, subject: "okta:Kasten Admins" },
      ],
    });
    expect(stdout).toBe(`${stableJson(verdict, 2)}\n`);
    expect(stderr).toContain("The token is accepted");
    expect(stdout + stderr).not.toContain(token.split(".")[2]);
  });

  test("--json says that nothing was decided", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const { status, stdout } = await verify(["--json"], undefined, { fetch });
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      version: "gatehouse.dev/token-verification/v1",
      outcome: "undecided",
      code: "unreachable",
      message: "Expected the discovery document at https://example.okta.com/.well-known/openid-configuration, got no answer: fetch failed.",
    });
  });
});
