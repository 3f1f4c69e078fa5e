// One HTTP request. Retrying and authentication are the vendors' clients' business.
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In seconds; 0 means no limit. */
  readonly timeout: number;
  /** Connections with certificates of their own. */
  readonly agent?: https.Agent;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const plain = new http.Agent({ keepAlive: true });
const secure = new Map<string, https.Agent>();

/** The official plugins are Go programs, which take SSL_CERT_FILE as the only trusted certificates; so do the stand-ins. */
function secureAgent(): https.Agent {
  const file = process.env.SSL_CERT_FILE ?? "";
  const agent = secure.get(file) ?? new https.Agent({ keepAlive: true, ca: file === "" ? undefined : readFileSync(file) });
  secure.set(file, agent);
  return agent;
}

/** Sends a request and reads the whole reply. @throws Error naming method and URL (without its query) on a failure to connect or a timeout */
export function sendRequest(request: HttpRequest): Promise<HttpReply> {
  const isSecure = request.url.protocol === "https:";
  const where = `${request.method} ${request.url.origin}${request.url.pathname}`;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new Error(`${where}: ${error.message}`, { cause: error }));
    const options: https.RequestOptions = {
      method: request.method,
      headers: { ...request.headers, ...(request.body === undefined ? {} : { "content-length": Buffer.byteLength(request.body) }) },
      agent: isSecure ? (request.agent ?? secureAgent()) : plain,
    };
    const outgoing = (isSecure ? https : http).request(request.url, options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("error", fail);
      reply.on("end", () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    outgoing.on("error", fail);
    if (request.timeout > 0) {
      outgoing.setTimeout(request.timeout * 1_000, () => outgoing.destroy(new Error(`no reply within ${request.timeout} s`)));
    }
    outgoing.end(request.body);
  });
}
