import type * as oidc from "oidc-provider" with { "resolution-mode": "import" };
import type { KoaContextWithOIDC, interactionPolicy } from "oidc-provider" with { "resolution-mode": "import" };
import type { Directory, SignInRefusal } from "./directory";

export function requestedScopes(ctx: KoaContextWithOIDC): string[] {
  const scope = ctx.oidc.params?.scope;
  return typeof scope === "string" ? scope.split(" ").filter((word) => word !== "") : [];
}

/** The scopes as the relying party sent them: the library drops those that it does not know before its policy is asked. */
function sentScopes(ctx: KoaContextWithOIDC): string[] {
  const sent = ctx.method === "POST" ? ctx.oidc.body?.scope : ctx.query.scope;
  return typeof sent === "string" ? sent.split(" ").filter((word) => word !== "") : requestedScopes(ctx);
}

/** The refusal for the person of the running session, when the vendor would not let that person use the client. */
function refusal(directory: Directory, ctx: KoaContextWithOIDC): SignInRefusal | undefined {
  const personId = ctx.oidc.session?.accountId;
  const clientId = ctx.oidc.client?.clientId;
  if (personId === undefined || clientId === undefined) {
    return undefined;
  }
  const person = directory.person(personId);
  return person === undefined ? undefined : directory.authorise(person, clientId, requestedScopes(ctx));
}

/**
 * When a page is shown: no consent (the lab's apps are the organisation's own); `login` and `select_account` on request; and once
 * more when the session's person may not use this client, so that the refusal is shown in the vendor's way.
 */
export function signInPolicy(library: typeof oidc, directory: Directory): interactionPolicy.DefaultPolicy {
  const { interactionPolicy: policies, errors } = library;
  const policy = policies.base();
  // A `consent` prompt must stay in the list, or `prompt=consent` (sent for refresh tokens) would be an unknown value.
  policy.get("consent")?.checks.clear();
  policy.add(new policies.Prompt({ name: "select_account", requestable: true }), 0);
  const { Check } = policies;
  const login = policy.get("login");
  login?.checks.add(
    new Check("request_shape", "the authorization request is not acceptable", "invalid_request", (ctx) => {
      const state = ctx.oidc.params?.state;
      if (directory.stateRequired === true && (typeof state !== "string" || state === "")) {
        throw new errors.InvalidRequest("The authentication request has an invalid 'state' parameter.");
      }
      const unknown = sentScopes(ctx).filter((scope) => !directory.scopesSupported.includes(scope));
      if (directory.unknownScopeRefused === true && unknown.length > 0) {
        throw new errors.InvalidScope("One or more scopes are not configured for the authorization server resource.", unknown.join(" "));
      }
      return Check.NO_NEED_TO_PROMPT;
    }),
    0,
  );
  login?.checks.add(
    new Check("account_gone", "the account of this session may no longer sign in", "login_required", (ctx) => {
      const personId = ctx.oidc.session?.accountId;
      return personId !== undefined && directory.person(personId) === undefined;
    }),
  );
  login?.checks.add(
    new Check("refused", "the person may not use this client", "access_denied", (ctx) => refusal(directory, ctx) !== undefined),
  );
  return policy;
}
