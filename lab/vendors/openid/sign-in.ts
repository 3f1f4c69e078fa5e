import type { IncomingMessage, ServerResponse } from "node:http";
import type { Interaction, Provider } from "oidc-provider" with { "resolution-mode": "import" };
import type { Directory, Person, SignInRefusal } from "./directory";
import { sendHtml } from "../../machine/http";
import { errorPage, signInPage } from "./pages";

export interface SignInContext {
  readonly provider: Provider;
  readonly directory: Directory;
  readonly vendor: string;
  readonly target: URL;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function refuse(context: SignInContext, request: IncomingMessage, response: ServerResponse, refusal: SignInRefusal): Promise<void> {
  if (refusal.shownAs === "page") {
    sendHtml(response, 403, errorPage(context.vendor, refusal.code, refusal.reason));
    return;
  }
  await context.provider.interactionFinished(request, response, { error: refusal.code, error_description: refusal.reason });
}

/**
 * Ends the browser's former session, so that each entry of a password starts a new one. Without this the library would ask the
 * browser to sign the former person out through a page that only a script can submit.
 */
async function forgetFormerSession(provider: Provider, interaction: Interaction): Promise<void> {
  const former = interaction.session;
  if (former === undefined) {
    return;
  }
  const session = await provider.Session.find(former.cookie);
  await session?.destroy();
  interaction.session = undefined;
  const remaining = interaction.exp - Math.floor(Date.now() / 1000);
  await interaction.save(Math.max(remaining, 1));
}

async function accept(
  context: SignInContext,
  request: IncomingMessage,
  response: ServerResponse,
  interaction: Interaction,
  person: Person,
): Promise<void> {
  const clientId = text(interaction.params.client_id);
  const scopes = text(interaction.params.scope).split(" ");
  const refusal = context.directory.authorise(person, clientId, scopes);
  if (refusal !== undefined) {
    await refuse(context, request, response, refusal);
    return;
  }
  await forgetFormerSession(context.provider, interaction);
  await context.provider.interactionFinished(request, response, {
    login: { accountId: person.id, amr: ["pwd"], remember: false },
    select_account: {},
    consent: {},
  });
}

/** Shows the sign-in form and takes what is posted to it. */
export async function handleSignIn(
  context: SignInContext,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const { provider, directory, vendor, target } = context;
  let interaction: Interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch {
    sendHtml(response, 400, errorPage(vendor, "session_expired", "This sign-in has expired. Go back to the application and start again."));
    return;
  }
  if (request.method === "POST") {
    const form = new URLSearchParams(body.toString("utf8"));
    const login = form.get("username") ?? "";
    const person = await directory.authenticate(login, form.get("password") ?? "");
    if (person === undefined) {
      sendHtml(response, 401, signInPage({ action: target.pathname, vendor, login, problem: "Unable to sign in" }));
      return;
    }
    await accept(context, request, response, interaction, person);
    return;
  }
  const known = interaction.session?.accountId;
  if (interaction.prompt.reasons.includes("refused") && known !== undefined) {
    const person = directory.person(known);
    const scopes = text(interaction.params.scope).split(" ");
    const refusal = person === undefined ? undefined : directory.authorise(person, text(interaction.params.client_id), scopes);
    if (refusal !== undefined) {
      await refuse(context, request, response, refusal);
      return;
    }
  }
  sendHtml(response, 200, signInPage({ action: target.pathname, vendor, login: text(interaction.params.login_hint) }));
}
