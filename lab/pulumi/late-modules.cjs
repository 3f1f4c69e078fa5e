// Loaded before Pulumi's plugin for dynamic resources (node --require). The SDK reads the TypeScript compiler and npm's Arborist, 0.3 s of
// processor time, for programs that write functions as text. The plugin only reads such text, so each waits until something is asked of it.
require("./late.cjs")("typescript", "@npmcli/arborist");
