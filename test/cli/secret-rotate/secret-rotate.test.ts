import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Document, parse, parseDocument, type Node } from "yaml";
import { addRotationDay } from "../../../cli/secret-rotate/add-day";
import { StackFileEditError } from "../../../cli/yaml-edit";
import { gatehouse } from "../harness";

const idp = (secret: string): string => `    kind: entra
    tenantId: 6d2374b4-aceb-42ac-966a-716a93f07db0
${secret}`;

const rest = `  gatehouse:groups:
    admins: { displayName: Kasten Admins }
  gatehouse:platforms:
    k10:
      kind: kasten
      host: https://k10.example.com
      chart: { version: 8.0.15 }
      access: [{ group: admins, role: admin }]
`;

const stackFile = (secret = "    secret: { lifetime: 180d, rotateEvery: 90d, overlap: 14d }\n"): string =>
  `config:\n  gatehouse:idp:\n${idp(secret)}${rest}`;

const rotate = (text: string, ...flags: string[]) =>
  gatehouse(["secret", "rotate", "stack.yaml", ...flags], { files: { "stack.yaml": text } });

describe("the file", () => {
  const added = '"2026-11-23"';
  test.each<[string, string, string]>([
    ["no secret settings", "", `    secret: { rotatedOn: [${added}] }\n`],
    ["a flow mapping", "    secret: { lifetime: 180d } # why\n", `    secret: { lifetime: 180d, rotatedOn: [${added}] } # why\n`],
    ["an empty mapping", "    secret: {}\n", `    secret: { rotatedOn: [${added}] }\n`],
    [
      "a block mapping with comments",
      "    # how often\n    secret:\n      lifetime: 180d # CISA\n      rotateEvery:  90d   # quarterly\n\n    # end\n",
      `    # how often\n    secret:\n      lifetime: 180d # CISA\n      rotateEvery:  90d   # quarterly\n      rotatedOn: [${added}]\n\n    # end\n`,
    ],
    ["an empty list", "    secret: { rotatedOn: [] }\n", `    secret: { rotatedOn: [${added}] }\n`],
    ["a list in one line", '    secret: { rotatedOn: ["2026-10-01" ] }\n', `    secret: { rotatedOn: ["2026-10-01", ${added} ] }\n`],
    [
      "a list of lines",
      "    secret:\n      rotatedOn:\n        - 2026-10-01 # leaked\n        # the last\n        - '2026-10-02'\n      overlap: 7d\n",
      `    secret:\n      rotatedOn:\n        - 2026-10-01 # leaked\n        # the last\n        - '2026-10-02'\n        - ${added}\n      overlap: 7d\n`,
    ],
    [
      "a list of lines that is not indented",
      '    secret:\n      rotatedOn:\n      - "2026-10-01"\n',
      `    secret:\n      rotatedOn:\n      - "2026-10-01"\n      - ${added}\n`,
    ],
  ])("with %s: one insertion, every other byte as it was", async (_what, before, after) => {
    const { status, written } = await rotate(stackFile(before));
    expect(status).toBe(0);
    expect(written).toEqual({ "stack.yaml": stackFile(after) });
  });

  test("line ends of Windows stay", () => {
    const text = stackFile("    secret:\n      overlap: 7d\n").replaceAll("\n", "\r\n");
    expect(addRotationDay(text, "2026-11-23")).toBe(
      stackFile(`    secret:\n      overlap: 7d\n      rotatedOn: [${added}]\n`).replaceAll("\n", "\r\n"),
    );
  });

  test("a key without namespace is the project's, as the engine reads it", async () => {
    const { status, stderr } = await rotate(stackFile().replace("gatehouse:idp", "idp"));
    expect(status).toBe(0);
    expect(stderr).toContain("stack.yaml: 2026-11-23 was added to idp.secret.rotatedOn.");

    const text = "config:\n  idp: { kind: entra }\n";
    expect(addRotationDay(text, "2026-11-23", "idp")).toBe(`config:\n  idp: { kind: entra, secret: { rotatedOn: [${added}] } }\n`);
  });

  test("a file without a last line end is not glued together", () => {
    const text = "config:\n  gatehouse:idp:\n    kind: entra";
    expect(addRotationDay(text, "2026-11-23")).toBe(`${text}\n    secret: { rotatedOn: [${added}] }`);
  });

  test("the lab's own stack files keep their text", () => {
    for (const name of ["lab-k10-entra", "lab-k10-okta"]) {
      const text = readFileSync(join(__dirname, "../../../stacks", `Pulumi.${name}.yaml`), "utf8");
      const edited = addRotationDay(text, "2026-11-23");
      const lines = new Set(edited.split("\n"));
      expect(text.split("\n").filter((line) => !lines.has(line)).length).toBeLessThanOrEqual(1);
      expect(parseDocument(edited).getIn(["config", "gatehouse:idp", "secret", "rotatedOn", 0])).toBe("2026-11-23");
    }
  });

  test("whatever the mapping looks like, the day is added and nothing else changes", () => {
    const days = fc.array(fc.constantFrom("2026-01-02", "2026-03-04", "2026-05-06"), { maxLength: 3 });
    fc.assert(
      fc.property(days, fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 6 }), (before, flow, other, indent) => {
        const document = new Document<Node>(null);
        const secret = { ...(other ? { overlap: "7d" } : {}), rotatedOn: before };
        document.contents = document.createNode({ config: { "gatehouse:idp": { kind: "entra", secret } } }, { flow });
        const text = document.toString({ indent });
        const edited = parse(addRotationDay(text, "2026-11-23")) as unknown;
        expect(edited).toEqual({
          config: { "gatehouse:idp": { kind: "entra", secret: { ...secret, rotatedOn: [...before, "2026-11-23"] } } },
        });
      }),
    );
  });

  test.each([
    ["an idp in JSON text", `config:\n  gatehouse:idp: '{"kind":"entra"}'\n`, "config.gatehouse:idp: expected a mapping written as YAML"],
    ["no idp", "config: {}\n", "config.gatehouse:idp: expected a mapping written as YAML, got nothing"],
    [
      "secret settings that are an alias",
      "a: &a { overlap: 7d }\nconfig:\n  gatehouse:idp:\n    secret: *a\n",
      "config.gatehouse:idp.secret",
    ],
    ["days that are no list", "config:\n  gatehouse:idp:\n    secret:\n      rotatedOn:\n", "secret.rotatedOn: expected a list of days"],
    ["YAML that cannot be read", "config: [", "readable YAML"],
  ])("%s cannot be changed in place, and the error says what to do", (_what, text, words) => {
    const act = (): string => addRotationDay(text, "2026-11-23");
    expect(act).toThrow(StackFileEditError);
    expect(act).toThrow(words);
    expect(act).toThrow("Fix: ");
  });
});

