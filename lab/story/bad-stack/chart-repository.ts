import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { run } from "../../machine/processes";

/** A chart repository on loopback. */
export interface ChartRepository {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves a small chart under each name: the engine's preview looks up every release's chart, wherever the vendors' are.
 * @param present charts that are in the folder already
 */
export async function serveCharts(
  folder: string,
  names: readonly string[],
  helm: string,
  present: readonly string[] = [],
): Promise<ChartRepository> {
  for (const name of names) {
    mkdirSync(join(folder, name, "templates"), { recursive: true });
    writeFileSync(join(folder, name, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: 0.0.1\n`);
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: ${name}-reader }\nrules: [{ apiGroups: [""], resources: [secrets], verbs: [list] }]\n`;
    writeFileSync(join(folder, name, "templates", "role.yaml"), role);
  }
  for (const name of [...names, ...present]) {
    await helmCommand(helm, folder, "package", name);
  }
  await helmCommand(helm, folder, "repo", "index", ".");
  const server = createServer((request, response) => {
    const file = /^\/([a-z0-9.-]+)$/.exec(request.url ?? "")?.[1];
    if (file === undefined) {
      response.writeHead(404).end();
    } else {
      response.end(readFileSync(join(folder, file)));
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function helmCommand(helm: string, folder: string, ...args: string[]): Promise<void> {
  const { status, stderr } = await run(helm, args, { cwd: folder, env: process.env });
  if (status !== 0) {
    throw new Error(`helm ${args.join(" ")}: expected it to succeed, got exit status ${status}: ${stderr}`);
  }
}
