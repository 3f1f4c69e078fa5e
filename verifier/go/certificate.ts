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

/** Whether a text has certificates as PEM, and each can be read (k8s.io/client-go v0.36.3, util/cert/pem.go, `ParseCertsPEM`). */
export function hasCertificates(pem: string): boolean {
  const blocks = [...pem.matchAll(/^-----BEGIN CERTIFICATE-----[ \t\r]*\n([\s\S]*?)-----END CERTIFICATE-----/gm)];
  // What has headers, or is no base64, is no block to Go, and passed over.
  const bodies = blocks.map(([, body = ""]) => body.replace(/\s/g, "")).filter((body) => /^[A-Za-z0-9+/]*={0,2}$/.test(body));
  return bodies.length > 0 && bodies.every((body) => readCertificate(Buffer.from(body, "base64")) !== undefined);
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
