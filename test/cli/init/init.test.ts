import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { processIo } from "../../../cli/io";
import { main } from "../../../cli/main";
import { identityProviders, judgeEnvironment, platforms } from "../../../model";
import { gatehouse } from "../harness";

const today = "2026-11-23";

test("writes a project: package, program of three lines, stack file with the schema line, policy configuration", async () => {
  const { status, written = {}, stderr } = await gatehouse(["init", "access", "--idp", "okta", "--platforms", "kasten"]);
  expect(status).toBe(0);
  expect(Object.keys(written)).toEqual(
    ["package.json", "Pulumi.yaml", "index.ts", "tsconfig.json", "Pulumi.production.yaml", "policy-config.json", ".gitignore"].map((name) =>
      join("access", name),
    ),
  );
  expect(written["access/index.ts"]).toBe('import { program } from "gatehouse/program";\n\nexport = program;\n');
  expect(parse(written["access/Pulumi.yaml"] ?? "")).toMatchObject({ name: "access", runtime: { name: "nodejs" } });
  expect(written["access/Pulumi.production.yaml"]?.split("\n")[0]).toBe(
    "# yaml-language-server: $schema=node_modules/gatehouse/schemas/environment.schema.json",
  );
  const manifest = JSON.parse(written["access/package.json"] ?? "") as { dependencies: object; scripts: Record<string, string> };
  expect(manifest.dependencies).toEqual({ gatehouse: expect.stringMatching(/^\^\d+\.\d+\.\d+$/) as string });
  expect(manifest.scripts["validate"]).toBe("gatehouse validate Pulumi.production.yaml");
  expect(stderr).toContain("Next: fill in access/Pulumi.production.yaml; then in that folder: npm install, pulumi stack init production");
});

/** Every pair is one that works, or is refused before a file is made: a newcomer's first file is never one that validate refuses. */
const pairs = Object.values(identityProviders)
  .filter(({ sample }) => sample !== undefined)
  .flatMap(({ kind }) => Object.keys(platforms).map((platform) => `${kind} ${platform}`));
const refusedPairs = ["entra kubesphere3", "entra kubesphere4"];

test.each(pairs)("%s: a stack file that validate accepts, or a refusal in words and no file", async (pair) => {
  const [idp = "", platform = ""] = pair.split(" ");
  const { status, stderr, written = {} } = await gatehouse(["init", "x", "--idp", idp, "--platforms", platform]);
  if (refusedPairs.includes(pair)) {
    expect([status, written]).toEqual([64, {}]);
    expect(stderr).toMatch(
      /^Expected platforms that work with the identity provider, and with each other; nothing was made\.\n- expected a platform that works with /,
    );
    return;
  }
  expect(status).toBe(0);
  const { config } = parse(written["x/Pulumi.production.yaml"] ?? "") as { config: Record<string, unknown> };
  const raw = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("gatehouse:", ""), value]));
  expect(judgeEnvironment(raw, today).problems).toEqual([]);
});

test("the API server on Okta begins with a custom server, which alone puts groups into the token; Kasten does not", async () => {
  const idpOf = async (platform: string): Promise<string> =>
    (await gatehouse(["init", "x", "--idp", "okta", "--platforms", platform])).written?.["x/Pulumi.production.yaml"] ?? "";
  expect(await idpOf("kasten,kubernetes")).toContain("authorizationServer:\n      existing: default\n");
  expect(await idpOf("kasten")).not.toContain("authorizationServer");
});

test.each(["github-actions", "gitlab"] as const)("--pipeline %s is YAML that names the stack", async (pipeline) => {
  const { written = {} } = await gatehouse([
    "init",
    ".",
    "--idp",
    "entra",
    "--platforms",
    "kasten,openunison",
    "--stack",
    "live",
    "--pipeline",
    pipeline,
    "--name",
    "Our Access!",
  ]);
  const [file = ""] = Object.keys(written).filter((name) => /gitlab-ci|workflows/.test(name));
  expect(() => parse(written[file] ?? "") as unknown).not.toThrow();
  expect(written[file]).toContain("gatehouse drift --stack live");
  expect(parse(written["Pulumi.yaml"] ?? "")).toMatchObject({ name: "our-access" });
});

test("what is there already stays, and is named", async () => {
  const files = { "x/package.json": "{}" };
  const { written = {}, stderr } = await gatehouse(["init", "x", "--idp", "okta", "--platforms", "kasten"], { files });
  expect(written).not.toHaveProperty(["x/package.json"]);
  expect(stderr).toContain("kept x/package.json, which was there already");
});

describe("what is not given", () => {
  test("is asked for at a terminal", async () => {
    const answers = ["okta", "kasten, kubernetes"];
    const { status, written = {} } = await gatehouse(["init", "x"], { ask: () => Promise.resolve(answers.shift() ?? "") });
    expect(status).toBe(0);
    expect(written["x/Pulumi.production.yaml"]).toContain("kind: kubernetes");
  });

  test("must be given elsewhere", async () => {
    expect(await gatehouse(["init", "x"])).toMatchObject({
      status: 64,
      stderr: "Expected --idp, since there is no terminal to ask at, got none.\n",
    });
  });

  test.each([
    [["--idp", "okto", "--platforms", "kasten"], "Expected one of okta, entra, keycloak, got 'okto'."],
    [["--idp", "okta", "--platforms", "kasten,k8s"], "got 'k8s'"],
    [["--idp", "okta", "--platforms", "kasten", "--stack", "../x"], "Expected --stack with letters"],
  ])("%j is refused", async (flags, words) => {
    expect(await gatehouse(["init", "x", ...flags])).toMatchObject({ status: 64, stderr: expect.stringContaining(words) as string });
  });
});

test("on a real disk: files are made once, and a second run changes none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-init-"));
  try {
    const run = () =>
      main(["init", "new", "--cwd", folder, "--idp", "okta", "--platforms", "kasten"], { ...processIo, stderr: () => undefined });
    expect(await run()).toBe(0);
    const before = readFileSync(join(folder, "new/package.json"), "utf8");
    expect(JSON.parse(before)).toMatchObject({ name: "new" });
    expect(await run()).toBe(0);
    expect(readFileSync(join(folder, "new/package.json"), "utf8")).toBe(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
