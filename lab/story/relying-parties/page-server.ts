/** The part of a relying party that is the same on every platform: a server on loopback, and what an error says to the person. */
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { z } from "zod";
import { close, listen, readText, sendHtml, sendJson } from "../../machine/http";
import { authority } from "../sign-in/transport";
import { questionSchema } from "./access-questions";
import { errorPage } from "./pages";

/** A sign-in that a platform refuses, in words for the person. */
export class SignInRefusal extends Error {
  public constructor(
    message: string,
    /** HTTP status of the page that says so. */
    public readonly status: 400 | 401 | 403 = 403,
  ) {
    super(message);
  }
}

/** A page that only signed-in people have. */
export class NotSignedIn extends Error {}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Turns what an answer throws into a page. Messages of openid-client and of ours name claims and codes, never a token or a secret. */
export function answering(answer: Answer): RequestListener {
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof NotSignedIn) {
        sendJson(response, 401, { error: error.message });
        return;
      }
      const badRequest = error instanceof z.ZodError || error instanceof SyntaxError;
      const status = error instanceof SignInRefusal ? error.status : badRequest ? 400 : 502;
      sendHtml(response, status, errorPage(describeError(error)));
    });
  };
}

export interface PageServer {
  /** `k10.example.com:443` */
  readonly host: string;
  /** `127.0.0.1:40123` */
  readonly address: string;
  stop(): Promise<void>;
}

export interface PageServerOptions {
  /** Where people's browsers look for it: over TLS, or plainly where its scheme is http. */
  readonly url: URL;
  readonly certificate: { readonly certPem: string; readonly keyPem: string };
  /** Port on loopback. @default 0, a free one */
  readonly port?: number;
}

export async function servePages({ url, certificate, port }: PageServerOptions, answer: Answer): Promise<PageServer> {
  const handler = answering(answer);
  const server =
    url.protocol === "http:" ? createHttpServer(handler) : createTlsServer({ cert: certificate.certPem, key: certificate.keyPem }, handler);
  const taken = await listen(server, port);
  return { host: authority(url), address: `127.0.0.1:${taken}`, stop: () => close(server) };
}

/** @throws SignInRefusal with the provider's own words when it answered with an error */
export function expectNoError(answer: URLSearchParams): void {
  if (answer.has("error")) {
    throw new SignInRefusal(`${answer.get("error") ?? ""}: ${answer.get("error_description") ?? "no description"}`);
  }
}

/** The questions that a request asks of the platform's access. */
export async function questionsOf(request: IncomingMessage): Promise<z.output<typeof questionSchema>[]> {
  return z.array(questionSchema).parse(JSON.parse(await readText(request)));
}

/** An error in words. openid-client keeps the provider's own apart; neither names a token or a secret. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return "unexpected failure";
  }
  const { error: code, error_description: description } = error as Error & { error?: unknown; error_description?: unknown };
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return [error.message, code, description, cause].filter((part) => typeof part === "string").join(": ");
}
