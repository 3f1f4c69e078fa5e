import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { addDays, dayOf, startOfDay } from "./calendar";
import { addProblem } from "./problems";

/** Days for which a certificate must still hold when a stack hands it out: a trust that ends next week locks everybody out. */
const certificateGraceDays = 30;

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** One or more certificates in PEM, in a row. @returns undefined when the text is anything else */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0 || pem.replace(block, "").trim() !== "") {
    return undefined;
  }
  try {
    return blocks.map((text) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

/** A list of certificates in PEM. What came is never repeated: people paste private keys. */
export const certificateSchema = z.string().superRefine((value, context) => {
  if (readCertificates(value) === undefined) {
    addProblem(context, [], {
      expected: "one or more certificates in PEM (-----BEGIN CERTIFICATE-----), and nothing else",
      received: value.includes("PRIVATE KEY") ? "a text with a private key (withheld)" : `a text of ${value.length} characters (withheld)`,
      fix: "paste the certificate of the authority, as a block text (|)",
    });
  }
});

/**
 * What is wrong with the lifetime of certificates on a day; undefined when nothing is.
 * @param today the day in UTC, `YYYY-MM-DD`
 */
export function certificateLifetimeFault(pem: string, today: string): { expected: string; received: string } | undefined {
  const least = startOfDay(addDays(today, certificateGraceDays));
  const ending = (readCertificates(pem) ?? []).map((certificate) => Date.parse(certificate.validTo)).filter((end) => end < least);
  return ending.length === 0
    ? undefined
    : {
        expected: `certificates that are valid for at least ${certificateGraceDays} days more`,
        received: `one that ends on ${dayOf(Math.min(...ending))}`,
      };
}

/** When the first of some certificates ends, RFC 3339 in UTC; undefined for a text without any. */
export function firstEnd(pem: string): string | undefined {
  const ends = (readCertificates(pem) ?? []).map((certificate) => Date.parse(certificate.validTo));
  return ends.length === 0 ? undefined : new Date(Math.min(...ends)).toISOString();
}
