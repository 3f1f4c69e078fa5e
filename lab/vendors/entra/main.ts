import { z } from "zod";
import { readServerConfiguration, runServer } from "../server-configuration";
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

/** The lab's Entra ID as a process of its own: `main.ts <file>`. */
runServer("entra lab", async () => {
  const { issuer, graphUrl, metadataHost, stop } = await startEntraLab(readServerConfiguration(process.argv[2], configuration));
  return { stop, ready: { graphUrl, issuer, metadataHost } };
});
