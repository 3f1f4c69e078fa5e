// Modules that are read only once something is asked of them.
const Module = require("node:module");

module.exports = (...names) => {
  const late = new Set(names);
  const load = Module._load;

  Module._load = function (name, ...rest) {
    const read = () => load.call(this, name, ...rest);
    return late.has(name) ? whenAsked(read) : read();
  };
};

/** Stands for a module until a part of it is asked for. */
function whenAsked(read) {
  return new Proxy(
    {},
    {
      // What TypeScript compiles asks whether an import is an ES module, and would copy the parts of one that is none: it would read them all.
      get: (_, part) => (part === "__esModule" ? true : part === "default" ? read() : read()[part]),
      has: (_, part) => part in read(),
    },
  );
}
