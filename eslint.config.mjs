import { createRequire } from "node:module";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, globalIgnores } from "eslint/config";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// @pulumi/eslint-plugin says `export =`; its rules run on eslint 9 as they are.
const pulumi = createRequire(import.meta.url)("@pulumi/eslint-plugin");
const root = path.dirname(fileURLToPath(import.meta.url));

/** Imports point one way (docs: Layout). What each folder may import besides itself; a folder that is not here may import anything. */
const mayImport = {
  model: [],
  components: ["model"],
  verifier: ["model"],
  reports: ["model"],
  policies: ["model"],
  plugin: ["components"],
  stacks: ["components", "model"],
  cli: ["model", "policies", "reports", "verifier"],
  lab: ["model", "policies", "verifier"],
};
const folders = [...Object.keys(mayImport), "bench", "scripts", "test"];

/** Each identity provider, and each platform, stands alone: adding or removing one touches no other. */
const siblings = [
  ...["components", "model"].flatMap((top) => [`${top}/identity-providers`, `${top}/platforms`]),
  "lab/vendors",
  "lab/story/relying-parties",
].flatMap((parent) =>
  existsSync(path.join(root, parent))
    ? readdirSync(path.join(root, parent), { withFileTypes: true })
        // The OpenID provider is what the lab's vendors share: it is no vendor itself.
        .filter((entry) => entry.isDirectory() && entry.name !== "openid")
        .map((entry) => ({ parent, folder: `${parent}/${entry.name}` }))
    : [],
);

const zones = [
  ...Object.entries(mayImport).flatMap(([folder, allowed]) =>
    folders
      .filter((other) => other !== folder && !allowed.includes(other))
      .map((other) => ({
        target: `./${folder}`,
        from: `./${other}`,
        message: `${folder}/ may import ${["itself", ...allowed.map((name) => `${name}/`)].join(", ")} only.`,
      })),
  ),
  ...siblings.flatMap(({ folder, parent }) => [
    {
      target: `./${folder}`,
      from: siblings.filter((other) => other.folder !== folder).map((other) => `./${other.folder}`),
      message: `${folder}/ stands alone: identity providers and platforms never import each other. Share what stands beside them in ${parent}/.`,
    },
  ]),
];

/** Pure parts start in milliseconds and are used where no engine is. */
const withoutPulumi = ["model", "verifier", "reports", "cli"];
const product = ["components", "model", "verifier", "policies", "reports", "cli", "stacks", "plugin"];
const files = (names) => names.map((name) => `${name}/**/*.ts`);

const noSkippedTests = {
  selector: "CallExpression[callee.object.name=/^(describe|it|test)$/][callee.property.name=/^(only|skip|todo)$/]",
  message: "A test that does not run proves nothing. Mend it or remove it.",
};

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", "**/coverage/", ".gatehouse/", "examples/", "templates/", "lab/story/charts/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    // Files do not grow beyond what one sitting can read, whatever their kind.
    files: ["**/*.{ts,mts,js,mjs,cjs}"],
    rules: {
      curly: ["error", "all"],
      "max-lines": ["error", { max: 350 }],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
    },
  },
  {
    // Nor functions; a test's own body is a list of cases.
    files: ["**/*.{ts,mts,js,mjs,cjs}"],
    ignores: ["**/test/**"],
    rules: { "max-lines-per-function": ["error", { max: 60, IIFEs: true }] },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: root } },
    plugins: { "@pulumi": pulumi, "import-x": importX },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ project: path.join(root, "tsconfig.json") })] },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "import-x/no-restricted-paths": ["error", { basePath: root, zones }],
      // A compiler error is mended, or expected with a reason; it is never switched off.
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-ignore": true, "ts-nocheck": true, "ts-expect-error": "allow-with-description" },
      ],
      // Numbers in messages are wanted ("3 problems"); everything else that stringifies oddly stays an error.
      // A test that nobody awaits is how Node's own runner is used.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "it", "describe", "suite"] }] },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `_` says that a parameter or a rest sibling is left out on purpose.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      // An empty text, or 0 of a wire format, is no value: `environment.X || otherwise` means that.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true, number: true } }],
      // `() => doIt()` in a callback and `return refuse(...)` out of a handler that returns nothing are plain to read.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // `void promise` at the end of a program, `while (true)` in a loop with its own exit.
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      // Two comparisons of whole types that take a quarter of the time here, and find nothing: hardly an enum, hardly a class.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      // A kind that correlates a table's entry with its spec stands once in a signature: setUp<Kind>(inputs: Inputs<Kind>).
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Splitting a text into code points is what is wanted where it is done (control characters, display width).
      "@typescript-eslint/no-misused-spread": ["error", { allow: [{ from: "lib", name: "string" }, "string"] }],
      // noPropertyAccessFromIndexSignature is off, and `inputs.name` reads better than `inputs["name"]`; both are accepted.
      "@typescript-eslint/dot-notation": "off",
    },
  },
  {
    files: files(product),
    rules: {
      // What is installed does not know that a lab exists (design: The lab).
      "no-restricted-syntax": [
        "error",
        { selector: "Literal[value=/emulator|stand-in/i]", message: "Product code knows no lab." },
        { selector: "TemplateElement[value.raw=/emulator|stand-in/i]", message: "Product code knows no lab." },
      ],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx", "emulator", "stand-in"], location: "anywhere" }],
      // stdout is data and stderr is words: both are handed in, or are Pulumi's log.
      "no-console": "error",
    },
  },
  {
    files: files(withoutPulumi),
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "This part works without an engine, and starts in milliseconds." }] },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "lab/test/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", noSkippedTests],
      // expect(object.method) does not call it.
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
