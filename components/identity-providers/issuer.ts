import * as pulumi from "@pulumi/pulumi";
import { get } from "node:https";
import { rootCertificates } from "node:tls";

/** What an issuer says about itself (OpenID Connect Discovery 1.0, section 3). */
export type DiscoveryDocument = Readonly<Record<string, unknown>>;

const timeout = 20_000;

/**
 * Compares an issuer with its own discovery document, byte for byte, before anything is made: a slash too many, and no token would ever
 * be accepted.
 * @param certificateAuthority PEM of a private authority behind its certificate
 * @throws pulumi.RunError that names the path in the stack file, what came and what to write
 */
export async function requireIssuer(issuer: string, certificateAuthority?: string): Promise<DiscoveryDocument> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { status, body } = await fetchText(address, certificateAuthority).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `gatehouse:idp.issuer: the discovery document could not be read at ${address}: ${reason}. ` +
        `Fix: check the address${/certificate|self-signed|issuer cert/i.test(reason) ? "; if its certificate is from a private authority, write certificateAuthority" : ""}.`,
    );
  });
  const found = parse(body);
  const named = found?.["issuer"];
  if (status !== 200 || typeof named !== "string") {
    throw new pulumi.RunError(
      `gatehouse:idp.issuer: expected an OpenID issuer at ${issuer}, got status ${status} from ${address}. ` +
        "Fix: check the spelling (case counts) and the path; what the issuer names is never made here.",
    );
  }
  if (named !== issuer) {
    throw new pulumi.RunError(
      `gatehouse:idp.issuer: expected what the discovery document says, byte for byte, got ${issuer}. Fix: write ${named.slice(0, 300)}.`,
    );
  }
  return found ?? {};
}

function parse(body: string): DiscoveryDocument | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as DiscoveryDocument) : undefined;
  } catch {
    return undefined;
  }
}

function fetchText(address: string, certificateAuthority: string | undefined): Promise<{ status: number; body: string }> {
  // Without an authority of its own, Node.js takes its list and NODE_EXTRA_CA_CERTS.
  const trust = certificateAuthority === undefined ? {} : { ca: [...rootCertificates, certificateAuthority] };
  return new Promise((resolve, reject) => {
    const request = get(address, { ...trust, timeout, headers: { accept: "application/json" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }));
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    request.on("error", reject);
  });
}
