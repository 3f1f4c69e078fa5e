import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { parse } from "yaml";
import { z } from "zod";

/** One call at the API server; the body as it came. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string | string[]>>,
) => Promise<CallAnswer>;

export interface CallAnswer {
  readonly status: number;
  readonly body: string;
}

export interface Client {
  /** As the kubeconfig's user, over connections that are kept. */
  readonly call: Call;
  /** As whoever a bearer token names. */
  readonly callWith: (token: string) => Call;
  readonly close: () => void;
}

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.string(), "certificate-authority-data": z.string() }) })]),
  users: z.tuple([z.looseObject({ user: z.looseObject({ "client-certificate-data": z.string(), "client-key-data": z.string() }) })]),
});

/** @param connections how many calls may run at once */
export function openClient(kubeconfigPath: string, connections: number): Client {
  const { clusters, users } = kubeconfigSchema.parse(parse(readFileSync(kubeconfigPath, "utf8")));
  const { server, "certificate-authority-data": ca } = clusters[0].cluster;
  const { "client-certificate-data": cert, "client-key-data": key } = users[0].user;
  const pem = (data: string): string => Buffer.from(data, "base64").toString("utf8");
  const agentOptions = { keepAlive: true, maxSockets: connections, ca: pem(ca) };
  const agent = new Agent({ ...agentOptions, cert: pem(cert), key: pem(key) });
  const tokenAgent = new Agent(agentOptions);
  return {
    call: (method, path, body, headers = {}) => send(agent, server, method, path, body, headers),
    callWith:
      (token) =>
      (method, path, body, headers = {}) =>
        send(tokenAgent, server, method, path, body, { ...headers, authorization: `Bearer ${token}` }),
    close: () => {
      agent.destroy();
      tokenAgent.destroy();
    },
  };
}

function send(
  agent: Agent,
  server: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string | string[]>>,
): Promise<CallAnswer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, server),
      { agent, method, headers: { ...headers, ...(payload !== undefined && { "content-type": "application/json" }) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

/** Runs `work` for each item, a few at a time, results in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, position: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const position = next;
      next += 1;
      results[position] = await work(items[position] as Item, position);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
