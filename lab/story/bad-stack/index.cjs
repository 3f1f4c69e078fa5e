// Starts the program as stacks/index.cjs starts Gatehouse's own: bundled in memory, where ts-node would take seconds of each preview.
const { join } = require("node:path");
const { buildSync } = require("esbuild");

const outfile = join(__dirname, "index.js");
const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, "index.ts")],
  outfile,
  write: false,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  logLevel: "silent",
});
module._compile(outputFiles[0].text, outfile);
