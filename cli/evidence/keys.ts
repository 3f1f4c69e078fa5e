import { createHash, createPrivateKey, createPublicKey, sign, verify, X509Certificate, type KeyObject } from "node:crypto";
import { UsageError } from "../errors";
import { readInput } from "../inputs";
import type { Io } from "../io";

/** Signs bytes: the signature, and the name of the key where it is known. */
export interface Signer {
  readonly keyid: string;
  sign(content: Buffer): Promise<Buffer>;
}

/** A key to verify with, and when it may have signed, where a certificate says so. */
export interface Verifier {
  readonly keyid: string;
  readonly valid?: { readonly from: Date; readonly to: Date };
  verify(content: Buffer, signature: Buffer): boolean;
}

export const passphraseVariable = "GATEHOUSE_KEY_PASSPHRASE";

/** A private key from a PEM file. */
export async function localSigner(file: string, passphraseFile: string | undefined, io: Io): Promise<Signer> {
  const pem = await readInput(file, "a private key", io, true);
  const passphrase =
    passphraseFile === undefined
      ? io.env[passphraseVariable]
      : (await readInput(passphraseFile, "the key's passphrase", io, true)).replace(/\r?\n$/, "");
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    // OpenSSL's words may quote the input.
    const locked = pem.includes("ENCRYPTED");
    throw new UsageError(
      "unusable_input",
      locked
        ? `Expected the passphrase of the private key, got ${passphrase === undefined ? "none" : "one that does not open it"}.\nFix: set ${passphraseVariable}, or pass --passphrase-file.`
        : `Expected a private key in PEM, got something else.\nFix: openssl genpkey -algorithm ed25519 -aes256 -out key.pem`,
    );
  }
  const digest = digestOf(key);
  const keyid = keyidOf(createPublicKey(key));
  return { keyid, sign: (content) => Promise.resolve(sign(digest, content, key)) };
}

/** A public key, or a certificate, from a PEM file. */
export async function publicVerifier(file: string, io: Io): Promise<Verifier> {
  const pem = await readInput(file, "a public key or a certificate", io);
  try {
    if (pem.includes("PRIVATE KEY")) {
      throw new Error("private");
    }
    const certificate = pem.includes("BEGIN CERTIFICATE") ? new X509Certificate(pem) : undefined;
    const key = certificate?.publicKey ?? createPublicKey(pem);
    const digest = digestOf(key);
    return {
      keyid: keyidOf(key),
      ...(certificate !== undefined && { valid: { from: new Date(certificate.validFrom), to: new Date(certificate.validTo) } }),
      verify: (content, signature) => verify(digest, content, key, signature),
    };
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError(
      "unusable_input",
      `Expected a public key or a certificate in PEM, got something else.\nFix: openssl pkey -in key.pem -pubout -out key.pub.pem`,
    );
  }
}

/** Which digest a key signs with; null where the algorithm brings its own. */
function digestOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): "sha256" | null {
  if (type === "ed25519") {
    return null;
  }
  if (type === "ec" && details?.namedCurve === "prime256v1") {
    return "sha256";
  }
  const got = type === "ec" ? `ECDSA on ${details?.namedCurve ?? "an unknown curve"}` : (type ?? "a secret");
  throw new UsageError(
    "unusable_input",
    `Expected a key of Ed25519 or ECDSA P-256, got ${got}.\nFix: openssl genpkey -algorithm ed25519 -out key.pem`,
  );
}

/** SHA-256 of the public key (SPKI, DER), as hex. */
function keyidOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** Bytes of an ECDSA signature on P-256 in DER, at most. */
const longestP256 = 72;

/**
 * A program that signs: it reads the bytes on its standard input, and prints the signature in base64 (DER for ECDSA). For a key in a KMS or
 * on a token; it is started without a shell, its arguments are parted at spaces.
 */
export function commandSigner(command: string, io: Io): Signer {
  const [program = "", ...args] = command.trim().split(/\s+/);
  return {
    keyid: "",
    async sign(content) {
      const { status, stdout, stderr } = await io.run(program, args, { input: content.toString("utf8") });
      const said = stderr.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
      if (status !== 0) {
        const how = status === null ? "it could not be started" : `it ended with status ${status}`;
        throw new UsageError("unusable_input", `Expected a signature from \`${program}\`, but ${how}: ${said}`);
      }
      const text = stdout.trim();
      if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text)) {
        throw new UsageError("unusable_input", `Expected a signature in base64 from \`${program}\`, got something else.`);
      }
      const signature = Buffer.from(text, "base64");
      const isKnown = signature.length === 64 || (signature[0] === 0x30 && signature.length <= longestP256);
      if (!isKnown) {
        throw new UsageError(
          "unusable_input",
          `Expected a signature of Ed25519 (64 bytes) or ECDSA P-256 (DER, up to ${longestP256}) from \`${program}\`, got ${signature.length} bytes of another kind.\nFix: sign with a key of one of the two kinds.`,
        );
      }
      return signature;
    },
  };
}
