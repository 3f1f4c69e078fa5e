/**
 * One HTTP request over TLS with the lab's CA, to hosts that exist only in the lab.
 *
 * Names such as `k10.example.com` are reached by a host map, not by DNS; the certificate is still checked for the name.
 */
import { createHash } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";

/** `"host:port"` as in the URL (port always written) to `"address:port"` where it really listens. */
export type HostMap = Readonly<Record<string, string>>;

export interface Route {
  /** PEM of the CA that signed the lab's certificates. Nothing else is trusted. */
  readonly ca: string;
  readonly hostMap?: HostMap;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  /** Client certificate in PEM, for a Kubernetes API server. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Base64 SHA-256 of the server's public key (SPKI), already verified against the CA; absent over plain HTTP. */
  readonly spki?: string;
}

/** `host:port` with the scheme's default port filled in. */
export function authority(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;
}

/** Closes a connection well before an API server does, which is after a minute and a half. */
const ofApiServers = new https.Agent({ keepAlive: true, timeout: 10_000 });

interface TlsIdentity {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

const contexts = new Map<string, SecureContext>();

/** Reading certificates and keys takes as long as the rest of a request. */
function contextOf(identity: TlsIdentity): SecureContext {
  const name = [identity.ca, identity.cert, identity.key].join();
  const known = contexts.get(name) ?? createSecureContext(identity);
  contexts.set(name, known);
  return known;
}

/** Sends one request and follows no redirect. */
export function send(url: URL, route: Route, options: SendOptions = {}): Promise<Answer> {
  const wanted = authority(url);
  const target = new URL(`tcp://${route.hostMap?.[wanted] ?? wanted}`);
  const plain = url.protocol === "http:";
  const identity = { ca: route.ca, cert: options.clientCertificate?.cert, key: options.clientCertificate?.key };
  const requestOptions: https.RequestOptions = {
    // A new connection for each request, but for an API server, which is asked hundreds of times: people's cookies have nothing to do with it.
    agent: options.clientCertificate === undefined || plain ? false : ofApiServers,
    ...(plain ? {} : { ...identity, secureContext: contextOf(identity) }),
    host: target.hostname.replace(/^\[|\]$/g, ""),
    port: target.port,
    servername: isIP(url.hostname) === 0 ? url.hostname : undefined,
    path: url.pathname + url.search,
    method: options.method ?? "GET",
    headers: {
      host: url.host,
      ...(options.body === undefined ? {} : { "content-length": String(Buffer.byteLength(options.body)) }),
      ...options.headers,
    },
    timeout: options.timeoutMs ?? 120_000,
  };
  return new Promise((resolve, reject) => {
    const request = (plain ? http : https).request(requestOptions, (response) => {
      const socket = response.socket;
      const spki = socket instanceof TLSSocket ? publicKeyHash(socket) : undefined;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8"), spki }),
      );
    });
    request.on("timeout", () => request.destroy(new Error(`no answer from ${wanted} within ${requestOptions.timeout} ms`)));
    request.on("error", (error) =>
      reject(new Error(`${options.method ?? "GET"} ${url.origin}${url.pathname}: ${error.message}`, { cause: error })),
    );
    request.end(options.body);
  });
}

function publicKeyHash(socket: TLSSocket): string | undefined {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
  return key && createHash("sha256").update(key).digest("base64");
}
