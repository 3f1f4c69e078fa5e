import type { DocumentPlatform, EnvironmentDocument } from "../model";
import { accessCauses } from "./access-causes";
import { audiences, decodeToken, show } from "./decode";
import { issuerKeys, type Fetch } from "./discovery";
import {
  PlatformChoiceError,
  rejectionCodes,
  TokenNotForPlatformError,
  TokenRejectedError,
  type PlatformCode,
  type RejectionCode,
} from "./errors";
import { grantsOf } from "./grants";
import { identityChecks } from "./identity";
import { multiFactorCheck, type MultiFactorRequirement } from "./multi-factor";
import { protocolCauses } from "./protocol-causes";
import {
  algorithmCheck,
  audienceChecks,
  check,
  issuerCheck,
  nonceCheck,
  notChecked,
  subjectCheck,
  timeChecks,
  toDate,
  tokenTypeCheck,
} from "./protocol-checks";
import { verifySignature, type KeySet } from "./signature";
import type { Check, TokenVerdict } from "./verdict";
import { platformClaims } from "./userinfo";
import { warningsOf } from "./warnings";

export interface VerifyTokenOptions {
  /** A compact ID token. */
  readonly token: string;
  readonly document: EnvironmentDocument;
  /** Key of the platform. Default: the one whose client the audience names, or the only one there is. */
  readonly platform?: string;
  /**
   * What the userinfo endpoint said to the same sign-in, for platforms that have their groups from there (`groupsFrom` in
   * the document). Its `sub` must be the token's (OpenID Connect Core 5.3.2). Not read for any other platform.
   */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** The access token of the same sign-in, instead of `userInfo`: the issuer's userinfo endpoint is asked with it. */
  readonly accessToken?: string;
  /** The nonce that was sent with the authorization request, where the caller knows it. */
  readonly nonce?: string;
  /** Seconds by which clocks may differ. @default 60 */
  readonly clockSkewSeconds?: number;
  /** @default the present */
  readonly now?: Date;
  /** @default the global fetch */
  readonly fetch?: Fetch;
  /** The issuer's keys, instead of discovery. */
  readonly jwks?: KeySet;
  /** Require the token to show a multi-factor sign-in. */
  readonly requireMultiFactor?: MultiFactorRequirement | false;
}

/**
 * Judges an ID token against an environment: the protocol's checks first, the platform's identity rule and the grants last.
 * A bad token is a verdict, not an exception ({@link requireAccepted} makes it one).
 *
 * @throws DiscoveryError when the issuer's keys cannot be had
 * @throws PlatformChoiceError when `platform` is unknown, or several platforms share the token's client
 * @example
 * const verdict = await verifyToken({ token, document: readDocument(JSON.parse(text)), platform: "k10" });
 * console.log(verdict.outcome, permits(verdict));
 */
export async function verifyToken(options: VerifyTokenOptions): Promise<TokenVerdict> {
  const now = options.now ?? new Date();
  const decoded = decodeToken(options.token);
  if (decoded.kind !== "signed") {
    const name = options.platform === undefined ? null : choosePlatform(options.document, options.platform, []);
    const expected = "a signed JSON web token (three base64url parts)";
    const form =
      decoded.kind === "encrypted"
        ? check("form", false, expected, "an encrypted one (five parts)", "encrypted")
        : check("form", false, expected, decoded.got, "malformed");
    return conclude({ platform: name, checks: [form], causes: protocolCauses([form], {}, options.document, ""), expiresAt: null });
  }
  const { token, header, claims } = decoded;
  const name = choosePlatform(options.document, options.platform, audiences(claims));
  const platform = name === null ? undefined : options.document.platforms[name];
  const issuer = platform?.issuer ?? options.document.identityProvider.issuer;
  const clientIds =
    platform === undefined ? Object.values(options.document.platforms).map(({ clientId }) => clientId) : [platform.clientId];

  const checks: Check[] = [
    check("form", true, "a signed JSON web token", "a signed JSON web token", "malformed"),
    algorithmCheck(header),
    tokenTypeCheck(header, claims, clientIds),
    issuerCheck(claims, issuer),
  ];
  checks.push(await signatureCheck(checks, token, header, issuer, options));
  checks.push(...audienceChecks(claims, clientIds), ...timeChecks(claims, now, options.clockSkewSeconds ?? 60), subjectCheck(claims));
  if (options.nonce !== undefined) {
    checks.push(nonceCheck(claims, options.nonce));
  }
  const causes = protocolCauses(checks, claims, options.document, issuer);
  const expiresAt = toDate(claims["exp"])?.toISOString() ?? null;
  // Times and nonce may fail and the policy is still worth reading; claims without proof or for another client are not.
  const unproven = checks.find(({ name: checked, ok }) => ok !== true && !["expiry", "not before", "issued at", "nonce"].includes(checked));
  if (platform === undefined || name === null || unproven !== undefined) {
    const why = `the check '${unproven?.name ?? "audience"}' comes first`;
    checks.push(notChecked("username", "a username", why), notChecked("groups", "groups", why), notChecked("grants", "a grant", why));
    return conclude({ platform: name, checks, causes, expiresAt });
  }
  return judgeAccess({ options, name, platform, claims, checks, causes, expiresAt, now, tokenBytes: token.length });
}

