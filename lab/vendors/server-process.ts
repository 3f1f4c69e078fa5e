import { dirname, join } from "node:path";
import { cachedBundle } from "../machine/bundles";
import { writePrivate } from "../machine/certificates";
import { projectFolder } from "../machine/folders";
import { httpsStatus } from "../machine/processes";
import type { VendorOptions } from "./contract";

/**
 * Starts an emulator as a process. Its configuration holds secrets, so it goes through a file of its owner's alone.
 * @param main path of its program below lab/vendors
 */
export async function startServerProcess(
  { name = "identity-provider", stateDir, authority, processes, issuer, report }: Omit<VendorOptions, "checklist">,
  main: string,
  configuration: object,
  secrets: readonly string[],
): Promise<{ milliseconds: number }> {
  const certificate = await authority.issueServer({ name });
  const file = join(stateDir, `${name}.json`);
  writePrivate(file, JSON.stringify({ ...configuration, certificate: { certPem: certificate.certificate, keyPem: certificate.key } }));
  const program = await cachedBundle(dirname(main), join(__dirname, main), { report });
  return processes.start({
    name,
    command: process.execPath,
    args: [program, file],
    cwd: projectFolder,
    ready: async () => (await httpsStatus(`${issuer}/.well-known/openid-configuration`, { ca: authority.certificate })).status === 200,
    secrets,
  });
}
