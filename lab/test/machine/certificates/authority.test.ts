import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority, writeKeyPair } from "../../../machine/certificates";
import type { CertificateAuthority, IssuedCertificate } from "../../../machine/certificates";

let directory: string;
let authority: CertificateAuthority;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-certificates-"));
  authority = await createCertificateAuthority({ directory: join(directory, "pki"), name: "lab-ca" });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const mode = (file: string) => statSync(file).mode & 0o777;

it("makes an authority that may sign certificates and nothing else", () => {
  const ca = new X509Certificate(readFileSync(authority.certificateFile));
  expect(ca.ca).toBe(true);
  expect(ca.subject).toBe("CN=Gatehouse lab lab-ca");
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(ca.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
});

describe("a server certificate", () => {
  let issued: IssuedCertificate;
  let certificate: X509Certificate;
  beforeAll(async () => {
    issued = await authority.issueServer({ name: "okta", dnsNames: ["example.okta.test", "localhost"], ipAddresses: ["10.0.0.1"] });
    certificate = new X509Certificate(issued.certificate);
  });

  it("is for loopback, localhost and the given names, once each", () => {
    expect(certificate.subjectAltName).toBe("DNS:localhost, DNS:example.okta.test, IP Address:127.0.0.1, IP Address:10.0.0.1");
  });

  it("is signed by the authority, for servers only, and is no authority", () => {
    const ca = new X509Certificate(authority.certificate);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  it("has the key that it was issued for, readable by this user only", () => {
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(issued.keyFile)))).toBe(true);
    expect([mode(issued.keyFile), mode(join(directory, "pki")), mode(join(directory, "pki", "lab-ca.key"))]).toEqual([0o600, 0o700, 0o600]);
  });

  it("is valid already and for 14 days, under a positive serial number", () => {
    const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    expect(from).toBeLessThan(Date.now() - 4 * 60_000);
    expect((to - from) / 86_400_000).toBeCloseTo(14, 1);
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it("is accepted by a TLS client that trusts the authority, by name and by address, and by no other", async () => {
    const server = createServer({ cert: issued.certificate, key: issued.key }, (_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const connect = (servername: string | undefined, ca: string | undefined) =>
      new Promise<string>((resolve) => {
        const outgoing = request({ host: "127.0.0.1", port, servername, ca, agent: false }, (response) => {
          response.resume();
          resolve(String(response.statusCode));
        });
        outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        outgoing.end();
      });
    const ca = authority.certificate;
    const answers = [
      await connect(undefined, ca),
      await connect("example.okta.test", ca),
      await connect("other.okta.test", ca),
      await connect("localhost", undefined),
    ];
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(answers).toEqual(["200", "200", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]);
  });
});

it("issues client certificates whose subject is a Kubernetes user with groups", async () => {
  const issued = await authority.issueClient({ name: "admin", commonName: "lab-admin", organizations: ["system:masters", "second"] });
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.subject.split("\n").sort()).toEqual(["CN=lab-admin", "O=second", "O=system:masters"]);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(certificate.subjectAltName).toBeUndefined();
});

it("gives every certificate a serial number of its own", async () => {
  const [a, b] = [await authority.issueServer({ name: "a" }), await authority.issueServer({ name: "a" })];
  expect(new X509Certificate(a.certificate).serialNumber).not.toBe(new X509Certificate(b.certificate).serialNumber);
  expect(readFileSync(b.keyFile, "utf8")).toBe(b.key);
  expect(mode(b.keyFile)).toBe(0o600);
});

it("writes a key pair whose halves belong together", () => {
  const files = writeKeyPair(join(directory, "sa"), "service-account");
  const derived = createPublicKey(readFileSync(files.privateKeyFile)).export({ type: "spki", format: "pem" });
  expect(derived).toBe(readFileSync(files.publicKeyFile, "utf8"));
  expect(mode(files.privateKeyFile)).toBe(0o600);
});
