import { readServerConfiguration, runServer } from "../server-configuration";
import { externalConfiguration, startExternalIssuers } from "./server";

/** The lab's other issuers as a process of their own: `main.ts <file>`. */
runServer("external lab", async () => {
  const { origin, stop } = await startExternalIssuers(readServerConfiguration(process.argv[2], externalConfiguration));
  return { stop, ready: { origin } };
});