async function judgeAccess(found: {
  options: VerifyTokenOptions;
  name: string;
  platform: DocumentPlatform;
  claims: Readonly<Record<string, unknown>>;
  checks: readonly Check[];
  causes: TokenVerdict["causes"];
  expiresAt: string | null;
  now: Date;
  tokenBytes: number;
}): Promise<TokenVerdict> {
  const { document, requireMultiFactor, userInfo, accessToken } = found.options;
  const seen = await platformClaims(found.claims, found.platform, { userInfo, accessToken, fetch: fetchOf(found.options) });
  const {
    checks: identity,
    identity: person,
    claimed,
  } = identityChecks(seen.claims, found.platform, found.platform.groupsFrom === "directory" ? displayNames(document) : undefined);
  const access = person === null ? undefined : grantsOf(document, found.name, person, found.now);
  const policy = [
    ...seen.checks,
    ...identity,
    ...(requireMultiFactor ? [multiFactorCheck(found.claims, requireMultiFactor)] : []),
    access?.check ?? notChecked("grants", "a grant", "the check 'username' comes first"),
  ];
  const grants = access?.grants ?? [];
  return conclude({
    platform: found.name,
    checks: [...found.checks, ...policy],
    identity: person,
    grants,
    endedGrants: access?.ended,
    lackingGroups: access?.lacking,
    causes: [
      ...found.causes,
      ...accessCauses({
        document,
        platform: found.platform,
        claims: found.claims,
        checks: policy,
        asked: seen.checks.length > 0,
        claimed,
        grants: access,
      }),
    ],
    warnings: warningsOf({ document, tokenBytes: found.tokenBytes, claimedGroups: claimed.length, grants, now: found.now }),
    expiresAt: found.expiresAt,
  });
}

/** Display names by what tokens carry. */
function displayNames(document: EnvironmentDocument): Map<string, string> {
  return new Map(Object.values(document.groups).map(({ claimValue, displayName }) => [claimValue, displayName]));
}

async function signatureCheck(
  earlier: readonly Check[],
  token: string,
  header: Readonly<Record<string, unknown>>,
  issuer: string,
  options: VerifyTokenOptions,
): Promise<Check> {
  const expected = `a signature by a key of ${issuer}`;
  const failed = earlier.find(({ name, ok }) => ok === false && (name === "algorithm" || name === "issuer"));
  if (failed !== undefined) {
    return notChecked("signature", expected, `the check '${failed.name}' comes first`);
  }
  const keys = options.jwks ?? (await issuerKeys(issuer, fetchOf(options)));
  const result = await verifySignature(token, header, keys);
  const got = result.ok ? `one by ${header["kid"] === undefined ? "its only key" : `key ${show(header["kid"])}`}` : result.got;
  return check("signature", result.ok, expected, got, result.ok ? "signature_invalid" : result.code);
}

function fetchOf(options: VerifyTokenOptions): Fetch {
  return options.fetch ?? ((url, init) => fetch(url, init));
}

/** The platform to judge by; null when the audience belongs to none and the choice is open. */
function choosePlatform(document: EnvironmentDocument, wanted: string | undefined, audience: readonly string[]): string | null {
  const names = Object.keys(document.platforms);
  if (wanted !== undefined) {
    if (!names.includes(wanted)) {
      throw new PlatformChoiceError(
        "unknown_platform",
        `Expected a platform of the environment (${names.join(", ")}), got ${JSON.stringify(wanted)}.`,
      );
    }
    return wanted;
  }
  const named = names.filter((name) => audience.includes(document.platforms[name]?.clientId ?? ""));
  if (named.length > 1) {
    throw new PlatformChoiceError(
      "ambiguous_platform",
      `Expected a choice among the platforms that share the token's client (${named.join(", ")}), got none.`,
    );
  }
  return named[0] ?? (names.length === 1 ? (names[0] ?? null) : null);
}

function conclude(
  found: Pick<TokenVerdict, "platform" | "checks" | "causes" | "expiresAt"> &
    Partial<Pick<TokenVerdict, "identity" | "grants" | "endedGrants" | "lackingGroups" | "warnings">>,
): TokenVerdict {
  const failed = found.checks.filter(({ ok }) => ok === false);
  // A bad token is bad before it is anybody's: those codes decide even where an audience failed earlier in the list.
  const decisive = failed.find(({ code }) => isRejection(code)) ?? failed[0];
  return {
    outcome: decisive === undefined ? "accepted" : isRejection(decisive.code) ? "rejected" : "not-for-platform",
    code: decisive?.code ?? null,
    platform: found.platform,
    checks: found.checks,
    identity: found.identity ?? null,
    grants: found.grants ?? [],
    endedGrants: found.endedGrants ?? [],
    lackingGroups: found.lackingGroups ?? [],
    causes: found.causes,
    warnings: found.warnings ?? [],
    expiresAt: found.expiresAt,
  };
}

function isRejection(code: RejectionCode | PlatformCode | undefined): code is RejectionCode {
  return code !== undefined && Object.hasOwn(rejectionCodes, code);
}

/**
 * Returns the verdict when the token was accepted.
 * @throws TokenRejectedError when it is bad
 * @throws TokenNotForPlatformError when it is good and opens nothing at the platform
 */
export function requireAccepted(verdict: TokenVerdict): TokenVerdict {
  if (verdict.code === null) {
    return verdict;
  }
  const failed = verdict.checks.find(({ code }) => code === verdict.code);
  const message = `${failed?.name ?? "token"}: expected ${failed?.expected ?? "an accepted token"}, got ${failed?.got ?? verdict.code}`;
  throw isRejection(verdict.code) ? new TokenRejectedError(verdict.code, message) : new TokenNotForPlatformError(verdict.code, message);
}
