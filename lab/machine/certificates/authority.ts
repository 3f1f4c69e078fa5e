// @peculiar/x509 needs this polyfill and checks for it while it is being imported: keep this line above that import.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { randomBytes, webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "./keys";

export interface IssuedCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** PEM. */
  readonly certificate: string;
  /** PKCS#8 PEM. A secret: for TLS options in memory, never for a log. */
  readonly key: string;
}

export interface ServerCertificate {
  /** Names the files `<name>.crt` and `<name>.key`. */
  readonly name: string;
  /** Besides `localhost`. */
  readonly dnsNames?: readonly string[];
  /** Besides `127.0.0.1`. */
  readonly ipAddresses?: readonly string[];
}

export interface ClientCertificate {
  readonly name: string;
  /** Kubernetes reads the user name from here. */
  readonly commonName: string;
  /** Kubernetes reads groups from here. */
  readonly organizations?: readonly string[];
}

export interface CertificateAuthority {
  readonly directory: string;
  /** `<directory>/<name>.crt`: what clients have to trust. */
  readonly certificateFile: string;
  /** PEM of the same. */
  readonly certificate: string;
  issueServer(request: ServerCertificate): Promise<IssuedCertificate>;
  issueClient(request: ClientCertificate): Promise<IssuedCertificate>;
}

const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** A lab left up with --keep should outlive a working week, and no certificate of it should be worth stealing. */
const lifetimeMilliseconds = 14 * 24 * 3600 * 1000;
/** The authority's own certificate is written into stacks, which refuse one that ends within 30 days. */
const authorityLifetimeMilliseconds = 60 * 24 * 3600 * 1000;
/** Virtual machines' clocks step back: a certificate that is valid only from now on may not be valid yet. */
const backdateMilliseconds = 5 * 60 * 1000;

/**
 * Makes a new certificate authority in `directory` (`<name>.crt`, `<name>.key`), replacing one of that name. Its certificates
 * are EC P-256, valid from five minutes ago for 14 days; key files are 0600 in a folder that is 0700.
 */
export async function createCertificateAuthority(options: {
  directory: string;
  name: string;
  commonName?: string;
}): Promise<CertificateAuthority> {
  const { directory, name } = options;
  const subject = new x509.Name([{ CN: [options.commonName ?? `Gatehouse lab ${name}`] }]);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(authorityLifetimeMilliseconds),
    subject,
    issuer: subject,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const own = await writeFiles(directory, name, certificate, keys.privateKey);
  const issuer = { directory, subject, keys };
  return {
    directory,
    certificateFile: own.certificateFile,
    certificate: own.certificate,
    issueServer: ({ name: file, dnsNames = [], ipAddresses = [] }) =>
      issue(issuer, {
        name: file,
        subject: new x509.Name([{ CN: [dnsNames[0] ?? "localhost"] }]),
        usage: x509.ExtendedKeyUsage.serverAuth,
        alternativeNames: [
          ...unique(["localhost", ...dnsNames]).map((value) => ({ type: "dns" as const, value })),
          ...unique(["127.0.0.1", ...ipAddresses]).map((value) => ({ type: "ip" as const, value })),
        ],
      }),
    issueClient: ({ name: file, commonName, organizations = [] }) =>
      issue(issuer, {
        name: file,
        subject: new x509.Name([...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }]),
        usage: x509.ExtendedKeyUsage.clientAuth,
        alternativeNames: [],
      }),
  };
}

async function issue(
  { directory, subject: issuer, keys }: { directory: string; subject: x509.Name; keys: webcrypto.CryptoKeyPair },
  request: { name: string; subject: x509.Name; usage: string; alternativeNames: x509.JsonGeneralName[] },
): Promise<IssuedCertificate> {
  const leafKeys = await newKeys();
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([request.usage]),
    await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
  ];
  if (request.alternativeNames.length > 0) {
    extensions.push(new x509.SubjectAlternativeNameExtension(request.alternativeNames));
  }
  const leaf = await x509.X509CertificateGenerator.create({
    ...common(),
    subject: request.subject,
    issuer,
    publicKey: leafKeys.publicKey,
    signingKey: keys.privateKey,
    extensions,
  });
  return writeFiles(directory, request.name, leaf, leafKeys.privateKey);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function common(lifetime = lifetimeMilliseconds) {
  const now = Date.now();
  // RFC 5280 wants a positive serial number: the first bit stays 0 and the first byte is not 0.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return {
    serialNumber: serial.toString("hex"),
    notBefore: new Date(now - backdateMilliseconds),
    notAfter: new Date(now + lifetime),
    signingAlgorithm: keyAlgorithm,
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
}

async function writeFiles(
  directory: string,
  name: string,
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<IssuedCertificate> {
  const pem = `${certificate.toString("pem")}\n`;
  const key = `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY")}\n`;
  const files = { certificateFile: join(directory, `${name}.crt`), keyFile: join(directory, `${name}.key`) };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(files.certificateFile, pem);
  writePrivate(files.keyFile, key);
  return { ...files, certificate: pem, key };
}
