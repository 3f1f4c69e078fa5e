import { X509Certificate } from "node:crypto";
import { decodeBase64 } from "./base64";
import { GoJsonError } from "./json";

/** A DER certificate; undefined where it cannot be read. */
export function readCertificate(der: Buffer): X509Certificate | undefined {
  try {
    // PEM would be taken as well, which Go's x509.ParseCertificate does not.
    return der[0] === 0x30 ? new X509Certificate(der) : undefined;
  } catch {
    return undefined;
  }
}

/** `x5c` of a header or a key: certificates in the other base64. @throws GoJsonError */
export function readCertificates(chain: readonly string[]): Buffer[] {
  return chain.map((text) => {
    const bytes = decodeBase64(text);
    if (bytes === undefined || readCertificate(bytes) === undefined) {
      throw new GoJsonError("an x5c entry that is no certificate");
    }
    return bytes;
  });
}
