import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { startEntraLab } from "./server";

const person = z.strictObject({
  login: z.string(),
  password: z.string(),
  displayName: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  mail: z.string().nullable().optional(),
  otp: z.string().optional(),
  id: z.guid().optional(),
  enabled: z.boolean().optional(),
  guest: z.boolean().optional(),
  groups: z.array(z.string()).optional(),
});

const configuration = z.strictObject({
  tenantId: z.guid(),
  port: z.number().int().min(0).max(65535),
  host: z.string().optional(),
  certificate: z.strictObject({ certPem: z.string(), keyPem: z.string() }),
  people: z.array(person),
  groups: z
    .array(
      z.strictObject({
        displayName: z.string(),
        id: z.guid().optional(),
        description: z.string().optional(),
        nested: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  caller: z.strictObject({
    clientId: z.guid(),
    clientSecret: z.string().min(1),
    objectId: z.guid(),
    permissions: z.array(z.string()).optional(),
  }),
  consistency: z.strictObject({ reads: z.number().int().min(0).optional(), milliseconds: z.number().min(0).optional() }).optional(),
  passwordLifetimeDays: z.number().positive().optional(),
  domains: z.array(z.string()).optional(),
  controlToken: z.string().min(16).optional(),
});

/** The lab's Entra ID as a process of its own: `main.ts <file>`, a JSON file that only its owner may read, since it holds secrets. */
async function main(file: string | undefined): Promise<void> {
  if (file === undefined) {
    throw new Error("usage: main.ts <configuration.json>");
  }
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Error(`${file}: expected mode 600, got ${mode.toString(8)}`);
  }
  const lab = await startEntraLab(configuration.parse(JSON.parse(readFileSync(file, "utf8"))));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void lab.stop().then(() => process.exit(0)));
  }
  const { issuer, graphUrl, metadataHost } = lab;
  process.stdout.write(`${JSON.stringify({ graphUrl, issuer, metadataHost, ready: true })}\n`);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`entra lab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
