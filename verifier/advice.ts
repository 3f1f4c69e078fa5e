import { isReservedName } from "../model/text/trusted-names";
import { audiences, show } from "./decode";
import type { ReadToken } from "./api-server/authenticate";
import type { KubernetesUser } from "./api-server/rules";
import { member } from "./go/json";
import type { KeySetResult } from "./go/key-set";
import type { Advice } from "./verdict";

/** Microsoft Graph's application id, the audience of the access tokens that Entra ID hands out by default. */
const graphAudience = "00000003-0000-0000-c000-000000000000";
const weakBits = 2048;

interface Judged {
  readonly token: ReadToken;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The platform's clients. */
  readonly clientIds: readonly string[];
  readonly now: Date;
  readonly user: KubernetesUser | undefined;
  readonly keys: KeySetResult | undefined;
}

/** Stricter checks than the platform's own: each is something that it lets pass, and that a careful reader would ask about. */
export function adviceOf(judged: Judged): Advice[] {
  if (judged.token.payload?.type !== "object") {
    // Of what cannot be read nothing is known to be absent.
    return [];
  }
  return [tokenType, authorizedParty, issuedAt, subject, header, weakKey, reservedNames, doubles].flatMap((advise) => advise(judged) ?? []);
}

/**
 * An access token is no proof of who signed in (OpenID Connect Core 1.0, section 2; RFC 9068 `at+jwt`), yet it looks alike.
 * Told by the header `typ`, by Keycloak's payload `typ`, by logout events, by `scp` (Okta and Entra ID put it into access
 * tokens only), or by `scope` and an API as audience without this client.
 */
function tokenType({ token, claims, clientIds }: Judged): Advice | undefined {
  const header = token.jws?.header;
  const typ = header?.type === "object" ? member(header, "typ") : undefined;
  const type = typ?.type === "string" ? typ.value.toLowerCase().replace(/^application\//, "") : "";
  const payloadType = typeof claims["typ"] === "string" ? claims["typ"].toLowerCase() : "";
  const forClient = audiences(claims).some((audience) => clientIds.includes(audience));
  const apiAudience = audiences(claims).some((audience) => audience.startsWith("api://") || audience === graphAudience);
  const accessToken =
    type === "at+jwt" ||
    payloadType === "bearer" ||
    claims["scp"] !== undefined ||
    (!forClient && (claims["scope"] !== undefined || apiAudience));
  const what = accessToken
    ? "an access token"
    : payloadType === "refresh" || payloadType === "offline"
      ? "a refresh token"
      : type === "logout+jwt" || claims["events"] !== undefined
        ? "a logout or event token"
        : undefined;
  return (
    what && {
      code: "not_an_id_token",
      message: `This is ${what}. It is meant for an API, and says nothing that a platform may trust about who signed in.`,
      remedy: "Take `id_token` from the answer of the token endpoint, and ask for the scope openid.",
    }
  );
}

/** OpenID Connect Core 1.0, 3.1.3.7: with several audiences azp must be there, and where it is, it names the client. */
function authorizedParty({ claims, clientIds }: Judged): Advice | undefined {
  const party = claims["azp"];
  const several = audiences(claims).length > 1;
  const why =
    party === undefined
      ? "the token has several audiences, and nothing says which of them it was handed to; any can show it here."
      : "the token was handed to another client, which can show it here.";
  return (party === undefined && !several) || (typeof party === "string" && clientIds.includes(party))
    ? undefined
    : {
        code: "authorized_party",
        message: `Expected azp ${clientIds.map(show).join(" or ")}, got ${show(party)}: ${why}`,
        remedy: "Let each client have tokens with one audience, its own.",
      };
}

function issuedAt({ claims, now }: Judged): Advice | undefined {
  const issued = claims["iat"];
  if (issued === undefined) {
    return {
      code: "issued_at_missing",
      message: "The token has no iat, which an ID token must have (OpenID Connect Core 1.0, section 2).",
      remedy: "Let the identity provider write iat; without it nobody can tell how old a token is.",
    };
  }
  return Number(issued) * 1000 > now.getTime() + 60_000
    ? {
        code: "issued_in_future",
        message: `The token says that it was issued at ${show(issued)}, which is ahead of this machine's clock.`,
        remedy: "Set the clocks by NTP.",
      }
    : undefined;
}

function subject({ claims }: Judged): Advice | undefined {
  return typeof claims["sub"] === "string" && claims["sub"] !== ""
    ? undefined
    : {
        code: "subject_missing",
        message: `Expected a non-empty sub, got ${show(claims["sub"])}: the one claim that names a person for good.`,
        remedy: "Let the identity provider write sub into ID tokens.",
      };
}

function header({ token }: Judged): Advice[] {
  const node = token.jws?.header;
  const members = node?.type === "object" ? node.members.map(([name]) => name) : [];
  const embedded = members.filter((name) => ["jwk", "jku", "x5c", "x5u"].includes(name));
  return [
    ...(embedded.length === 0
      ? []
      : [
          {
            code: "key_in_header" as const,
            message: `The header brings a key or its address (${embedded.join(", ")}). No platform reads it, and it must not.`,
            remedy: "Find out who made the token: an attacker signs with a key of their own and sends it along.",
          },
        ]),
    ...(members.includes("b64") || members.includes("crit")
      ? [
          {
            code: "header_extension" as const,
            message: "The header names an extension (b64, crit), which ID tokens have no use for (RFC 7797 forbids b64 to them).",
            remedy: "Switch it off at the identity provider; other readers refuse such tokens.",
          },
        ]
      : []),
  ];
}

function weakKey({ token, keys }: Judged): Advice | undefined {
  const named =
    keys !== undefined && "keys" in keys ? keys.keys.filter(({ keyId }) => token.jws?.keyId === "" || keyId === token.jws?.keyId) : [];
  const bits = named.map(({ key }) => key?.asymmetricKeyDetails?.modulusLength ?? weakBits).find((length) => length < weakBits);
  return bits === undefined
    ? undefined
    : {
        code: "weak_key",
        message: `The issuer signs with an RSA key of ${bits} bits.`,
        remedy: `Let it sign with ${weakBits} bits or more (RFC 7518, section 3.3).`,
      };
}

function reservedNames({ user }: Judged): Advice | undefined {
  const names = user === undefined ? [] : [user.username, ...user.groups].filter((name) => isReservedName(name));
  return names.length === 0
    ? undefined
    : {
        code: "reserved_name",
        message: `A name from the identity provider reaches Kubernetes as one that is trusted by itself: ${names.slice(0, 5).map(show).join(", ")}.`,
        remedy: "Give the platform a prefix of its own, such as the default '<idp kind>:', and take that group away.",
      };
}

function doubles({ token: { payload } }: Judged): Advice | undefined {
  const names = payload?.type === "object" ? payload.members.map(([name]) => name.toLowerCase()) : [];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined
    ? undefined
    : {
        code: "duplicate_claim",
        message: `The claim ${show(twice)} is there more than once, or in another case: readers disagree about which one counts (RFC 7519, section 4).`,
        remedy: "Find out who made the token; identity providers write each claim once.",
      };
}
