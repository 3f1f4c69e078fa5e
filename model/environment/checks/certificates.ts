import { identityProviderOf } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { certificateLifetimeFault } from "../../text/certificates";
import type { Problem } from "../../text/problems";
import type { WithIdentityProvider, WithoutIdentityProvider } from "./check";

export const certificates: WithoutIdentityProvider = {
  name: "no certificate that a stack hands out ends soon",
  asksIdentityProvider: false,
  find: ({ platforms }, today) =>
    Object.entries(platforms).flatMap(([name, spec]) => ending(platformOf(spec).certificates?.(spec) ?? [], ["platforms", name], today)),
};

export const issuerCertificates: WithIdentityProvider = {
  name: "no authority of the identity provider ends soon",
  asksIdentityProvider: true,
  find: ({ idp }, today) => ending(identityProviderOf(idp).certificates?.(idp) ?? [], ["idp"], today),
};

function ending(
  written: readonly { readonly path: readonly string[]; readonly pem: string }[],
  above: readonly string[],
  today: string,
): Problem[] {
  return written.flatMap(({ path, pem }): Problem[] => {
    const fault = certificateLifetimeFault(pem, today);
    return fault === undefined ? [] : [{ path: [...above, ...path], ...fault, fix: "renew it first" }];
  });
}
