import { stringify } from "yaml";
import type { IssuedCertificate } from "../certificates";

/** A kubeconfig with everything inside (no paths), for one user of the API server at `server`; YAML with sorted keys. Holds a key. */
export function kubeconfig(options: { server: string; ca: string; user: string; client: IssuedCertificate }): string {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  const name = "gatehouse-lab";
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server: options.server, "certificate-authority-data": base64(options.ca) } }],
      contexts: [{ name, context: { cluster: name, user: options.user } }],
      "current-context": name,
      users: [
        {
          name: options.user,
          user: { "client-certificate-data": base64(options.client.certificate), "client-key-data": base64(options.client.key) },
        },
      ],
    },
    { sortMapEntries: true, lineWidth: 0 },
  );
}
