import { readFileSync, statSync } from "node:fs";
import type { z } from "zod";

/**
 * The configuration of an emulator that runs as a process. The file holds passwords and tokens, so it must be its owner's alone; the
 * argument list would show them to every process.
 */
export function readServerConfiguration<Schema extends z.ZodType>(path: string | undefined, schema: Schema): z.output<Schema> {
  if (path === undefined) {
    throw new Error("expected the path of a configuration file, got no argument");
  }
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Error(`${path}: expected file mode 0600, got 0${mode.toString(8)}; run: chmod 600 ${path}`);
  }
  const result = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!result.success) {
    throw new Error(`${path}: ${result.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join("; ")}`);
  }
  return result.data;
}

/** Runs an emulator's program: ends it on a signal, prints its line of readiness, and says in words why it could not start. */
export function runServer(title: string, start: () => Promise<{ readonly stop: () => Promise<void>; readonly ready: object }>): void {
  // stdout is data: the ready line. The OpenID library writes its notices with console.info and console.warn.
  console.info = console.error;
  console.warn = console.error;
  start().then(
    ({ stop, ready }) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => void stop().then(() => process.exit(0)));
      }
      process.stdout.write(`${JSON.stringify({ ...ready, ready: true })}\n`);
    },
    (problem: unknown) => {
      process.stderr.write(`${title}: ${problem instanceof Error ? problem.message : String(problem)}\n`);
      process.exit(1);
    },
  );
}
