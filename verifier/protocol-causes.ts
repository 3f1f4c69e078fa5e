import type { EnvironmentDocument } from "../model";
import { tokenFactsOf } from "../model/identity-providers/tokens";
import { audiences } from "./decode";
import type { Check } from "./steps";
import type { Cause } from "./verdict";

type Claims = Readonly<Record<string, unknown>>;

/** Likely causes of a bad or misdirected token. Claims are read for the diagnosis only; nothing is granted by them. */
export function protocolCauses(checks: readonly Check[], claims: Claims, document: EnvironmentDocument, issuer: string): Cause[] {
  return checks.filter(({ ok }) => ok === false).flatMap((failed) => causesOf(failed, claims, document, issuer));
}

function causesOf(failed: Check, claims: Claims, document: EnvironmentDocument, issuer: string): Cause[] {
  switch (failed.code) {
    case "encrypted":
      return [
        {
          code: "encrypted_token",
          message: "The identity provider encrypts the ID tokens of this client.",
          remedy: "Switch ID token encryption off for the client: platforms and the API server read signed tokens only.",
        },
      ];
    case "not_an_id_token":
      return [
        {
          code: "access_token",
          message: `This is ${failed.got}. It is meant for an API, and says nothing that a platform may trust about who signed in.`,
          remedy: "Take `id_token` from the answer of the token endpoint, and ask for the scope openid.",
        },
      ];
    case "issuer_mismatch":
      return issuerCauses(claims["iss"], issuer, document.identityProvider.kind);
    case "audience_mismatch":
      return [clientCause(claims, document)];
    case "key_unknown":
    case "signature_invalid":
      return [
        {
          code: "key_rotated",
          message: "The issuer no longer publishes the key, or the token was not made by this issuer.",
          remedy: "Sign in again for a token under the present keys. If it stays so, compare the issuer's address with the environment's.",
        },
      ];
    case "expired":
      return claims["exp"] === undefined
        ? []
        : [{ code: "expired", message: `The token ended at ${failed.got}.`, remedy: "Sign in again." }];
    case "not_yet_valid":
      return [
        {
          code: "clock",
          message: `The token says ${failed.got}, which is ahead of this machine's clock.`,
          remedy: "Set the clocks by NTP: the API server allows nbf a minute.",
        },
      ];
    default:
      return [];
  }
}

function issuerCauses(value: unknown, issuer: string, kind: string): Cause[] {
  if (typeof value !== "string") {
    return [];
  }
  if (value === `${issuer}/` || issuer === `${value}/`) {
    return [
      {
        code: "issuer_trailing_slash",
        message: "The two issuers differ by a trailing slash only. Platforms compare them byte for byte.",
        remedy: "Write the issuer as the `issuer` of the discovery document has it.",
      },
    ];
  }
  const fault = tokenFactsOf(kind).issuerFault?.(value, issuer);
  return fault === undefined ? [] : [{ code: "issuer_version", ...fault }];
}

function clientCause(claims: Claims, document: EnvironmentDocument): Cause {
  const fault = tokenFactsOf(document.identityProvider.kind).audienceFault?.(audiences(claims), claims["azp"]);
  if (fault !== undefined) {
    return { code: "unknown_client", ...fault };
  }
  const clients = [...audiences(claims), claims["azp"]];
  const other = Object.entries(document.platforms).find(([, { clientId }]) => clients.includes(clientId));
  return other === undefined
    ? {
        code: "unknown_client",
        message: "The token was issued for a client that this environment does not know.",
        remedy: "Sign in at the platform itself, or with its client id; check that the environment document is that of this stack.",
      }
    : {
        code: "other_platform",
        message: `The token was issued for the platform '${other[0]}' (${other[1].title}).`,
        remedy: `Check it with --platform ${other[0]}, or sign in at the platform that you mean.`,
      };
}
