import type { DocumentPlatform, EnvironmentDocument } from "../model";
import { accessCauses } from "./access-causes";
import { accessOf, type Access } from "./access";
import { adviceOf } from "./advice";
import { authenticate, readToken, type Authentication, type ReadToken } from "./api-server/authenticate";
import type { Surroundings } from "./api-server/world";
import type { ApiServerRules } from "./api-server/rules";
import { surroundingsOf, type SurroundingOptions } from "./api-server/surroundings";
import { audiences, pastedToken, plainClaims } from "./decode";
import type { Fetch } from "./discovery";
import {
  PlatformChoiceError,
  rejectionCodes,
  TokenNotForPlatformError,
  TokenRejectedError,
  type PlatformCode,
  type RejectionCode,
} from "./errors";
import type { KeySetResult } from "./go/key-set";
import { authenticationLevelCheck } from "./authentication-level";
import { multiFactorCheck, type MultiFactorRequirement } from "./multi-factor";
import { protocolCauses } from "./protocol-causes";
import { rulesOfPlatform } from "./relying-parties";
import { check, notChecked, type Check } from "./steps";
import { networkFetch } from "./trusted-fetch";
import { platformClaims } from "./userinfo";
import type { Advice, ClusterVerdict, PlatformDecision, TokenVerdict } from "./verdict";
import { notesOf, warningsOf } from "./warnings";

export interface VerifyClusterTokenOptions extends SurroundingOptions {
  /** A compact token, as it would stand in the request. */
  readonly token: string;
  /** How the API server reads tokens: from its AuthenticationConfiguration, or from its flags. */
  readonly rules: ApiServerRules;
}

export interface VerifyTokenOptions extends SurroundingOptions {
  /** A compact ID token. */
  readonly token: string;
  readonly document: EnvironmentDocument;
  /** Key of the platform. Default: the one whose client the audience names, or the only one there is. */
  readonly platform?: string;
  /** What is really installed, instead of what the document says: the rules of the API server behind the platform. */
  readonly rules?: ApiServerRules;
  /**
   * What the userinfo endpoint said to the same sign-in, for platforms that have their groups from there (`groupsFrom` in
   * the document). Its `sub` must be the token's (OpenID Connect Core 5.3.2). Not read for any other platform.
   */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** The access token of the same sign-in, instead of `userInfo`: the issuer's userinfo endpoint is asked with it. */
  readonly accessToken?: string;
  /** The nonce that was sent with the authorization request, where the caller knows it. */
  readonly nonce?: string;
  /** Require the token to show a multi-factor sign-in. */
  readonly requireMultiFactor?: MultiFactorRequirement | false;
}

/**
 * Judges a token as a Kubernetes API server with these rules does: accepted or refused, and whom it makes of the person, to the letter.
 * What we would advise beyond that is apart. No environment of Gatehouse is needed.
 *
 * @throws DiscoveryError when the issuer's keys cannot be had
 * @example
 * const rules = await readAuthenticationConfiguration(readFileSync("authentication.yaml", "utf8"));
 * const { decision, checks } = await verifyClusterToken({ token, rules });
 * console.log(decision.accepted, decision.user);
 */
export async function verifyClusterToken(options: VerifyClusterTokenOptions): Promise<ClusterVerdict> {
  const read = readToken(options.token);
  const judged = await judge(read, plainClaims(read.payload), options.rules, surroundingsOf(options, options.rules));
  const { checks } = judged.authentication;
  return { ...judged.verdict, ...outcomeOf(checks), checks, identity: identityOf(judged.verdict.decision) };
}

/**
 * Judges an ID token against an environment: what the platform does with it by its own rules, then the grants.
 * A bad token is a verdict, not an exception ({@link requireAccepted} makes it one).
 *
 * @throws DiscoveryError when the issuer's keys cannot be had
 * @throws PlatformChoiceError when `platform` is unknown, or several platforms share the token's client
 * @example
 * const verdict = await verifyToken({ token, document: readDocument(JSON.parse(text)), platform: "k10" });
 * console.log(verdict.outcome, verdict.decision.accepted, permits(verdict));
 */
