import type { EnvironmentDocument } from "../model";
import type { Io } from "./io";

const requestTimeout = 30_000;

/** `fetch` for the identity provider's API: bounded in time, and trusting the private authority behind the issuer where the stack has one. */
export function providerFetch(document: EnvironmentDocument, io: Io): (url: string, init: Init) => Promise<Response> {
  const trusting = Object.values(document.platforms).find((platform) => platform.issuerCertificateAuthority !== undefined);
  return (url, init) =>
    io.fetch(url, {
      ...init,
      signal: AbortSignal.timeout(requestTimeout),
      certificateAuthority: trusting?.issuerCertificateAuthority,
    });
}

type Init = Omit<Parameters<Io["fetch"]>[1], "signal" | "certificateAuthority">;
