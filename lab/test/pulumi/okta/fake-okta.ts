// The least Okta that the provider's own requests need: it stores what it is given and writes down what it was asked.
// The lab's emulator answers like the vendor; this one is for looking at requests.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string;
  readonly body: unknown;
}

export interface FakeOkta {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Answers the next request that starts with this method and path by a status and a body, once. */
  failOnce(method: string, path: string, status: number, body: Json, headers?: Record<string, string>): void;
  /** Forgets the object at a path, as somebody else's deletion would. */
  remove(path: string): void;
  store: Map<string, Json>;
  members: Map<string, Set<string>>;
  stop(): Promise<void>;
}

const systemPolicy = { id: "rst-system", type: "ACCESS_POLICY", name: "Any two factors", status: "ACTIVE", system: true, priority: 1 };

export async function startFakeOkta(): Promise<FakeOkta> {
  const requests: SeenRequest[] = [];
  const failures: { method: string; path: string; status: number; body: Json; headers: Record<string, string> }[] = [];
  const store = new Map<string, Json>([["/api/v1/policies/rst-system", systemPolicy]]);
  const members = new Map<string, Set<string>>();
  let counter = 0;

  const membersOf = (collection: string): Set<string> => {
    const found = members.get(collection) ?? new Set<string>();
    members.set(collection, found);
    return found;
  };
  const children = (collection: string): Json[] =>
    [...store]
      .filter(([path]) => path.startsWith(`${collection}/`) && !path.slice(collection.length + 1).includes("/"))
      .map(([, value]) => value);

  function create(path: string, body: Json): Json {
    const id = `${path.split("/").pop() ?? "x"}-${++counter}`;
    const made: Json = { id, status: "ACTIVE", system: false, ...body };
    if (path === "/api/v1/apps") {
      const credentials = body.credentials as { oauthClient: Json };
      const secret = credentials.oauthClient.client_secret ?? `secret-of-${id}`;
      made.credentials = { ...credentials, oauthClient: { client_id: id, ...credentials.oauthClient, client_secret: secret } };
      made._links = { accessPolicy: { href: "https://okta.invalid/api/v1/policies/rst-system" } };
    }
    store.set(`${path}/${id}`, made);
    if (path === "/api/v1/policies") {
      store.set(`${path}/${id}/rules/catch-all`, {
        id: "catch-all",
        name: "Catch-all Rule",
        system: true,
        type: "ACCESS_POLICY",
        actions: { appSignOn: { access: "ALLOW" } },
      });
    }
    return made;
  }

  function answer(method: string, path: string, query: URLSearchParams, body: Json): { status: number; body?: unknown } {
    if (path === "/.well-known/okta-organization") {
      return { status: 200, body: { id: "00o1", pipeline: "idx" } };
    }
    if (path === "/api/v1/users/me") {
      return { status: 200, body: { id: "00u-me" } };
    }
    const relation = /^(\/api\/v1\/(?:groups|apps)\/[^/]+\/(?:users|groups|policies))(?:\/([^/]+))?$/.exec(path);
    if (relation) {
      const [, collection = "", id] = relation;
      if (method === "GET") {
        return { status: 200, body: [...membersOf(collection)].map((member) => ({ id: member, profile: {} })) };
      }
      if (collection.endsWith("/policies")) {
        const app = store.get(collection.replace(/\/policies$/, ""));
        if (app) {
          app._links = { accessPolicy: { href: `https://okta.invalid/api/v1/policies/${id}` } };
        }
      } else if (method === "PUT") {
        membersOf(collection).add(id ?? "");
      } else {
        membersOf(collection).delete(id ?? "");
      }
      return { status: 204 };
    }
    if (/\/lifecycle\/(de)?activate$/.test(path)) {
      const target = store.get(path.replace(/\/lifecycle\/.*$/, ""));
      if (target) {
        target.status = path.endsWith("/deactivate") ? "INACTIVE" : "ACTIVE";
      }
      return target ? { status: 200, body: {} } : { status: 404, body: { errorCode: "E0000007", errorSummary: "Not found" } };
    }
    const internal = path.startsWith("/api/v1/internal/");
    if (internal && method === "POST") {
      store.set(path, body);
    }
    if (internal) {
      return { status: 200, body: store.get(path) ?? {} };
    }
    if (method === "POST") {
      return { status: 200, body: create(path, body) };
    }
    const isCollection =
      /^\/api\/v1\/(groups|apps|users|policies|authorizationServers)$|\/(rules|claims|scopes)$|\/authorizationServers\/[^/]+\/policies$/.test(
        path,
      );
    if (isCollection) {
      const [name, type] = [query.get("q"), query.get("type")];
      const matches = (item: Json): boolean =>
        (!type || item.type === type) && (!name || String((item.profile as Json).name).startsWith(name));
      return { status: 200, body: children(path).filter(matches) };
    }
    const found = store.get(path);
    if (!found) {
      return { status: 404, body: { errorCode: "E0000007", errorSummary: `Not found: Resource not found: ${path}` } };
    }
    if (method === "DELETE") {
      store.delete(path);
    }
    if (method === "PUT") {
      store.set(path, { ...found, ...body });
    }
    return method === "DELETE" ? { status: 204 } : { status: 200, body: redacted(path, store.get(path) ?? {}) };
  }

  const server: Server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const url = new URL(request.url ?? "/", "http://fake.invalid");
      const body = parseBody(text);
      requests.push({
        method: request.method ?? "",
        path: url.pathname + url.search,
        authorization: request.headers.authorization ?? "",
        body,
      });
      const failing = failures.findIndex(({ method, path }) => method === request.method && url.pathname.startsWith(path));
      const [failure] = failing >= 0 ? failures.splice(failing, 1) : [];
      const reply = failure ?? answer(request.method ?? "", url.pathname, url.searchParams, (body ?? {}) as Json);
      response.writeHead(reply.status, { "content-type": "application/json", ...failure?.headers });
      response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failOnce: (method, path, status, body, headers = {}) => void failures.push({ method, path, status, body, headers }),
    remove: (path) => void store.delete(path),
    store,
    members,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An app's secret is given only by its creation and its update, never by a read. */
function redacted(path: string, value: Json): Json {
  if (!/^\/api\/v1\/apps\/[^/]+$/.test(path)) {
    return value;
  }
  const copy = structuredClone(value);
  delete (copy.credentials as { oauthClient: Json }).oauthClient.client_secret;
  return copy;
}

function parseBody(text: string): unknown {
  if (text === "") {
    return undefined;
  }
  return text.startsWith("{") ? JSON.parse(text) : text;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
