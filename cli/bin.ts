#!/usr/bin/env node
import { main } from "./main";

// The status is set rather than `exit` called, so that what was written to a pipe arrives.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