describe("what the next up does", () => {
  test("on Entra ID: the new secret beside the old one, with the days", async () => {
    const { stderr, stdout } = await rotate(stackFile());
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "stack.yaml: 2026-11-23 was added to gatehouse:idp.secret.rotatedOn.\n" +
        "The next `pulumi up` makes a client secret at Entra ID for k10, valid until 2027-05-22T00:00:00Z; hands it over under a new Secret name; the pods that read it are rolled.\n" +
        "Beside it the one of 2026-09-04 stays valid; the first `pulumi up` from 2026-12-03 on removes it.\n",
    );
  });

  test("on Okta: beside the old one, as on Entra ID", async () => {
    const text = `config:\n  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com" }\n${rest}`;
    const { status, stderr } = await rotate(text);
    expect(status).toBe(0);
    expect(stderr).toContain("Beside it the first one stays valid; the first `pulumi up` from 2026-12-07 on removes it.\n");
  });

  test("--json is the plan; --dry-run writes nothing", async () => {
    const { status, stdout, stderr, written } = await rotate(stackFile(), "--json", "--dry-run");
    expect(status).toBe(0);
    expect(written).toBeUndefined();
    expect(stderr).toContain("2026-11-23 would be added to gatehouse:idp.secret.rotatedOn; nothing was written (--dry-run).");
    expect(JSON.parse(stdout)).toMatchObject({
      file: "stack.yaml",
      written: false,
      refused: null,
      platforms: ["k10"],
      present: { start: "2026-09-04", expiresAt: "2027-03-03T00:00:00Z" },
      next: { start: "2026-11-23", expiresAt: "2027-05-22T00:00:00Z" },
      // The calendar's next secret, on 2026-12-03, comes before the overlap of 14 days is over.
      presentEndsFrom: "2026-12-03T00:00:00Z",
      warnings: [],
    });
  });

  test("a full overlap where the calendar does not cut it short", async () => {
    const { stdout } = await rotate(stackFile(), "--json", "--today", "2026-10-10");
    expect(JSON.parse(stdout)).toMatchObject({ next: { start: "2026-10-10" }, presentEndsFrom: "2026-10-24T00:00:00Z" });
  });

  test("a rotation inside an overlap warns that the oldest secret goes", async () => {
    const { status, stderr } = await rotate(stackFile('    secret: { rotatedOn: ["2026-11-20"] }\n'));
    expect(status).toBe(0);
    expect(stderr).toContain("Warning: The secret of 2026-09-04 is still in its overlap, and at most two are valid at once");
  });
});

