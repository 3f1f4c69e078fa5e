import { z } from "zod";
import { readServerConfiguration, runServer } from "../server-configuration";
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

/** The lab's Okta as a process of its own: `main.ts <file>`. */
runServer("okta lab", async () => {
  const onError = (problem: unknown): void => console.error(problem);
  const lab = await startOktaLab({ ...readServerConfiguration(process.argv[2], configuration), onError });
  return { stop: lab.stop, ready: { issuer: lab.issuer, managementUrl: lab.managementUrl } };
});
