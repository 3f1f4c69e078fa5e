import { createServer, type Server, type ServerResponse } from "node:http";
import { LoginError } from "./error";

/** Waits at the loopback redirect for the identity provider's answer. */
export interface Callback {
  /**
   * The address that the browser was sent to, with the answer in its query.
   * @param state answers that carry another one belong to another sign-in: they are turned away, and the wait goes on
   */
  wait(state: string, timeoutSeconds: number): Promise<URL>;
  close(): Promise<void>;
}

/**
 * Listens at a loopback redirect, on 127.0.0.1 only (RFC 8252 section 7.3).
 * @throws LoginError `port_in_use`
 */
export async function openCallback(redirectUri: string): Promise<Callback> {
  const redirect = new URL(redirectUri);
  const arrived: { resolve?: (url: URL) => void; state?: string } = {};
  const server = createServer((request, response) => {
    // A target such as //elsewhere.example/callback, or a whole address, would name another host: only a path of this one is an answer.
    const target = request.url ?? "";
    const url = URL.canParse(target, redirect.origin) ? new URL(target, redirect.origin) : undefined;
    if (request.method !== "GET" || url?.origin !== redirect.origin || url.pathname !== redirect.pathname) {
      say(response, 404, "Nothing is here.");
    } else if (arrived.state === undefined || url.searchParams.get("state") !== arrived.state) {
      say(response, 400, "This answer belongs to another sign-in. Start again with the address that gatehouse login prints.");
    } else {
      const refused = url.searchParams.has("error");
      say(
        response,
        200,
        `${refused ? "The identity provider refused the sign-in." : "Signed in."} The terminal says more; you can close this page.`,
      );
      arrived.resolve?.(url);
    }
  });
  await listen(server, Number(redirect.port), redirectUri);
  return {
    wait: (state, timeoutSeconds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new LoginError("no_answer", silence(timeoutSeconds)));
        }, timeoutSeconds * 1000);
        arrived.state = state;
        arrived.resolve = (url) => {
          clearTimeout(timer);
          resolve(url);
        };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Some refusals end on the identity provider's own page and never come back: Entra ID's numbers are the usual ones. */
function silence(seconds: number): string {
  return (
    `Expected the sign-in to come back within ${seconds} s, got nothing. What the browser shows tells why: ` +
    "AADSTS50105, or a page about a missing assignment: the person is in no group that is assigned to the application; add them to one that holds a grant. " +
    "AADSTS50011, or a redirect URI that is not registered: run `pulumi up` with diagnosticRedirect: true. " +
    "AADSTS50076: a second factor is required. Otherwise give more time with --timeout."
  );
}

function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    // The address holds the authorization code.
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(`<!doctype html><title>gatehouse login</title><p>${words}</p>`);
}

function listen(server: Server, port: number, redirectUri: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new LoginError(
          "port_in_use",
          `Expected port ${port} of this machine to be free for ${redirectUri}, got ${error.code ?? error.message}. Fix: end the program that has it, perhaps another gatehouse login.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
