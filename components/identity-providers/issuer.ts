import * as pulumi from "@pulumi/pulumi";
import { textLine } from "../../model";
import { reasonOf, request, silence, type Answer } from "./request";

/** What an issuer says about itself (OpenID Connect Discovery 1.0, section 3). */
export type DiscoveryDocument = Readonly<Record<string, unknown>>;

/** Where the stack file states an issuer, for messages. */
export interface IssuerSetting {
  /** Path in the stack file, `gatehouse:idp.orgUrl`. */
  readonly path: string;
  /** What to write, or to set by hand, when the discovery document names another issuer. */
  readonly fix: (named: string) => string;
}

/** An issuer that the stack file states. */
export interface StatedIssuer {
  /** Byte for byte. */
  readonly issuer: string;
  /** PEM of a private authority behind its certificate. */
  readonly certificateAuthority?: string;
  readonly setting: IssuerSetting;
}

/**
 * Compares an issuer with its own discovery document, byte for byte, before anything is made: a slash too many, and no token would ever
 * be accepted. Where nobody answers, a preview says so and goes on; an update is refused (docs/decisions/2026-11-29-issuer-compared.md).
 * @returns the document; undefined where a preview got no answer
 * @throws pulumi.RunError that names the path in the stack file, what came and what to write
 */
export async function requireIssuer(stated: StatedIssuer, parent?: pulumi.Resource): Promise<DiscoveryDocument | undefined> {
  const { issuer, setting, certificateAuthority } = stated;
  let found: { readonly address: string; readonly status: number; readonly document: DiscoveryDocument | undefined };
  try {
    found = await readDiscovery(issuer, certificateAuthority);
  } catch (error) {
    const reason = reasonOf(error);
    const silent = error instanceof Error && error.cause === silence;
    if (!silent || !pulumi.runtime.isDryRun()) {
      throw new pulumi.RunError(`${setting.path}: ${reason}${silent ? " Nothing was created." : ""}`);
    }
    await pulumi.log.warn(`${setting.path}: the issuer ${issuer} was not compared. ${reason} An update needs the answer.`, parent);
    return undefined;
  }
  const { address, status, document } = found;
  const named = document?.["issuer"];
  if (status !== 200 || typeof named !== "string") {
    throw new pulumi.RunError(
      `${setting.path}: expected an OpenID issuer at ${issuer}, got ${status === 200 ? "a document without issuer" : `status ${status}`} from ${address}. ` +
        "Fix: check the spelling (case counts) and the path; what the issuer names is never made here.",
    );
  }
  if (named !== issuer) {
    const came = textLine(named.slice(0, 300));
    throw new pulumi.RunError(
      `${setting.path}: expected what the discovery document says, byte for byte, got ${issuer}, where it says ${came}. Fix: ${setting.fix(came)}.`,
    );
  }
  return document;
}

/**
 * The discovery document under an address, or what came instead: an answer is bounded in time and size, and no redirect is followed, since
 * platforms ask this address and no other.
 * @throws Error where nothing came back (its cause is {@link silence}), or where what came is not one
 */
export async function readDiscovery(
  issuer: string,
  certificateAuthority?: string,
): Promise<{ readonly address: string; readonly status: number; readonly document: DiscoveryDocument | undefined }> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { status, location, body } = await ask(address, certificateAuthority);
  if (location !== undefined) {
    throw new Error(
      `expected the discovery document at ${address}, got status ${status}, a redirect to ${textLine(location.slice(0, 300))}, which is not followed. ` +
        "Fix: write the issuer under the address that answers by itself.",
    );
  }
  return { address, status, document: parse(body) };
}

function parse(body: string): DiscoveryDocument | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as DiscoveryDocument) : undefined;
  } catch {
    return undefined;
  }
}

function ask(address: string, certificateAuthority: string | undefined): Promise<Answer> {
  return request(address, { certificateAuthority, what: "the discovery document", headers: { accept: "application/json" } }).catch(
    (error: unknown) => {
      throw error instanceof Error && error.cause === silence ? noAnswer(address, error.message) : error;
    },
  );
}

function noAnswer(address: string, reason: string): Error {
  const fix = /CERT|SELF_SIGNED|UNABLE_TO|certificate|issuer cert/i.test(reason)
    ? "if its certificate is from a private authority, write certificateAuthority where the kind has it, or set NODE_EXTRA_CA_CERTS"
    : "check the address and the network; behind a proxy, set NODE_USE_ENV_PROXY=1 (Node.js 22.21, 24.5 and later) beside HTTPS_PROXY";
  return new Error(`The discovery document could not be read at ${address}: ${reason}. Fix: ${fix}.`, { cause: silence });
}
