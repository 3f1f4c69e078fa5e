import type { Fetch } from "./discovery";

/** The network: Node's own `fetch`, or its https where an authority of the issuer's own is to be trusted. */
export const networkFetch: Fetch = (url, init) =>
  init.certificateAuthority === undefined ? fetch(url, init) : fetchTrusting(init.certificateAuthority)(url, init);

/**
 * A `fetch` that trusts the given authorities instead of the machine's, as the API server does where its configuration names some.
 * @param certificateAuthority PEM
 */
function fetchTrusting(certificateAuthority: string): Fetch {
  return async (url, { headers, signal, method, body }) => {
    // Asked for when it is needed: it takes longer to load than a verdict with given keys takes.
    const { request } = await import("node:https");
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { headers, signal, method, ca: certificateAuthority, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const location = response.headers.location;
          resolve(
            new Response(Buffer.concat(chunks), {
              status: response.statusCode ?? 500,
              headers: location === undefined ? {} : { location },
            }),
          );
        });
      });
      outgoing.on("error", (cause) => {
        reject(new Error("the connection failed", { cause }));
      });
      outgoing.end(typeof body === "string" ? body : undefined);
    });
  };
}
