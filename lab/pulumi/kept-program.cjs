// Loaded before the language host's programs (node --require). A program of ours bundles itself as it starts (stacks/index.cjs): a fifth of
// its time, and nobody runs yesterday's code. Here the same sources give the same text, which is kept with what they were.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { resolve } = require("node:path");
const { digest, parsed, readKept, writeKept } = require("./kept.cjs");

const load = Module._load;

Module._load = function (name, ...rest) {
  const esbuild = () => load.call(this, name, ...rest);
  return name === "esbuild" ? new Proxy({}, { get: (_, part) => (part === "buildSync" ? built(esbuild) : esbuild()[part]) }) : esbuild();
};

function built(esbuild) {
  return (options) => {
    if (options.write !== false) {
      return esbuild().buildSync(options);
    }
    const name = `program-${digest(JSON.stringify(options), process.cwd())}`;
    const kept = parsed(readKept(name)?.toString("utf8"));
    if (kept !== undefined && kept.state === stateOf(kept.sources)) {
      return { outputFiles: [{ text: kept.text }] };
    }
    const { metafile, outputFiles } = esbuild().buildSync({ ...options, metafile: true });
    // The lock file stands for what bundles.
    const sources = [...Object.keys(metafile.inputs).map((path) => resolve(path)), resolve(__dirname, "../../package-lock.json")];
    writeKept(name, JSON.stringify({ sources, state: stateOf(sources), text: outputFiles[0].text }));
    return { outputFiles };
  };
}

/** What the sources say now; one that is not there any more changes it as well. */
function stateOf(sources) {
  return digest(...sources.flatMap((path) => [path, content(path)]));
}

function content(path) {
  try {
    return readFileSync(path);
  } catch {
    return "";
  }
}
