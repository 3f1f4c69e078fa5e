import { show } from "../decode";
import { GoJsonError, member, plainValue, type JsonObject } from "../go/json";
import { check, type Check, type StepName } from "../steps";
import type { PlatformCode } from "../errors";
import type { Surroundings } from "./world";
import { distributedSource, flagClaim, groupsClaim, textClaim } from "./claims";
import type { Cel } from "./cel";
import { isGoStrings } from "./cel/lists";
import type { JwtRules, KubernetesUser } from "./rules";
import { knownUserRule } from "./known-rules";

/** Where the API server keeps a token's own id (k8s.io/apiserver v0.36.3, pkg/authentication/user `CredentialIDKey`). */
const credentialIdKey = "authentication.kubernetes.io/credential-id";

interface Identified {
  readonly checks: readonly Check[];
  /** Set when every mapping gave a value, also where a rule refuses the person afterwards. */
  readonly user: KubernetesUser | undefined;
}

/**
 * Claims to a person: mappings first, then the rules that may still refuse (oidc.go `AuthenticateToken`, after the signature).
 * @param world where distributed claims are fetched from; undefined for a platform that fetches none
 */
export async function identify(claims: JsonObject, rules: JwtRules, world: Surroundings | undefined): Promise<Identified> {
  const mapping = new ClaimMapping(rules, needsCel(rules) ? await (await import("./cel/index.js")).Cel.load() : undefined);
  const whole = world === undefined ? claims : await mapping.withDistributedGroups(claims, world);
  const user = whole === undefined ? undefined : mapping.user(whole);
  if (whole !== undefined && user !== undefined) {
    mapping.requireClaims(whole);
    mapping.requireUser(user);
  }
  return { checks: mapping.checks, user };
}

function needsCel({ username, groups, uid, extra, claimRules, userRules }: JwtRules): boolean {
  return (
    [username, groups ?? {}, uid ?? {}, ...claimRules].some((mapping) => "expression" in mapping) ||
    extra.length > 0 ||
    userRules.some(({ expression }) => knownUserRule(expression) === undefined)
  );
}

class ClaimMapping {
  readonly checks: Check[] = [];
  constructor(
    private readonly rules: JwtRules,
    private readonly cel: Cel | undefined,
  ) {}

  /** The groups claim from its own endpoint, where the token points to one; undefined where the API server then refuses the token. */
  async withDistributedGroups(claims: JsonObject, world: Surroundings): Promise<JsonObject | undefined> {
    const claim = this.rules.groups !== undefined && "claim" in this.rules.groups ? this.rules.groups.claim : "";
    if (claim === "") {
      return claims;
    }
    const expected = `groups in claim '${claim}', or at the endpoint that the token names`;
    try {
      const source = distributedSource(claims, claim);
      if (source === undefined) {
        return claims;
      }
      const answer = await world.distributedClaim(source, claim, this.rules);
      if (typeof answer === "string") {
        this.fail("distributed claims", expected, `a pointer instead of groups (_claim_names), and ${answer}`, "groups_overage");
        return undefined;
      }
      this.pass("distributed claims", expected, "groups from the endpoint that the token names");
      return { type: "object", members: [...claims.members, [claim, answer.value]] };
    } catch (error) {
      this.fail("distributed claims", expected, reason(error), "claims_malformed");
      return undefined;
    }
  }

  user(claims: JsonObject): KubernetesUser | undefined {
    const username = this.username(claims);
    if (username === undefined) {
      return undefined;
    }
    const groups = this.groups(claims);
    const uid = groups === undefined ? undefined : this.uid(claims);
    const extra = uid === undefined ? undefined : this.extra(claims);
    return groups === undefined || uid === undefined || extra === undefined ? undefined : { username, groups, uid, extra };
  }

  private username(claims: JsonObject): string | undefined {
    const { username } = this.rules;
    if ("expression" in username) {
      const result = this.evaluate(username.expression, claims);
      const ok = typeof result.value === "string" && result.value !== "";
      const expected = `a text from ${username.expression}`;
      this.checks.push(check("username", ok, expected, result.error ?? show(result.value), "username_missing"));
      return ok ? result.value : undefined;
    }
    const { claim, prefix } = this.nameOf(username, claims);
    const expected = `a text in claim '${claim}'`;
    if (this.rules.login?.subject === true && member(claims, "sub")?.type !== "string") {
      this.fail("username", "a text in claim 'sub'", shown(claims, "sub"), "username_missing");
      return undefined;
    }
    let value: string;
    try {
      value = textClaim(claims, claim);
    } catch {
      this.fail("username", expected, shown(claims, claim), "username_missing");
      return undefined;
    }
    this.pass("username", expected, shown(claims, claim));
    return claim === "email" && this.rules.login === undefined && !this.emailVerified(claims) ? undefined : prefix + value;
  }

  /** The claim that gives the name: another one where the platform falls back to it. */
  private nameOf(username: { claim: string; prefix: string }, claims: JsonObject): { claim: string; prefix: string } {
    const other = this.rules.login?.otherName;
    const node = member(claims, username.claim);
    return other === undefined || (node?.type === "string" && node.value !== "") ? username : { ...username, claim: other };
  }

  /** Only where the claim is there; the newest API servers say no more than 'invalid bearer token' (kubernetes/kubernetes#136887). */
  private emailVerified(claims: JsonObject): boolean {
    const node = member(claims, "email_verified");
    if (node === undefined) {
      return true;
    }
    let verified = false;
    try {
      verified = flagClaim(node);
    } catch {
      // Another type is refused like false.
    }
    this.checks.push(check("email verified", verified, "email_verified true", shown(claims, "email_verified"), "email_not_verified"));
    return verified;
  }

