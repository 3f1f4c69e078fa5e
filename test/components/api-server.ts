import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../components/cluster";
import { createCertificateAuthority } from "../../lab/machine/certificates";

/** One request to the server. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: Json | undefined;
}

/** A few answers of an API server, over TLS, with the kubeconfig that leads there. */
export async function startApiServer(
  answer: (call: Call) => { readonly status: number; readonly answer: Json },
): Promise<{ readonly kubeconfig: string; stop(): void }> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-api-server-"));
  const authority = await createCertificateAuthority({ directory, name: "ca", commonName: "test CA" });
  const { certificate, key } = await authority.issueServer({ name: "server" });
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const { method = "", url = "", headers } = request;
      const body = text === "" ? undefined : (JSON.parse(text) as Json);
      const { status, answer: said } = answer({ method, url, contentType: headers["content-type"], body });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: kubeconfigOf(address, Buffer.from(authority.certificate).toString("base64")),
    stop: () => {
      server.closeAllConnections();
      server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export function kubeconfigOf(server: string, authority: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "one",
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    clusters: [{ name: "one", cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name: "one", user: { token: "a-token" } }],
  });
}
