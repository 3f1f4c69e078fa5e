import { CookieJar } from "./cookies";
import type { SignedIn } from "./outcome";
import { send, type Answer, type Route } from "./transport";

/** Requests with the cookies that a signed-in person's browser holds. */
export interface PersonSession {
  get(path: string): Promise<Answer>;
  /** Sends JSON. */
  post(path: string, body: unknown): Promise<Answer>;
}

/** `path` is relative to the page that the sign-in ended at. */
export function personSession(route: Route, signedIn: SignedIn): PersonSession {
  const jar = new CookieJar();
  jar.put(signedIn.cookies);
  const ask = (path: string, body?: unknown): Promise<Answer> => {
    const url = new URL(path, signedIn.finalUrl);
    return send(url, route, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        cookie: jar.header(url),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  };
  return { get: (path) => ask(path), post: (path, body) => ask(path, body) };
}
