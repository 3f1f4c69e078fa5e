import { audiences, show } from "./decode";
import { allowedAlgorithms } from "./signature";
import type { PlatformCode, RejectionCode } from "./errors";
import type { Check } from "./verdict";

type Claims = Readonly<Record<string, unknown>>;

/** A check that holds or fails; the code says how. */
export function check(name: string, ok: boolean, expected: string, got: string, code: RejectionCode | PlatformCode): Check {
  return ok ? { name, ok, expected, got } : { name, ok, expected, got, code };
}

/** A check that an earlier failure leaves without an object. */
export function notChecked(name: string, expected: string, why: string): Check {
  return { name, ok: null, expected, got: `not checked: ${why}` };
}

export function algorithmCheck(header: Claims): Check {
  const ok = (allowedAlgorithms as readonly unknown[]).includes(header["alg"]);
  return check("algorithm", ok, `one of ${allowedAlgorithms.join(", ")}`, show(header["alg"]), "algorithm_not_allowed");
}

/**
 * An access token is no proof of who signed in (OpenID Connect Core 1.0, section 2; RFC 9068 `at+jwt`), yet it looks alike.
 * Told by the header `typ`, by Keycloak's payload `typ`, by logout events, by `scp` (Okta and Entra ID put it into access
 * tokens only), or by `scope` and an API as audience without this client.
 */
export function tokenTypeCheck(header: Claims, claims: Claims, clientIds: readonly string[]): Check {
  const type = typeof header["typ"] === "string" ? header["typ"].toLowerCase().replace(/^application\//, "") : "";
  const payloadType = typeof claims["typ"] === "string" ? claims["typ"].toLowerCase() : "";
  const forClient = audiences(claims).some((audience) => clientIds.includes(audience));
  const scoped = claims["scope"] !== undefined;
  const apiAudience = audiences(claims).some((audience) => audience.startsWith("api://") || audience === graphAudience);
  const other =
    type === "at+jwt" || payloadType === "bearer" || claims["scp"] !== undefined || (!forClient && (scoped || apiAudience))
      ? "an access token"
      : payloadType === "refresh" || payloadType === "offline"
        ? "a refresh token"
        : type === "logout+jwt" || claims["events"] !== undefined
          ? "a logout or event token"
          : undefined;
  return check("token type", other === undefined, "an ID token", other ?? "an ID token", "not_an_id_token");
}

/** Microsoft Graph's application id, the audience of the access tokens that Entra ID hands out by default. */
const graphAudience = "00000003-0000-0000-c000-000000000000";

export function issuerCheck(claims: Claims, issuer: string): Check {
  return check("issuer", claims["iss"] === issuer, show(issuer), show(claims["iss"]), "issuer_mismatch");
}

export function audienceChecks(claims: Claims, clientIds: readonly string[]): Check[] {
  const all = audiences(claims);
  const expected = clientIds.length === 1 ? show(clientIds[0]) : `one of ${clientIds.map(show).join(", ")}`;
  const audience = check(
    "audience",
    all.some((item) => clientIds.includes(item)),
    expected,
    show(claims["aud"]),
    "audience_mismatch",
  );
  const party = claims["azp"];
  if (party === undefined && all.length < 2) {
    return [audience];
  }
  // OpenID Connect Core 1.0, 3.1.3.7: with several audiences azp must be there, and where it is, it names the client.
  const ok = typeof party === "string" && clientIds.includes(party);
  return [audience, check("authorized party", ok, `azp ${expected}`, show(party), "authorized_party_mismatch")];
}

export function timeChecks(claims: Claims, now: Date, skewSeconds: number): Check[] {
  const seconds = now.getTime() / 1000;
  const skew = `with ${skewSeconds} s of clock skew`;
  const at = now.toISOString();
  return [
    timeCheck("expiry", claims["exp"], (exp) => seconds < exp + skewSeconds, `exp after ${at}, ${skew}`, "expired", true),
    timeCheck(
      "not before",
      claims["nbf"],
      (nbf) => seconds >= nbf - skewSeconds,
      `nbf at or before ${at}, ${skew}`,
      "not_yet_valid",
      false,
    ),
    timeCheck(
      "issued at",
      claims["iat"],
      (iat) => seconds >= iat - skewSeconds,
      `iat at or before ${at}, ${skew}`,
      "issued_in_future",
      true,
    ),
  ].filter((item) => item !== undefined);
}

function timeCheck(
  name: string,
  value: unknown,
  holds: (seconds: number) => boolean,
  expected: string,
  code: RejectionCode,
  required: boolean,
): Check | undefined {
  if (value === undefined && !required) {
    return undefined;
  }
  const time = toDate(value);
  return time === undefined
    ? check(name, false, `${expected} (a number of seconds)`, show(value), "time_missing")
    : check(name, holds(time.getTime() / 1000), expected, time.toISOString(), code);
}

/** A NumericDate (RFC 7519) as a date; undefined where it is none. */
export function toDate(value: unknown): Date | undefined {
  const time = typeof value === "number" ? new Date(value * 1000) : undefined;
  return time !== undefined && !Number.isNaN(time.getTime()) ? time : undefined;
}

export function subjectCheck(claims: Claims): Check {
  const ok = typeof claims["sub"] === "string" && claims["sub"] !== "";
  return check("subject", ok, "a non-empty sub", show(claims["sub"]), "subject_missing");
}

export function nonceCheck(claims: Claims, nonce: string): Check {
  // The values stay unsaid: a nonce ties a session to its request.
  const got = claims["nonce"] === undefined ? "no nonce" : claims["nonce"] === nonce ? "the same nonce" : "another nonce";
  return check("nonce", claims["nonce"] === nonce, "the nonce of the authorization request", got, "nonce_mismatch");
}
