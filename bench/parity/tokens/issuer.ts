import { createServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificateAuthority } from "../../../lab/machine/certificates";
import type { Fetch } from "../../../verifier";

/** What one path of the issuer's server answers. */
export interface Answer {
  readonly status?: number;
  readonly body: string | Buffer;
  readonly location?: string;
  /** The bearer without which nothing is answered. */
  readonly bearer?: string;
}

/** Many OpenID issuers behind one TLS server: each is a path, with its own discovery document and keys. */
export interface IssuerServer {
  /** `https://127.0.0.1:<port>` */
  readonly base: string;
  /** PEM of the authority that the API server has to trust. */
  readonly certificateAuthority: string;
  /** Serves a text under a path. */
  readonly serve: (path: string, answer: Answer) => void;
  /** The same answers without a network, for the verifier. */
  readonly fetch: Fetch;
  readonly stop: () => Promise<void>;
}

export async function startIssuerServer(folder: string): Promise<IssuerServer> {
  const authority = await createCertificateAuthority({ directory: folder, name: "issuer-ca" });
  const { certificate, key } = await authority.issueServer({ name: "issuer" });
  const answers = new Map<string, Answer>();
  const server: HttpsServer = createServer({ cert: certificate, key }, (request, response) => {
    const answer = answered(answers.get(request.url ?? ""), request.headers.authorization);
    const headers = { "content-type": "application/json", ...(answer?.location === undefined ? {} : { location: answer.location }) };
    response.writeHead(answer?.status ?? (answer === undefined ? 404 : 200), headers).end(answer?.body ?? "no such page");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    certificateAuthority: authority.certificate,
    serve: (path, answer) => void answers.set(path, answer),
    fetch: (url, init) => {
      const authorization = new Headers(init.headers).get("authorization") ?? undefined;
      const answer = url.startsWith(base) ? answered(answers.get(url.slice(base.length)), authorization) : undefined;
      const headers = answer?.location === undefined ? undefined : { location: answer.location };
      return Promise.resolve(new Response(bodyOf(answer), { status: answer?.status ?? (answer === undefined ? 404 : 200), headers }));
    },
    stop: () =>
      new Promise((stopped) => {
        server.closeAllConnections();
        server.close(() => {
          stopped();
        });
      }),
  };
}

function bodyOf(answer: Answer | undefined): string | Uint8Array<ArrayBuffer> {
  const body = answer?.body ?? "no such page";
  return typeof body === "string" ? body : new Uint8Array(body);
}

function answered(answer: Answer | undefined, authorization: string | undefined): Answer | undefined {
  return answer?.bearer === undefined || authorization === `Bearer ${answer.bearer}` ? answer : undefined;
}
