import type { ParityOptions } from "../part";
import type { Server } from "../server";
import { makeConfigurations, type Configuration } from "./configurations";
import { startIssuerServer, type IssuerServer } from "./issuer";
import { makeKeys, type Keys } from "./keys";

/** What tokens come from: keys, issuers that are up, and configurations of an API server that trust them. */
export interface World {
  readonly keys: Keys;
  readonly issuers: IssuerServer;
  readonly all: readonly Configuration[];
  /** One AuthenticationConfiguration with all of them. */
  readonly text: string;
  readonly first: Configuration;
}

/** Runs with issuers, and ends them. */
export async function withIssuers<Result>(folder: string, run: (world: World) => Promise<Result>): Promise<Result> {
  const keys = makeKeys();
  const issuers = await startIssuerServer(folder);
  try {
    const { all, text } = makeConfigurations(issuers, keys);
    const [first] = all;
    if (first === undefined) {
      throw new Error("Expected a configuration to start from, got none.");
    }
    return await run({ keys, issuers, all, text, first });
  } finally {
    await issuers.stop();
  }
}

/** Runs with an API server, and ends it. */
export async function withServer<Result>(
  { startServer }: ParityOptions,
  settings: Parameters<ParityOptions["startServer"]>[0],
  run: (server: Server) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(settings);
  try {
    return await run(server);
  } finally {
    await server.stop();
  }
}
