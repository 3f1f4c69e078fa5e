import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
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

export interface SignInGuard {
  /** What is known of a sign-in that is under way. */
  factsOf(interaction: string): Promise<RequestFacts>;
  /** `GET /authorize`: Entra's own refusals, which end on its page and never at the relying party. */
  authorization(target: URL, response: ServerResponse): RequestFacts | undefined;
  /** The sign-in pages and the way back from them: wrong password, disabled account, second factor. */
  interaction(id: string, request: IncomingMessage, response: ServerResponse, target: URL, body: Buffer): Promise<Passed>;
}

/** Stands before the OpenID Provider, where Entra ID behaves differently from any other. */
export function signInGuard(options: {
  readonly store: TenantStore;
  readonly directory: EntraDirectory;
  readonly storage: TokenStorage;
}): SignInGuard {
  const { store, directory, storage } = options;
  const challenges = new Map<string, Challenge>();

  const stored = async (interaction: string) => storage.adapter(directory.issuer, "Interaction").find(interaction);
  const parametersOf = async (interaction: string): Promise<Record<string, unknown>> => (await stored(interaction))?.params ?? {};
  const clientIdOf = async (interaction: string): Promise<string> => {
    const clientId = (await parametersOf(interaction))["client_id"];
    return typeof clientId === "string" ? clientId : "";
  };
  const page = (response: ServerResponse, text: string, status = 400): undefined => {
    sendHtml(response, status, errorPage(vendor, text.split(":")[0] ?? "error", text));
    return undefined;
  };
  const mfaNeeded = (user: User, clientId: string): boolean => demandsOf(store, user, clientId.toLowerCase()).mfa;

  const passwordPosted = async (interaction: string, response: ServerResponse, target: URL, body: Buffer): Promise<Buffer | undefined> => {
    const form = new URLSearchParams(body.toString("utf8"));
    const login = form.get("username") ?? "";
    const user = store.user(login);
    const right = user !== undefined && store.credentialsOf(user.id)?.password === form.get("password");
    if (!right || !user.fields.accountEnabled) {
      const problem = right ? signIn.disabledAccount : signIn.wrongPassword;
      sendHtml(response, 401, signInPage({ action: target.pathname, vendor: vendor, login, problem }));
      return undefined;
    }
    const clientId = await clientIdOf(interaction);
    const person = await directory.authenticate(login, form.get("password") ?? "");
    const refusal = person === undefined ? undefined : directory.authorise(person, clientId, []);
    if ((refusal !== undefined && refusal.reason !== signIn.secondFactorNeeded) || !mfaNeeded(user, clientId)) {
      return body;
    }
    const id = randomBytes(24).toString("base64url");
    challenges.set(id, { interaction, userId: user.id, passwordForm: body, expiresAt: Date.now() + challengeMilliseconds });
    sendHtml(response, 200, secondFactorPage(id));
    return undefined;
  };

  /** A session from another application, whose person has only given a password so far: a new sign-in, not a refusal. */
  const onlySecondFactorMissing = async (interaction: string): Promise<boolean> => {
    const payload = await stored(interaction);
    const { accountId } = (payload?.session ?? {}) as { accountId?: string };
    const person = accountId === undefined ? undefined : directory.person(accountId);
    if (person === undefined) {
      return false;
    }
    return directory.authorise(person, await clientIdOf(interaction), [])?.reason === signIn.secondFactorNeeded;
  };

  const codePosted = async (interaction: string, response: ServerResponse, form: URLSearchParams): Promise<Buffer | undefined> => {
    const id = form.get("challenge") ?? "";
    const challenge = challenges.get(id);
    if (challenge?.interaction !== interaction || challenge.expiresAt < Date.now()) {
      page(response, "AADSTS50089: Authentication failed due to flow token expired. Go back to the application and start again.");
      return;
    }
    const expected = store.credentialsOf(challenge.userId)?.otp;
    if (expected === undefined || form.get("otp") !== expected) {
      sendHtml(response, 401, secondFactorPage(id, signIn.wrongSecondFactor));
      return undefined;
    }
    challenges.delete(id);
    directory.secondFactorPassed(challenge.userId, await clientIdOf(interaction));
    return challenge.passwordForm;
  };

  const factsOf = async (interaction: string): Promise<RequestFacts> => {
    const redirectUri = (await parametersOf(interaction))["redirect_uri"];
    return typeof redirectUri === "string" ? { redirectUri } : {};
  };

  return {
    factsOf,
    authorization: (target, response) => {
      const query = target.searchParams;
      const clientId = query.get("client_id") ?? "";
      const application = store.applicationByAppId(clientId);
      if (application === undefined) {
        page(response, applicationNotFound(clientId, store.tenantId).message);
        return;
      }
      const redirectUri = query.get("redirect_uri") ?? "";
      if (platformOf(application, redirectUri) === undefined) {
        page(response, redirectMismatch(redirectUri, application.appId));
        return;
      }
      const client = directory.client(application.appId);
      const missing = (query.get("response_type") ?? "code").split(" ").find((part) => client?.responseTypes.includes(part) === false);
      if (missing !== undefined) {
        page(response, responseTypeNotEnabled(missing));
        return;
      }
      askForEachSignIn(
        query,
        store.policies().some((policy) => policy.fields.state === "enabled"),
      );
      return { redirectUri };
    },
    interaction: async (interaction, request, response, target, body) => {
      const facts = await factsOf(interaction);
      if (request.method !== "POST") {
        if (!(await onlySecondFactorMissing(interaction))) {
          return { body, facts };
        }
        sendHtml(response, 200, signInPage({ action: target.pathname, vendor: vendor }));
        return undefined;
      }
      const form = new URLSearchParams(body.toString("utf8"));
      const onward = form.has("challenge")
        ? await codePosted(interaction, response, form)
        : await passwordPosted(interaction, response, target, body);
      return onward === undefined ? undefined : { body: onward, facts };
    },
  };
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
