import { randomInt } from "node:crypto";
import { request } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";

/** A server found its port taken between our choice and its start: choose again. */
export class PortTakenError extends Error {}

/**
 * Ports from here on, below those that systems give away by themselves (from 32768 on Linux, from 49152 elsewhere): a port that was
 * chosen waits for its server for seconds, in which every outgoing connection of a neighbour could take it, and keep it for a minute.
 */
const [lowest, slots, ofSlot] = [20_000, 48, 250] as const;
/** Two labs that start at the same moment choose from different ones. */
const firstPort = lowest + (process.pid % slots) * ofSlot;
/** Goes through the slot: a port that was answered, and whose server has yet to start, does not come up again for as long as can be. */
let next = randomInt(ofSlot);

/**
 * `count` different TCP ports that are free on 127.0.0.1 now, and that no earlier call of this program answered a short while ago; between
 * the answer and its use another program may still take one (see `PortTakenError`).
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen()));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(attempts: number = ofSlot): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if (attempts === 0) {
        reject(error);
      } else {
        resolve(listen(attempts - 1));
      }
    });
    next = (next + 1) % ofSlot;
    server.listen(firstPort + next, "127.0.0.1", () => resolve(server));
  });
}

/** What a TLS client presents and trusts, as PEM text. */
export interface TlsClient {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** GETs `url` and answers status and body; status 0 when nothing answers (yet) or the connection breaks. */
export function httpsStatus(url: string, tls: TlsClient, timeoutMilliseconds = 30_000): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const nothing = () => resolve({ status: 0, body: "" });
    const outgoing = request(url, { ...tls, agent: false, timeout: timeoutMilliseconds }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", nothing);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", nothing);
    outgoing.end();
  });
}