export async function verifyToken(options: VerifyTokenOptions): Promise<TokenVerdict> {
  const { document } = options;
  const read = readToken(pastedToken(options.token));
  const claims = plainClaims(read.payload);
  const name = choosePlatform(document, options.platform, audiences(claims), read.payload !== undefined);
  const platform = name === null ? undefined : document.platforms[name];
  const rules = options.rules ?? rulesOfPlatform(document, platform);
  const judged = await judge(read, claims, rules, {
    ...surroundingsOf(options, rules),
    completed: platform === undefined ? undefined : (seen) => platformClaims(seen, platform, { ...options, fetch: fetchOf(options) }),
  });
  const { authentication, verdict } = judged;
  const demands = options.nonce === undefined || read.payload === undefined ? [] : [nonceCheck(claims, options.nonce)];
  const checks = [...tokenTypeChecks(authentication, verdict.advice), ...authentication.checks, ...demands];
  const causes = (): TokenVerdict["causes"] =>
    protocolCauses(checks, claims, document, platform?.issuer ?? document.identityProvider.issuer);
  if (platform === undefined || name === null || authentication.user === undefined || authentication.claims === undefined) {
    const all = [...checks, ...unlooked(checks)];
    return conclude({ platform: name, checks: all, causes: [...causes(), ...identityCauses(authentication, platform, document)] }, verdict);
  }
  const found = { user: authentication.user, claims: authentication.claims, now: options.now ?? new Date() };
  const access = accessOf(document, name, platform, found);
  const policy = [...signInChecks(claims, options, document), ...access.checks];
  return conclude(
    {
      platform: name,
      checks: [...checks, ...policy],
      identity: access.identity,
      grants: access.grants.grants,
      endedGrants: access.grants.ended,
      lackingGroups: access.grants.lacking,
      // Nobody looks for reasons while everything holds.
      causes: needsCauses([...checks, ...policy], access)
        ? [
            ...causes(),
            ...accessCauses({
              document,
              platform,
              claims,
              checks: [...checks, ...policy],
              asked: asked(checks),
              claimed: access.claimed,
              grants: access.grants,
            }),
          ]
        : [],
      warnings: warningsOf({
        document,
        tokenBytes: read.text.length,
        claimedGroups: access.claimed.length,
        grants: access.grants.grants,
        now: found.now,
      }),
    },
    verdict,
  );
}

interface Judgement {
  readonly authentication: Authentication;
  readonly verdict: Pick<ClusterVerdict, "decision" | "advice" | "notes" | "expiresAt">;
}

async function judge(
  read: ReadToken,
  claims: Readonly<Record<string, unknown>>,
  rules: ApiServerRules,
  world: Surroundings,
): Promise<Judgement> {
  let keys: KeySetResult | undefined;
  const authentication = await authenticate(read, rules, {
    ...world,
    keysOf: async (entry) => (keys = await world.keysOf(entry)),
  });
  const failed = authentication.checks.find(({ ok }) => ok === false);
  const accepted = failed === undefined && authentication.user !== undefined;
  const clientIds = authentication.rules?.audiences ?? rules.issuers.flatMap((entry) => entry.audiences);
  return {
    authentication,
    verdict: {
      decision: { accepted, code: failed?.code ?? null, rules: rules.writtenAs, user: accepted ? authentication.user : null },
      advice: adviceOf({ token: read, claims, clientIds, now: world.now, user: authentication.user, keys }),
      notes: notesOf({ rules, checks: authentication.checks, now: world.now, claims, empty: read.text === "" }),
      expiresAt: dateOf(claims["exp"]),
    },
  };
}

