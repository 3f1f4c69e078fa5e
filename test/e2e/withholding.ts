/**
 * Between an update and Okta: passes everything on, and keeps back answers. Whoever ends an update in its middle so ends it there, however
 * fast the machine is: the request was carried out, the engine has not heard of it and has nothing else to do.
 */
import assert from "node:assert/strict";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine, projectFolder, type Engine, type Lab } from "../../lab/story/session";
import { longest, stackFileOf } from "./support";

export interface Withholding {
  /** The lab's engine, whose Okta is behind this. */
  readonly engine: Engine;
  /** How many answers it has kept back. */
  readonly kept: () => number;
  /** Gives the answers that it kept, and passes on all that come from then on. */
  release(): void;
  stop(): void;
}

/** @param path the end of the path of a POST whose answers are kept back */
export async function withholding(lab: Lab, path: RegExp): Promise<Withholding> {
  const kept: (() => void)[] = [];
  let open = false;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const given = await passOn(lab, incoming);
    const give = (): void => {
      outgoing.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(outgoing);
    };
    if (!open && incoming.method === "POST" && path.test(incoming.url ?? "")) {
      kept.push(give);
    } else {
      give();
    }
  };
  const proxy: Server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  // A test that fails before it stops this must still let its process end.
  proxy.unref().on("connection", (socket) => socket.unref());
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  return {
    engine: createEngine({
      pulumi: lab.toolchain.pulumi.path,
      stack: lab.engine.stack,
      configFile: stackFileOf(lab),
      project: projectFolder,
      environment: { ...lab.variables, OKTA_HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
    }),
    kept: () => kept.length,
    release() {
      open = true;
      kept.splice(0).forEach((give) => give());
    },
    stop() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

function passOn(lab: Lab, incoming: IncomingMessage): Promise<IncomingMessage> {
  const target = new URL(lab.identityProvider.environment["OKTA_HTTP_PROXY"] ?? "");
  const { method, headers, url: path } = incoming;
  return new Promise((resolve, reject) => {
    // A connection of its own for each: one that was kept could be closed by the other side at this moment.
    const outward = forward({ agent: false, host: target.hostname, port: target.port, method, path, headers }, resolve);
    incoming.pipe(outward.once("error", reject));
  });
}

/** Waits until something is so, while an update runs. */
export async function untilWhile(update: { readonly exitCode: number | null }, holds: () => boolean, never: string): Promise<void> {
  for (const deadline = Date.now() + longest; !holds();) {
    assert.ok(Date.now() < deadline && update.exitCode === null, never);
    await sleep(20);
  }
}
