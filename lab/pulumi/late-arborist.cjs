// Loaded before the language host's programs and packs (node --require). The SDK reads npm's Arborist, a fifth of a second of processor time,
// for programs that send their own node_modules somewhere. Ours writes functions as text, for which it needs the TypeScript compiler alone.
require("./late.cjs")("@npmcli/arborist");
