import { constants, verify } from "node:crypto";
import type { CompactSignature } from "./compact-signature";
import type { VerificationKey } from "./key-set";

const hashes: Readonly<Record<string, string | undefined>> = { "256": "sha256", "384": "sha384", "512": "sha512" };
/** Bytes of one of the two numbers of an elliptic signature, by algorithm and whatever the key's curve is (go-jose asymmetric.go). */
const halves: Readonly<Record<string, number | undefined>> = { ES256: 32, ES384: 48, ES512: 66 };
/** The one critical extension that go-jose v2 understands (shared.go `supportedCritical`). */
const understood = "b64";

/** Whether a key made a signature: `JSONWebSignature.Verify` of go-jose v2.6.3. */
export function verifiesWith(jws: CompactSignature, { key, kind, size }: VerificationKey): boolean {
  const { algorithm, signature, signed, critical } = jws;
  const hash = hashes[algorithm.slice(2)];
  if (key === undefined || hash === undefined || critical?.every((name) => name === understood) !== true) {
    return false;
  }
  try {
    if (kind === "rsa" && (algorithm.startsWith("RS") || algorithm.startsWith("PS"))) {
      return algorithm.startsWith("RS")
        ? verify(hash, signed, key, signature)
        : // Any length of the salt is good (rsa.VerifyPSS without options).
          verify(hash, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }, signature);
    }
    const half = halves[algorithm];
    if (kind === "ec" && size !== undefined && half !== undefined && signature.length === 2 * half) {
      const numbers = [signature.subarray(0, half), signature.subarray(half)].map((number) => resized(number, size));
      return (
        numbers.every((number) => number !== undefined) && verify(hash, signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.concat(numbers))
      );
    }
    return false;
  } catch {
    return false;
  }
}

/** A number in as many bytes as the curve has; undefined where it does not fit. */
function resized(number: Buffer, size: number): Buffer | undefined {
  if (number.length <= size) {
    return Buffer.concat([Buffer.alloc(size - number.length), number]);
  }
  const spare = number.length - size;
  return number.subarray(0, spare).every((byte) => byte === 0) ? number.subarray(spare) : undefined;
}
