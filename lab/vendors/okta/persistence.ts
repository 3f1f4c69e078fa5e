import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { JWK } from "jose" with { "resolution-mode": "import" };
import type { OktaState } from "./model";
import { newOrganisation } from "./organisation";
import { StateFile } from "./state-file";
import { OktaStore } from "./store";

export interface Keys {
  signing: JWK;
  cookie: string;
}

async function newKeys(given: JWK | undefined): Promise<Keys> {
  const jose = await import("jose");
  const cookie = randomBytes(32).toString("base64url");
  if (given !== undefined) {
    return { signing: { ...given, kid: given.kid ?? (await jose.calculateJwkThumbprint(given)) }, cookie };
  }
  const pair = await jose.generateKeyPair("RS256", { extractable: true });
  const signing = await jose.exportJWK(pair.privateKey);
  return { signing: { ...signing, kid: await jose.calculateJwkThumbprint(signing) }, cookie };
}

/** The organisation's keys, the same over restarts where there is a folder for its state. */
export async function loadKeys(options: { readonly stateDir?: string; readonly signingKey?: JWK }): Promise<Keys> {
  if (options.stateDir === undefined) {
    return newKeys(options.signingKey);
  }
  const file = new StateFile<Keys>(join(options.stateDir, "okta-keys.json"));
  const kept = options.signingKey === undefined ? file.read() : undefined;
  const keys = kept ?? (await newKeys(options.signingKey));
  file.schedule(() => keys);
  file.flush();
  return keys;
}

/** @param stateDir where the organisation outlives the process; without it everything is in memory */
export function openStore(stateDir: string | undefined): { store: OktaStore; flush: () => void } {
  if (stateDir === undefined) {
    return { store: new OktaStore(newOrganisation()), flush: () => undefined };
  }
  const file = new StateFile<OktaState>(join(stateDir, "okta.json"));
  const state = file.read() ?? newOrganisation();
  return {
    store: new OktaStore(state, () => {
      file.schedule(() => state);
    }),
    flush: () => {
      file.flush();
    },
  };
}
