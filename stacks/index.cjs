// Starts the program (docs/decisions/2026-11-29-the-program-is-bundled-as-it-starts.md): its TypeScript, some two hundred files, becomes
// one module in memory, in a tenth of a second. Nothing is kept on disk, so nobody runs yesterday's code. Plain JavaScript for Node.js to load.
const { join } = require("node:path");
const { buildSync } = require("esbuild");

/** Where the module would lie: what it imports is looked for from there, and stacks name it. */
const outfile = join(__dirname, "program.js");
const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, "program.ts")],
  outfile,
  write: false,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  // Read only under NODE_OPTIONS=--enable-source-maps.
  sourcemap: "inline",
  sourcesContent: false,
  // What is wrong is in the error that it throws.
  logLevel: "silent",
});
// Pulumi maps every frame of a stack to the SDK's own TypeScript, and takes a stack for each resource: a tenth of the program's time.
Error.prepareStackTrace = undefined;
module._compile(outputFiles[0].text, outfile);
module.exports = module.exports.program;
