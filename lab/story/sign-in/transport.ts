/** What openid-client needs of the lab's HTTP client, which stands in machine/http. */
import { send, type Route } from "../../machine/http";

export { authority, send, type Answer, type HostMap, type Route, type SendOptions } from "../../machine/http";

/** The parts of the Fetch API that openid-client needs from its `customFetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** openid-client sends forms, and nothing else. */
function formOf(body: unknown): string | undefined {
  if (body === undefined || body === null) {
    return undefined;
  }
  if (typeof body !== "string" && !(body instanceof URLSearchParams)) {
    throw new Error("A request of openid-client: expected a text or a form as its body, got something else.");
  }
  return body.toString();
}

/** A `fetch` for openid-client that goes through {@link send}. */
export function fetchThrough(route: Route): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, init) => {
    const answer = await send(new URL(url), route, {
      method: init.method,
      headers: init.headers,
      body: formOf(init.body),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const one of Array.isArray(value) ? value : [value ?? ""]) {
        headers.append(name, one);
      }
    }
    const bodyless = answer.status === 204 || answer.status === 304;
    return new Response(bodyless ? null : answer.body, { status: answer.status, headers });
  };
}