  private groups(claims: JsonObject): string[] | undefined {
    const { groups } = this.rules;
    if (groups === undefined) {
      return [];
    }
    if ("expression" in groups) {
      return this.texts("groups", `a text or a list of texts from ${groups.expression}`, groups.expression, claims, "groups_malformed");
    }
    const { claim, prefix } = groups;
    const expected = `a list of groups in claim '${claim}'`;
    const node = member(claims, claim);
    if (node === undefined) {
      this.checks.push({ name: "groups", ok: true, expected, got: "no such claim, so no groups" });
      return [];
    }
    try {
      const values = groupsClaim(node).map((value) => prefix + value);
      this.pass("groups", expected, `${values.length} group${values.length === 1 ? "" : "s"}`);
      return values;
    } catch {
      this.fail("groups", expected, shown(claims, claim), "groups_malformed");
      return undefined;
    }
  }

  private uid(claims: JsonObject): string | undefined {
    const { uid } = this.rules;
    if (uid === undefined) {
      return "";
    }
    if ("expression" in uid) {
      const result = this.evaluate(uid.expression, claims);
      const ok = typeof result.value === "string";
      this.checks.push(check("uid", ok, `a text from ${uid.expression}`, result.error ?? show(result.value), "uid_missing"));
      return ok ? result.value : undefined;
    }
    try {
      const value = textClaim(claims, uid.claim);
      this.pass("uid", `a text in claim '${uid.claim}'`, shown(claims, uid.claim));
      return value;
    } catch {
      this.fail("uid", `a text in claim '${uid.claim}'`, shown(claims, uid.claim), "uid_missing");
      return undefined;
    }
  }

  private extra(claims: JsonObject): Record<string, string[]> | undefined {
    const id = member(claims, "jti");
    const extra: Record<string, string[]> = {};
    if (id?.type === "string" && id.value !== "") {
      extra[credentialIdKey] = [`JTI=${id.value}`];
    }
    for (const { key, valueExpression } of this.rules.extra) {
      const values = this.texts("extra", `texts for ${key} from ${valueExpression}`, valueExpression, claims, "extra_malformed");
      if (values === undefined) {
        return undefined;
      }
      if (values.length > 0) {
        extra[key] = values;
      }
    }
    return extra;
  }

  /** `convertCELValueToStringList`: a text, a list of texts, or null; empty texts are left out. */
  private texts(name: StepName, expected: string, expression: string, claims: JsonObject, code: PlatformCode): string[] | undefined {
    const result = this.evaluate(expression, claims);
    const list = result.value === null ? [] : typeof result.value === "string" ? [result.value] : result.value;
    const texts = Array.isArray(list) && list.every((item): item is string => typeof item === "string");
    const strange = texts && isGoStrings(list);
    const ok = texts && !strange;
    const got = strange
      ? `${show(list)} as split() or findAll() makes it, which is not taken; write .map(x, x) behind it`
      : show(result.value);
    this.checks.push(check(name, ok && result.error === undefined, expected, result.error ?? got, code));
    return ok && result.error === undefined ? list.filter((item) => item !== "") : undefined;
  }

  requireClaims(claims: JsonObject): void {
    for (const rule of this.rules.claimRules) {
      if ("expression" in rule) {
        const { value, error } = this.evaluate(rule.expression, claims);
        const got = error ?? `${show(value)}${rule.message === "" ? "" : ` (${rule.message})`}`;
        this.checks.push(check("claim validation", value === true, `true from ${rule.expression}`, got, "claim_rule_failed"));
        continue;
      }
      const node = member(claims, rule.claim);
      const ok =
        node !== undefined && (node.type === "string" || node.type === "null") && textClaim(claims, rule.claim) === rule.requiredValue;
      const expected = `claim '${rule.claim}' with ${show(rule.requiredValue)}`;
      this.checks.push(check("required claims", ok, expected, shown(claims, rule.claim), "required_claim_missing"));
    }
  }

  requireUser(user: KubernetesUser): void {
    for (const { expression, message } of this.rules.userRules) {
      const known = knownUserRule(expression);
      const { value, error } = known === undefined ? this.required().overUser(expression, user) : { value: known(user), error: undefined };
      const got = error ?? `${show(value)}${message === "" ? "" : ` (${message})`}`;
      this.checks.push(check("user validation", value === true, `true from ${expression}`, got, "user_rule_failed"));
    }
  }

  private evaluate(expression: string, claims: JsonObject): { readonly value?: unknown; readonly error?: string } {
    return this.required().overClaims(expression, claims);
  }

  private required(): Cel {
    if (this.cel === undefined) {
      throw new Error("CEL was not loaded for rules that need it.");
    }
    return this.cel;
  }

  private pass(name: StepName, expected: string, got: string): void {
    this.checks.push({ name, ok: true, expected, got });
  }

  private fail(name: StepName, expected: string, got: string, code: PlatformCode | "claims_malformed"): void {
    this.checks.push({ name, ok: false, expected, got, code });
  }
}

function shown(claims: JsonObject, claim: string): string {
  const node = member(claims, claim);
  return node === undefined ? "no such claim" : show(plainValue(node));
}

function reason(error: unknown): string {
  if (error instanceof GoJsonError) {
    return error.message;
  }
  throw error;
}
