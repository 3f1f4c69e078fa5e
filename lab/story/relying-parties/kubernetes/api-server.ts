/**
 * kubelogin and kubectl in one: signs a person in as the generated kubeconfig says, and asks the API server with the ID token alone.
 *
 * Who the person is, and what is allowed, is the API server's own word by the generated AuthenticationConfiguration: nothing here maps
 * a claim. A browser session stands for one person's terminal.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { send, type Answer } from "../../sign-in/transport";
import { close, cookieOf, redirect, sendHtml, sendJson } from "../../../machine/http";
import type { questionSchema } from "../access-questions";
import { beginLogin, type PendingLogin } from "./kubelogin-client";
import { personKubeconfig, type PersonKubeconfig } from "./kubelogin-arguments";
import { errorPage, signedInPage } from "../pages";
import type { PersonSession, RelyingParty } from "../contract";
import { answering, expectNoError, NotSignedIn, questionsOf, SignInRefusal } from "../page-server";

export interface ApiServerOptions {
  /** Text of the generated kubeconfig. */
  readonly kubeconfig: string;
  /** Settles when the API server has taken the generated AuthenticationConfiguration. */
  readonly trusted: Promise<void>;
}

interface Terminal extends PersonSession {
  readonly claims: Readonly<Record<string, unknown>>;
}

const cookieName = "kubelogin";
const reviewSchema = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }) }),
});
const accessSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

export async function startApiServerLogin(options: ApiServerOptions): Promise<RelyingParty> {
  const config = personKubeconfig(options.kubeconfig);
  const terminals = new Map<string, Terminal>();
  const server = createServer();
  const { host, port } = await listen(server, config.kubelogin.listen);
  const origin = `http://localhost:${port}`;
  server.on("request", answering(pagesOf({ config, terminals, origin, pending: new Map(), trusted: options.trusted })));

  return {
    host: `localhost:${port}`,
    address: `${host}:${port}`,
    startUrl: `${origin}/`,
    session: (user) =>
      [...terminals.values()]
        .reverse()
        .find(({ claims, username }) => [username, claims["preferred_username"], claims["email"], claims["sub"]].includes(user)),
    // There is no pod: the next start reads the kubeconfig anew.
    restartIfRolled: () => Promise.resolve([]),
    stop: () => close(server),
  };
}

/** One kubelogin that listens, and the terminals that it signed in. */
interface Kubelogin extends Pick<ApiServerOptions, "trusted"> {
  readonly config: PersonKubeconfig;
  readonly origin: string;
  /** By `state`. */
  readonly pending: Map<string, PendingLogin>;
  /** By cookie. */
  readonly terminals: Map<string, Terminal>;
}

function pagesOf(kubelogin: Kubelogin): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { config, terminals, origin } = kubelogin;
  return async (request, response) => {
    const url = new URL(request.url ?? "/", origin);
    const terminal = terminals.get(cookieOf(request, cookieName) ?? "");
    switch (`${request.method ?? ""} ${url.pathname}`) {
      case "GET /":
        if (url.searchParams.has("state")) {
          return finish(kubelogin, url.searchParams, response);
        }
        if (terminal === undefined) {
          return begin(kubelogin, response);
        }
        sendHtml(response, 200, signedInPage(terminal.username));
        return;
      case "POST /can-i":
        if (terminal === undefined) {
          throw new NotSignedIn("expected a signed-in terminal, got none");
        }
        sendJson(response, 200, await canI(config, terminal, await questionsOf(request)));
        return;
      default:
        sendHtml(response, 404, errorPage(`no page at ${url.pathname}`));
    }
  };
}

async function begin({ config, origin, pending }: Kubelogin, response: ServerResponse): Promise<void> {
  const login = await beginLogin(config.kubelogin, origin);
  pending.set(login.state, login);
  redirect(response, login.authorizationUrl);
}

async function finish(kubelogin: Kubelogin, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const { config, origin, pending, terminals, trusted } = kubelogin;
  const state = query.get("state") ?? "";
  const login = pending.get(state);
  pending.delete(state);
  if (login === undefined) {
    throw new SignInRefusal("expected the answer to a sign-in that was started here, got an unknown state", 400);
  }
  expectNoError(query);
  const { idToken, claims } = await login.finish(query);
  await trusted;
  const review = await callWith(config, idToken, "authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews");
  if (review.status !== 201) {
    throw new SignInRefusal(`the API server does not accept the ID token (status ${review.status})`, 401);
  }
  const { username, groups } = reviewSchema.parse(JSON.parse(review.body)).status.userInfo;
  const value = randomBytes(24).toString("base64url");
  // Everybody who is authenticated has this group; the identity provider's own are the rest.
  terminals.set(value, { idToken, claims, username, groups: groups.filter((group) => group !== "system:authenticated") });
  redirect(response, `${origin}/`, `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax`);
}

async function canI(
  config: PersonKubeconfig,
  { idToken }: Terminal,
  questions: readonly z.output<typeof questionSchema>[],
): Promise<unknown> {
  return Promise.all(
    questions.map(async (question) => {
      const spec = { resourceAttributes: question };
      const review = await callWith(
        config,
        idToken,
        "authorization.k8s.io/v1",
        "SelfSubjectAccessReview",
        "selfsubjectaccessreviews",
        spec,
      );
      if (review.status !== 201) {
        throw new Error(`SelfSubjectAccessReview: expected status 201, got ${review.status}`);
      }
      return { ...question, allowed: accessSchema.parse(JSON.parse(review.body)).status.allowed };
    }),
  );
}

/** A call as kubectl makes it: to the kubeconfig's server, by its authority, with the token. */
function callWith(
  config: PersonKubeconfig,
  idToken: string,
  apiVersion: string,
  kind: string,
  resource: string,
  spec?: unknown,
): Promise<Answer> {
  return send(
    new URL(`/apis/${apiVersion}/${resource}`, config.server),
    { ca: config.certificateAuthority ?? "" },
    {
      method: "POST",
      headers: { authorization: `Bearer ${idToken}`, "content-type": "application/json" },
      body: JSON.stringify({ apiVersion, kind, ...(spec === undefined ? {} : { spec }) }),
    },
  );
}

/** The first free one of kubelogin's addresses. */
async function listen(
  server: Server,
  addresses: readonly { readonly host: string; readonly port: number }[],
): Promise<{ readonly host: string; readonly port: number }> {
  for (const address of addresses) {
    const free = await new Promise<boolean>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
      server.listen(address.port, address.host, () => resolve(true));
    });
    server.removeAllListeners("error");
    if (free) {
      return address;
    }
  }
  throw new Error(`kubelogin: expected a free port among ${addresses.map(({ port }) => port).join(", ")}, all are taken.`);
}
