import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `text` where only this user can read it, from the first moment: a mode counts only when a file is created, so an old one goes first. */
export function writePrivate(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}

/**
 * Makes an EC P-256 key pair without a certificate (the cluster signs service account tokens with one) and writes
 * `<name>.key` (PKCS#8 PEM, 0600) and `<name>.pub` (SPKI PEM) into `directory`.
 */
export function writeKeyPair(directory: string, name: string): { privateKeyFile: string; publicKeyFile: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const files = { privateKeyFile: join(directory, `${name}.key`), publicKeyFile: join(directory, `${name}.pub`) };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writePrivate(files.privateKeyFile, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  writeFileSync(files.publicKeyFile, publicKey.export({ type: "spki", format: "pem" }));
  return files;
}
