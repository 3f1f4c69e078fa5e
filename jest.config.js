const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/jest/environment.cjs",
  moduleNameMapper: {
    // What is loaded when it is asked for is named with its ending, as Node's own `import()` wants it.
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^typescript$": "<rootDir>/test/jest/typescript.cjs",
    "^@npmcli/arborist$": "<rootDir>/test/jest/arborist.cjs",
  },
  // Two for each core: many tests wait for a server on loopback, or for a time to pass.
  maxWorkers: 2 * availableParallelism(),
  // A busy machine is no failure. What has to end in time says so in its own test.
  testTimeout: 300_000,
  roots: ["<rootDir>/test", "<rootDir>/lab/test"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
  // jose, openid-client, oidc-provider and their helpers ship as ES modules only.
  transform: {
    "^.+\\.(t|j|mj)s$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: [
    "/node_modules/(?!(@kubernetes/client-node|@marcbachmann/cel-js|jose|openid-client|oauth4webapi|oidc-provider|oidc-token-hash|nanoid|quick-lru|eta|raw-body|koa|@koa)/)",
  ],
};
