// Loaded before Pulumi's plugin for dynamic resources (node --require), bundled (index.ts). What our resources ask for there is the reader of
// kubeconfigs, which imports a module for each of Kubernetes' types: half a second of processor time as hundreds of files, a tenth of that as
// part of this one.
const Module = require("node:module");

const reader = "@kubernetes/client-node/dist/config.js";
/** The one that is in the bundle: what the plugin's own project has. Another project has another, or none, and gets what it has. */
const bundled = Module.createRequire(process.argv[1]).resolve(reader);
const load = Module._load;

Module._load = function (name, parent, ...rest) {
  return name === reader && Module._resolveFilename(name, parent) === bundled
    ? require("@kubernetes/client-node/dist/config.js")
    : load.call(this, name, parent, ...rest);
};
