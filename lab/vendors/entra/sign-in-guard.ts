import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AdapterPayload } from "oidc-provider" with { "resolution-mode": "import" };
import { sendHtml } from "../../machine/http";
import { errorPage, signInPage } from "../openid/pages";
import type { TokenStorage } from "../openid/token-storage";
import { demandsOf } from "./access";
import { platformOf, type EntraDirectory, type RequestFacts } from "./directory";
import type { User } from "./graph/entities";
import type { TenantStore } from "./graph/store";
import { vendor, secondFactorPage } from "./pages";
import { signIn, applicationNotFound, redirectMismatch, responseTypeNotEnabled } from "./sign-in-errors";

const challengeMilliseconds = 300_000;

/** A person whose password was right and whose second factor is awaited. */
interface Challenge {
  readonly interaction: string;
  readonly userId: string;
  readonly passwordForm: Buffer;
  readonly expiresAt: number;
}

/** What goes on to the OpenID Provider; undefined when the guard has answered itself. */
export type Passed = { readonly body: Buffer; readonly facts: RequestFacts } | undefined;

/** Stands before the OpenID Provider, where Entra ID behaves differently from any other. */
export class SignInGuard {
  private readonly challenges = new Map<string, Challenge>();

  constructor(
    private readonly store: TenantStore,
    private readonly directory: EntraDirectory,
    private readonly storage: TokenStorage,
  ) {}

  /** What is known of a sign-in that is under way. */
  async factsOf(interaction: string): Promise<RequestFacts> {
    const redirectUri = (await this.parametersOf(interaction))["redirect_uri"];
    return typeof redirectUri === "string" ? { redirectUri } : {};
  }

  /** `GET /authorize`: Entra's own refusals, which end on its page and never at the relying party. */
  authorization(target: URL, response: ServerResponse): RequestFacts | undefined {
    const query = target.searchParams;
    const refusal = this.refusalOf(query);
    if (refusal !== undefined) {
      sendErrorPage(response, refusal);
      return undefined;
    }
    askForEachSignIn(
      query,
      this.store.policies().some((policy) => policy.fields.state === "enabled"),
    );
    return { redirectUri: query.get("redirect_uri") ?? "" };
  }

  /** The sign-in pages and the way back from them: wrong password, disabled account, second factor. */
  async interaction(interaction: string, request: IncomingMessage, response: ServerResponse, target: URL, body: Buffer): Promise<Passed> {
    const facts = await this.factsOf(interaction);
    if (request.method !== "POST") {
      if (!(await this.onlySecondFactorMissing(interaction))) {
        return { body, facts };
      }
      sendHtml(response, 200, signInPage({ action: target.pathname, vendor }));
      return undefined;
    }
    const form = new URLSearchParams(body.toString("utf8"));
    const onward = form.has("challenge")
      ? await this.codePosted(interaction, response, form)
      : await this.passwordPosted(interaction, response, target, body);
    return onward === undefined ? undefined : { body: onward, facts };
  }

  private refusalOf(query: URLSearchParams): string | undefined {
    const clientId = query.get("client_id") ?? "";
    const application = this.store.applicationByAppId(clientId);
    if (application === undefined) {
      return applicationNotFound(clientId, this.store.tenantId).message;
    }
    const redirectUri = query.get("redirect_uri") ?? "";
    if (platformOf(application, redirectUri) === undefined) {
      return redirectMismatch(redirectUri, application.appId);
    }
    const client = this.directory.client(application.appId);
    const missing = (query.get("response_type") ?? "code").split(" ").find((part) => client?.responseTypes.includes(part) === false);
    return missing === undefined ? undefined : responseTypeNotEnabled(missing);
  }

  private async passwordPosted(interaction: string, response: ServerResponse, target: URL, body: Buffer): Promise<Buffer | undefined> {
    const form = new URLSearchParams(body.toString("utf8"));
    const login = form.get("username") ?? "";
    const user = this.store.user(login);
    const right = user !== undefined && this.store.credentialsOf(user.id)?.password === form.get("password");
    if (!right || !user.fields.accountEnabled) {
      const problem = right ? signIn.disabledAccount : signIn.wrongPassword;
      sendHtml(response, 401, signInPage({ action: target.pathname, vendor, login, problem }));
      return undefined;
    }
    const clientId = await this.clientIdOf(interaction);
    const person = await this.directory.authenticate(login, form.get("password") ?? "");
    const refusal = person === undefined ? undefined : this.directory.authorise(person, clientId);
    if ((refusal !== undefined && refusal.reason !== signIn.secondFactorNeeded) || !this.secondFactorAsked(user, clientId)) {
      return body;
    }
    const id = randomBytes(24).toString("base64url");
    this.challenges.set(id, { interaction, userId: user.id, passwordForm: body, expiresAt: Date.now() + challengeMilliseconds });
    sendHtml(response, 200, secondFactorPage(id));
    return undefined;
  }

  private async codePosted(interaction: string, response: ServerResponse, form: URLSearchParams): Promise<Buffer | undefined> {
    const id = form.get("challenge") ?? "";
    const challenge = this.challenges.get(id);
    if (challenge?.interaction !== interaction || challenge.expiresAt < Date.now()) {
      sendErrorPage(response, "AADSTS50089: Authentication failed due to flow token expired. Go back to the application and start again.");
      return undefined;
    }
    const expected = this.store.credentialsOf(challenge.userId)?.otp;
    if (expected === undefined || form.get("otp") !== expected) {
      sendHtml(response, 401, secondFactorPage(id, signIn.wrongSecondFactor));
      return undefined;
    }
    this.challenges.delete(id);
    this.directory.secondFactorPassed(challenge.userId, await this.clientIdOf(interaction));
    return challenge.passwordForm;
  }

  /** A session from another application, whose person has only given a password so far: a new sign-in, not a refusal. */
  private async onlySecondFactorMissing(interaction: string): Promise<boolean> {
    const payload = await this.stored(interaction);
    const { accountId } = (payload?.session ?? {}) as { accountId?: string };
    const person = accountId === undefined ? undefined : this.directory.person(accountId);
    if (person === undefined) {
      return false;
    }
    return this.directory.authorise(person, await this.clientIdOf(interaction))?.reason === signIn.secondFactorNeeded;
  }

  private secondFactorAsked(user: User, clientId: string): boolean {
    return demandsOf(this.store, user, clientId.toLowerCase()).mfa;
  }

  private async stored(interaction: string): Promise<AdapterPayload | undefined> {
    const found = await this.storage.adapter(this.directory.issuer, "Interaction").find(interaction);
    return found ?? undefined;
  }

  private async parametersOf(interaction: string): Promise<Record<string, unknown>> {
    return (await this.stored(interaction))?.params ?? {};
  }

  private async clientIdOf(interaction: string): Promise<string> {
    const clientId = (await this.parametersOf(interaction))["client_id"];
    return typeof clientId === "string" ? clientId : "";
  }
}

function sendErrorPage(response: ServerResponse, text: string): void {
  sendHtml(response, 400, errorPage(vendor, text.split(":")[0] ?? "error", text));
}

/**
 * The second factor hangs on the password page here, so while any policy is enforced every sign-in shows that page; a running session
 * without a second factor must not slip by. `prompt=none` stays: it fails when there is no session, as it should.
 */
function askForEachSignIn(query: URLSearchParams, enforced: boolean): void {
  const prompts = (query.get("prompt") ?? "").split(" ").filter((word) => word !== "");
  if (enforced && !prompts.includes("none") && !prompts.includes("login")) {
    query.set("prompt", [...prompts, "login"].join(" "));
  }
}
