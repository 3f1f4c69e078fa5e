import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { writePrivate } from "../../machine/certificates";
import { run } from "../../machine/processes";

/** What became of a kubectl command: `allowed`, `denied` by the API server, or kubectl's own words. */
export type KubectlOutcome = "allowed" | "denied" | `failed: ${string}`;

/** The first kubectl on PATH. */
export function findKubectl(path = process.env["PATH"] ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "kubectl"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Runs the real kubectl with the generated kubeconfig, unchanged. Its exec stanza calls `kubectl oidc-login`, which kubectl looks for
 * as `kubectl-oidc_login` on PATH: here a script that hands over the ID token of the person who has just signed in.
 *
 * @param folder made, private, and removed afterwards: it holds the token
 */
export async function runKubectl(options: {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly idToken: string;
  readonly folder: string;
  readonly args: readonly string[];
}): Promise<KubectlOutcome> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const files = {
      plugin: join(folder, "kubectl-oidc_login"),
      kubeconfig: join(folder, "kubeconfig"),
      credential: join(folder, "credential"),
    };
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: options.idToken },
    };
    writePrivate(files.credential, JSON.stringify(credential));
    writePrivate(files.kubeconfig, options.kubeconfig);
    writeFileSync(files.plugin, '#!/bin/sh\nexec cat "$(dirname "$0")/credential"\n', { mode: 0o700 });
    const { status, stderr } = await run(
      options.kubectl,
      [...options.args, "--kubeconfig", files.kubeconfig, "--cache-dir", join(folder, "cache")],
      {
        env: { PATH: [folder, process.env["PATH"] ?? ""].join(delimiter), HOME: folder },
        timeoutMilliseconds: 300_000,
      },
    );
    if (status === 0) {
      return "allowed";
    }
    return /\(Forbidden\)|is forbidden/.test(stderr) ? "denied" : `failed: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
