const base = require("./jest.config.js");

/** Jest tests that need the lab's toolchain: they render charts with the real Helm. */
/** @type {import("jest").Config} */
module.exports = { ...base, roots: ["<rootDir>/test/e2e"], testPathIgnorePatterns: ["/node_modules/"] };
