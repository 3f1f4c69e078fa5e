// Loaded before Pulumi's plugin for dynamic resources (node --require). The SDK reads the TypeScript compiler and npm's Arborist, 0.3 s of
// processor time, for programs that write functions as text. The plugin only reads such text, so each waits until something is asked of it.
const Module = require("node:module");

const late = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = function (name, ...rest) {
  const read = () => load.call(this, name, ...rest);
  return late.has(name) ? whenAsked(read) : read();
};

/** Stands for a module until a part of it is asked for. */
function whenAsked(read) {
  return new Proxy(
    {},
    {
      // What TypeScript compiles asks this of each import, and neither of the two is an ES module.
      get: (_, part) => (part === "__esModule" ? undefined : read()[part]),
      has: (_, part) => part in read(),
    },
  );
}