/** A NumericDate (RFC 7519) in RFC 3339; null where it is none. */
function dateOf(value: unknown): string | null {
  const date = typeof value === "number" || typeof value === "string" ? new Date(Number(value) * 1000) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** An access token is refused by its audience, which says little; what it is says more. */
function tokenTypeChecks({ checks }: Authentication, advice: readonly Advice[]): Check[] {
  const misdirected = checks.some(({ code }) => code === "audience_mismatch");
  const other = misdirected ? advice.find(({ code }) => code === "not_an_id_token") : undefined;
  return other === undefined
    ? []
    : [check("token type", false, "an ID token", other.message.replace(/^This is (.*?)\..*$/s, "$1"), "not_an_id_token")];
}

function nonceCheck(claims: Readonly<Record<string, unknown>>, nonce: string): Check {
  const got = claims["nonce"] === undefined ? "no nonce" : claims["nonce"] === nonce ? "that nonce" : "another nonce";
  return check("nonce", claims["nonce"] === nonce, "the nonce of the authorization request", got, "nonce_mismatch");
}

/** How the person must have signed in. */
function signInChecks(
  claims: Readonly<Record<string, unknown>>,
  { requireMultiFactor }: VerifyTokenOptions,
  { identityProvider: { requiredAcr } }: EnvironmentDocument,
): Check[] {
  return [
    ...(requireMultiFactor ? [multiFactorCheck(claims, requireMultiFactor)] : []),
    ...(requiredAcr === undefined ? [] : [authenticationLevelCheck(claims, requiredAcr)]),
  ];
}

function unlooked(checks: readonly Check[]): Check[] {
  const first = checks.find(({ ok }) => ok !== true);
  const why = `the check '${first?.name ?? "audience"}' comes first`;
  const wanted = { username: "a username", groups: "groups", grants: "a grant" } as const;
  return (["username", "groups", "grants"] as const)
    .filter((name) => !checks.some((done) => done.name === name))
    .map((name) => notChecked(name, wanted[name], why));
}

function asked(checks: readonly Check[]): boolean {
  return checks.some(({ name }) => name === "userinfo subject");
}

function needsCauses(checks: readonly Check[], { grants }: Access): boolean {
  return checks.some(({ ok }) => ok === false) || grants.ended.length > 0;
}

/** Causes of an identity that the platform could not make. */
function identityCauses(
  { checks, claims }: Authentication,
  platform: DocumentPlatform | undefined,
  document: EnvironmentDocument,
): TokenVerdict["causes"] {
  return platform === undefined || claims === undefined
    ? []
    : accessCauses({ document, platform, claims: plainClaims(claims), checks, asked: asked(checks), claimed: [], grants: undefined });
}

function fetchOf(options: SurroundingOptions): Fetch {
  return options.fetch ?? networkFetch;
}

/** The platform to judge by; null when the audience belongs to none and the choice is open. */
function choosePlatform(
  document: EnvironmentDocument,
  wanted: string | undefined,
  audience: readonly string[],
  readable: boolean,
): string | null {
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
  if (!readable) {
    return null;
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
  found: Pick<TokenVerdict, "platform" | "checks" | "causes"> &
    Partial<Pick<TokenVerdict, "identity" | "grants" | "endedGrants" | "warnings">> & {
      readonly lackingGroups?: () => TokenVerdict["lackingGroups"];
    },
  judged: Judgement["verdict"],
): TokenVerdict {
  let lacking: TokenVerdict["lackingGroups"] | undefined;
  const { outcome, code } = outcomeOf(found.checks);
  // Written out: spreading several objects into one with a getter costs a third of what the signature does.
  return {
    outcome,
    code,
    decision: judged.decision,
    advice: judged.advice,
    notes: judged.notes,
    expiresAt: judged.expiresAt,
    platform: found.platform,
    checks: found.checks,
    identity: found.identity ?? null,
    grants: found.grants ?? [],
    endedGrants: found.endedGrants ?? [],
    get lackingGroups() {
      return (lacking ??= found.lackingGroups?.() ?? []);
    },
    causes: found.causes,
    warnings: found.warnings ?? [],
  };
}

/** A bad token is bad before it is anybody's: those codes decide even where an audience failed earlier in the list. */
function outcomeOf(checks: readonly Check[]): Pick<ClusterVerdict, "outcome" | "code"> {
  const failed = checks.filter(({ ok }) => ok === false);
  const decisive = failed.find(({ code }) => isRejection(code)) ?? failed[0];
  return {
    outcome: decisive === undefined ? "accepted" : isRejection(decisive.code) ? "rejected" : "not-for-platform",
    code: decisive?.code ?? null,
  };
}

function identityOf({ user }: PlatformDecision): ClusterVerdict["identity"] {
  return user === null ? null : { username: user.username, groups: [...new Set(user.groups)].sort() };
}

function isRejection(code: RejectionCode | PlatformCode | undefined): code is RejectionCode {
  return code !== undefined && Object.hasOwn(rejectionCodes, code);
}

/**
 * Returns the verdict when the token was accepted.
 * @throws TokenRejectedError when it is bad
 * @throws TokenNotForPlatformError when it is good and opens nothing at the platform
 */
export function requireAccepted<Verdict extends ClusterVerdict>(verdict: Verdict): Verdict {
  if (verdict.code === null) {
    return verdict;
  }
  const failed = verdict.checks.find(({ code }) => code === verdict.code);
  const message = `${failed?.name ?? "token"}: expected ${failed?.expected ?? "an accepted token"}, got ${failed?.got ?? verdict.code}`;
  throw isRejection(verdict.code) ? new TokenRejectedError(verdict.code, message) : new TokenNotForPlatformError(verdict.code, message);
}
