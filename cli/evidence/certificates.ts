import { compareText, type EnvironmentDocument, type Evidence, type EvidenceFinding } from "../../model";
import type { Io } from "../io";

type Certificate = NonNullable<Evidence["certificates"]>[number];

export interface CertificateReading {
  readonly certificates: Certificate[];
  readonly findings: readonly EvidenceFinding[];
  /** Servers that this machine does not reach: an auditor's often does not. */
  readonly notSeen: readonly string[];
}

/** The certificates that issuer and platforms show to people, and the declared end of the private authority behind the issuer. */
export async function readCertificates(document: EnvironmentDocument, io: Io): Promise<CertificateReading> {
  const addresses = Object.values(document.platforms).flatMap(({ issuer, url, ownCertificate }) => [
    ...[issuer, url],
    ...(ownCertificate?.hosts ?? []).map((host) => `https://${host}`),
  ]);
  const origins = [...new Set(addresses.filter((address) => address.startsWith("https://")).map((address) => new URL(address).origin))];
  const seen = await Promise.all(origins.sort(compareText).map((origin) => certificateOf(origin, io)));
  const { certificateAuthorityEnds: end } = document.identityProvider;
  const certificates = [
    ...seen.flatMap(({ certificate }) => certificate ?? []),
    ...(end === undefined ? [] : [{ of: "the private authority behind the issuer (declared)", endsAt: end, trusted: null }]),
  ];
  const now = io.now().toISOString();
  return {
    certificates,
    findings: certificates
      .filter(({ endsAt }) => endsAt !== null && endsAt < now)
      .map(({ of, endsAt }) => ({
        kind: "certificate",
        what: of,
        detail: `its certificate ended at ${endsAt ?? ""}: browsers refuse it`,
        fix: "renew it; `gatehouse doctor` says what else of the chain is off.",
      })),
    notSeen: seen
      .filter(({ certificate }) => certificate === undefined)
      .map(({ origin }) => `the certificate of ${origin}: no answer from here`),
  };
}

async function certificateOf(origin: string, { tlsPeer }: Io): Promise<{ origin: string; certificate?: Certificate }> {
  const { hostname, port } = new URL(origin);
  try {
    const { trusted, validTo } = await tlsPeer(hostname.replace(/^\[|\]$/g, ""), port === "" ? 443 : Number(port));
    return { origin, certificate: { of: origin, endsAt: validTo?.toISOString() ?? null, trusted } };
  } catch {
    return { origin };
  }
}
