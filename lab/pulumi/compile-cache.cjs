// Loaded before the Node.js programs that an engine starts again and again (node --require): what V8 made of their modules is kept for
// their next start, a quarter of the processor time of an update. Node.js does so itself from 22.1 on.
const Module = require("node:module");
const { dirname } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");
const { digest, folder, parsed, readKept, writeKept } = require("./kept.cjs");

// Pulumi's SDK does this amid its modules, and V8 takes what it made only under the flags of then.
setFlagsFromString("--allow-natives-syntax");

if (Module.enableCompileCache) {
  Module.enableCompileCache(folder);
  keepAtTheEnd(() => Module.flushCompileCache?.());
} else {
  keepCompiled(`compiled-${digest(process.argv[1] ?? "")}`);
}

/** @param name of the file for all modules of a program: one file is read faster than hundreds */
function keepCompiled(name) {
  const known = unpack(readKept(name));
  const scripts = new Map();
  const compile = Module.prototype._compile;
  let complete = true;

  Module.prototype._compile = function (content, filename, format) {
    // V8 compares the length of a source alone.
    const source = digest(content);
    const before = known.get(filename);
    const script = isModule(content, filename, format) ? undefined : scriptOf(content, filename, before?.source === source ? before : {});
    if (script === undefined) {
      return compile.call(this, content, filename, format);
    }
    scripts.set(filename, { source, script });
    if (before?.source !== source || script.cachedDataRejected) {
      // With what has been compiled until then: functions are as they are called for the first time.
      if (complete) {
        keepAtTheEnd(() => writeKept(name, pack(known, scripts)));
      }
      complete = false;
    }
    return script.runInThisContext().call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
}

/** V8 does not keep with a script how it imports: such a one is compiled anew. TypeScript's compiler has the word in its messages. */
function isModule(content, filename, format) {
  return format === "module" || (!filename.endsWith("/typescript/lib/typescript.js") && /\bimport\s*\(/.test(content));
}

/** @returns undefined for what is no script: an ES module without a package that says so, or a mistake, of which Node.js speaks better */
function scriptOf(content, filename, { compiled }) {
  try {
    return new Script(Module.wrap(content.replace(/^#!.*/, "")), { filename, cachedData: compiled });
  } catch {
    return undefined;
  }
}

/** `require` as Node.js gives it to a module. */
function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  return Object.assign(require, { main: process.mainModule, extensions: Module._extensions, cache: Module._cache });
}

/** When the program ends, or is ended: an engine ends its plugins by a signal. */
function keepAtTheEnd(keep) {
  process.once("exit", keep);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      keep();
      // Nobody else listens: then the signal does what it does by default.
      if (process.listenerCount(signal) === 0) {
        process.kill(process.pid, signal);
      }
    });
  }
}

/** A list of what there is, as one line of JSON, and after it what was compiled. */
function pack(known, scripts) {
  const modules = new Map(known);
  scripts.forEach(({ source, script }, filename) => modules.set(filename, { source, compiled: script.createCachedData() }));
  const list = [...modules].map(([filename, { source, compiled }]) => [filename, source, compiled.length]);
  return Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...[...modules.values()].map(({ compiled }) => compiled)]);
}

function unpack(kept) {
  const end = kept?.indexOf("\n") ?? 0;
  const modules = new Map();
  let position = end + 1;
  for (const [filename, source, length] of parsed(kept?.toString("utf8", 0, end)) ?? []) {
    modules.set(filename, { source, compiled: kept.subarray(position, position + length) });
    position += length;
  }
  return modules;
}
