import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { startOktaLab } from "./server";

const configuration = z.strictObject({
  stateDir: z.string().optional(),
  port: z.int().min(0).max(65_535),
  managementPort: z.int().min(0).max(65_535).optional(),
  certificate: z.strictObject({ certPem: z.string(), keyPem: z.string() }),
  apiToken: z.string().min(1),
  people: z.array(
    z.strictObject({ login: z.string(), firstName: z.string(), lastName: z.string(), password: z.string(), email: z.string().optional() }),
  ),
});

/** The file holds passwords and a token, so it must be its owner's alone; the argument list would show them to every process. */
function readConfiguration(path: string): z.infer<typeof configuration> {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Error(`${path}: expected file mode 0600, got 0${mode.toString(8)}; run: chmod 600 ${path}`);
  }
  const result = configuration.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!result.success) {
    throw new Error(`${path}: ${result.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join("; ")}`);
  }
  return result.data;
}

async function main(): Promise<void> {
  // stdout is data: the ready line. The OpenID library writes its notices with console.info and console.warn.
  console.info = console.error;
  console.warn = console.error;
  const path = process.argv[2];
  if (path === undefined) {
    throw new Error("expected the path of a configuration file, got no argument");
  }
  const lab = await startOktaLab({
    ...readConfiguration(path),
    onError: (problem) => {
      console.error(problem);
    },
  });
  const end = (): void => {
    void lab.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.stdout.write(`${JSON.stringify({ issuer: lab.issuer, managementUrl: lab.managementUrl, ready: true })}\n`);
}

main().catch((problem: unknown) => {
  process.stderr.write(`lab identity: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exit(1);
});
