// Lints samples with the project's own rules. A process of its own: one program lints all samples.
// In, as JSON on stdin: [{ file, text, typed }]. Out, as JSON: for each sample its findings as [rule, message].
import { text } from "node:stream/consumers";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

// Rules that need types need a program. That of the whole project takes many seconds; this one holds a single file. Under
// CI=true the parser would read that file from the disk instead of the sample's text.
const typed = new ESLint({
  overrideConfig: {
    files: ["**/*.ts"],
    languageOptions: {
      parserOptions: { projectService: false, project: "test/lint/tsconfig.json", disallowAutomaticSingleRunInference: true },
    },
  },
});
const untyped = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    {
      rules: {
        "@pulumi/no-output-in-template-literal": "off",
        "@pulumi/no-output-instance-in-template-literal": "off",
      },
    },
  ],
});

const samples = JSON.parse(await text(process.stdin));
const findings = [];
for (const sample of samples) {
  const [result] = await (sample.typed ? typed : untyped).lintText(sample.text, { filePath: sample.file });
  findings.push(result.messages.map(({ ruleId, message }) => [ruleId, message]));
}
process.stdout.write(JSON.stringify(findings));
