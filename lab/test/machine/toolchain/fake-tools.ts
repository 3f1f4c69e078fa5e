import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes an executable that prints `output` when asked anything, and counts its calls in `<file>.calls`. */
export function fakeTool(folder: string, name: string, output: string, status = 0): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho called >> "${file}.calls"\nprintf '%s\\n' '${output}'\nexit ${status}\n`);
  chmodSync(file, 0o755);
  return file;
}

/**
 * Writes a `go` that understands `build … -o FILE package`: it writes FILE, an executable that prints the linker flags it was
 * "built" with, and notes its folder and environment beside itself.
 */
export function fakeGo(folder: string, options: { fail?: string } = {}): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "go");
  const body =
    options.fail === undefined
      ? [
          `out=""; flags=""`,
          `while [ $# -gt 0 ]; do case "$1" in -o) out="$2"; shift;; -ldflags) flags="$2"; shift;; esac; last="$1"; shift; done`,
        ]
          .concat([`printf '#!/bin/sh\\necho "%s"\\n' "$flags" > "$out"; chmod +x "$out"`])
          .concat([`echo "$PWD $last CGO_ENABLED=$CGO_ENABLED GOFLAGS=[$GOFLAGS]" >> "${file}.calls"`])
          .concat([`echo compiled/package >&2`])
      : [`echo '${options.fail}' >&2`, `exit 1`];
  writeFileSync(file, `#!/bin/sh\n${body.join("\n")}\n`);
  chmodSync(file, 0o755);
  return file;
}
