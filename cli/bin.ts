#!/usr/bin/env node
import * as nodeModule from "node:module";

// From 22.8 on Node can keep what it compiled, which makes the next start faster; earlier it has no such function.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// The status is set rather than `exit` called, so that what was written to a pipe arrives.
void import("./main.js")
  .then(({ main }) => main(process.argv.slice(2)))
  .then((status) => {
    process.exitCode = status;
  });