describe("is refused, and nothing is written", () => {
  test.each([
    ["a second rotation on one day", stackFile('    secret: { rotatedOn: ["2026-11-23"] }\n'), "there is one a day"],
    ["a stack file that is wrong", stackFile("    colour: blue\n"), "idp.colour: expected a key that Gatehouse knows here"],
    ["a stack file that is no YAML", "config: [", "expected YAML that can be read"],
  ])("%s", async (_what, text, words) => {
    const { status, stderr, written } = await rotate(text);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
    expect(written).toBeUndefined();
  });

  test("a day of the calendar's own rotation", async () => {
    const { status, stdout } = await rotate(stackFile(), "--json", "--today", "2026-12-03");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      written: false,
      next: null,
      refused: expect.stringContaining("pulumi up --replace") as string,
    });
  });

  test("a stack whose platforms have no client secret", async () => {
    const text = `config:
  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com", authorizationServer: { existing: default } }
  gatehouse:groups: { admins: { displayName: Admins } }
  gatehouse:platforms:
    cluster: { kind: kubernetes, server: "https://k8s.example.com", access: [{ group: admins, role: view, namespaces: [shop] }] }
`;
    const { status, stderr } = await rotate(text);
    expect(stderr).toContain("There is nothing to rotate: no platform of this stack has a client secret.");
    expect(status).toBe(1);
  });

  test.each([
    ["standard input", ["secret", "rotate", "-"], "cannot be changed in place"],
    ["a file that is not there", ["secret", "rotate", "none.yaml"], "which is not there"],
    ["no day", ["secret", "rotate", "stack.yaml", "--today", "soon"], "Expected a day as YYYY-MM-DD."],
    ["nothing named", ["secret", "rotate"], "Expected a stack file, --config-file or --stack, got none of them."],
    ["a file and a stack", ["secret", "rotate", "stack.yaml", "--stack", "production"], "Expected a stack file, or --stack, got both."],
    ["two files", ["secret", "rotate", "stack.yaml", "--config-file", "other.yaml"], "Expected a stack file, or --config-file, got both."],
  ])("%s is a matter of usage", async (_what, argv, words) => {
    expect(await gatehouse(argv)).toMatchObject({ status: 64, stdout: "", stderr: expect.stringContaining(words) as string });
  });
});

describe("a stack's own file", () => {
  const changed = stackFile('    secret: { rotatedOn: ["2026-11-23"] }\n');

  test.each([
    ["beside Pulumi.yaml", { "Pulumi.yaml": "name: access\n" }, ["--stack", "production"], "Pulumi.production.yaml"],
    ["where Pulumi.yaml says nothing", { "Pulumi.yaml": "" }, ["--stack", "production"], "Pulumi.production.yaml"],
    [
      "in the folder of the project",
      { "Pulumi.yaml": "stackConfigDir: stacks\n" },
      ["--stack", "production"],
      "stacks/Pulumi.production.yaml",
    ],
    ["by its full name", { "Pulumi.yaml": "name: access\n" }, ["--stack", "acme/access/production"], "Pulumi.production.yaml"],
    ["--config-file, whatever the stack is", {}, ["--stack", "production", "--config-file", "given.yaml"], "given.yaml"],
  ])("%s", async (_what, files, flags, file) => {
    const outcome = await gatehouse(["secret", "rotate", ...flags], { files: { ...files, [file]: stackFile("") } });
    expect(outcome).toMatchObject({ status: 0, written: { [file]: changed } });
  });
});
