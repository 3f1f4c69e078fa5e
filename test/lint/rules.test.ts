import { lint, type Sample } from "./lint";

const lines = (count: number): string => "export {};\n".repeat(count);

const cases: [what: string, rule: string, bad: Sample, good: Sample][] = [
  [
    "any",
    "@typescript-eslint/no-explicit-any",
    { file: "model/sample.ts", text: "export const a = (b: any): unknown => b;\n" },
    { file: "model/sample.ts", text: "export const a = (b: unknown): unknown => b;\n" },
  ],
  [
    "a compiler error switched off",
    "@typescript-eslint/ban-ts-comment",
    { file: "lab/sample.ts", text: "// @ts-ignore\nexport const a = 1;\n" },
    { file: "lab/sample.ts", text: "// @ts-expect-error the vendor's types lack it\nexport const a: string = 1;\n" },
  ],
  [
    "a file of more than 350 lines",
    "max-lines",
    { file: "scripts/sample.mjs", text: lines(351) },
    { file: "scripts/sample.mjs", text: lines(350) },
  ],
  [
    "a function of more than 60 lines",
    "max-lines-per-function",
    { file: "lab/sample.ts", text: `export function a(): void {\n${"  a();\n".repeat(59)}}\n` },
    { file: "lab/sample.ts", text: `export function a(): void {\n${"  a();\n".repeat(58)}}\n` },
  ],
  [
    "a skipped test",
    "no-restricted-syntax",
    { file: "test/sample.test.ts", text: 'test.skip("a", () => undefined);\n' },
    { file: "test/sample.test.ts", text: 'test.each([1])("a", () => undefined);\n' },
  ],
  [
    "the lab named in product code",
    "no-restricted-syntax",
    { file: "components/sample.ts", text: 'export const host = "the emulator";\n' },
    { file: "lab/sample.ts", text: 'export const host = "the emulator";\n' },
  ],
  [
    "the lab named in a comment of product code",
    "no-warning-comments",
    { file: "cli/sample.ts", text: "// works with the stand-in too\nexport {};\n" },
    { file: "lab/sample.ts", text: "// works with the stand-in too\nexport {};\n" },
  ],
  [
    "an engine in a pure part",
    "no-restricted-imports",
    { file: "verifier/sample.ts", text: 'import "@pulumi/pulumi";\n' },
    { file: "components/sample.ts", text: 'import "@pulumi/pulumi";\n' },
  ],
  [
    "words on stdout",
    "no-console",
    { file: "reports/sample.ts", text: 'console.log("a");\n' },
    { file: "lab/sample.ts", text: 'console.log("a");\n' },
  ],
  [
    "an output in a template literal, which would read 'Calling [toString] on an [Output<T>]'",
    "@pulumi/no-output-in-template-literal",
    {
      file: "test/lint/output-sample.ts",
      typed: true,
      text: 'import * as pulumi from "@pulumi/pulumi";\nconst a: pulumi.Output<string> = pulumi.output("b");\nexport const c = `${a}`;\n',
    },
    {
      file: "test/lint/output-sample.ts",
      typed: true,
      text: 'import * as pulumi from "@pulumi/pulumi";\nconst a: pulumi.Output<string> = pulumi.output("b");\nexport const c = pulumi.interpolate`${a}`;\n',
    },
  ],
];

let findings: string[][];

beforeAll(async () => {
  const all = await lint(cases.flatMap(([, , bad, good]) => [bad, good]));
  findings = all.map((found) => found.map(([rule]) => rule));
});

test.each(cases.map(([what, rule], position) => [what, rule, position] as const))(
  "%s is found (%s), its remedy is not",
  (_what, rule, position) => {
    expect(findings[2 * position]?.filter((id) => id === rule)).toEqual([rule]);
    expect(findings[2 * position + 1]?.filter((id) => id === rule)).toEqual([]);
  },
);
