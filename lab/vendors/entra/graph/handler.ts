import { applicationRoutes } from "./applications";
import type { Caller, GraphAnswer, GraphCall, Route } from "./call";
import { conditionalAccessRoutes } from "./conditional-access";
import { credentialRoutes } from "./credentials";
import { GraphError, malformed, requestDenied } from "./errors";
import { groupRoutes } from "./groups";
import { permitted, type Requirement } from "./permissions";
import { roleManagementRoutes } from "./role-management";
import { servicePrincipalRoutes } from "./service-principals";
import type { TenantStore } from "./store";
import { userRoutes } from "./users";

const routes: readonly Route[] = [
  ...applicationRoutes,
  ...credentialRoutes,
  ...servicePrincipalRoutes,
  ...groupRoutes,
  ...userRoutes,
  ...conditionalAccessRoutes,
  ...roleManagementRoutes,
];

export interface GraphRequest {
  readonly method: string;
  /** Path with version, e.g. `/v1.0/applications`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parsed JSON; undefined without a body. */
  readonly body?: unknown;
  readonly headers?: GraphCall["headers"];
  readonly caller: Caller;
}

export interface GraphOptions {
  readonly store: TenantStore;
  /** Without a slash at the end; `@odata.id` references must begin with it. */
  readonly graphUrl: string;
  /** A tenant's app management policy: longest lifetime of a new secret. */
  readonly passwordLifetimeDays?: number;
}

interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Microsoft Graph as far as the provider goes. Everything it does not know is refused by name, so that nothing passes by accident. */
export function answerGraph(options: GraphOptions, request: GraphRequest): GraphAnswer {
  try {
    return route(options, request);
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    return { status: error.status, body: error.body(options.store.now()), headers: error.headers };
  }
}

function route(options: GraphOptions, request: GraphRequest): GraphAnswer {
  const [version, ...segments] = request.path.replace(/^\/+/, "").split("/").map(decodeSegment);
  if (version !== "v1.0" && version !== "beta") {
    throw malformed(`Invalid version: '${version ?? ""}'. Expected v1.0 or beta.`);
  }
  const matches = routes.flatMap((one) => match(one, segments));
  const chosen = matches.find((one) => one.route.method === request.method);
  if (chosen === undefined) {
    if (matches.length === 0) {
      throw malformed(`Resource not found for the segment '${segments.join("/")}'.`);
    }
    throw new GraphError(
      405,
      "Request_BadRequest",
      `Specified HTTP method '${request.method}' is not allowed for '${segments.join("/")}'.`,
    );
  }
  const query = readQuery(chosen.route, request.query);
  requirePermission(chosen.route.requires, request.caller);
  const answer = chosen.route.handle({
    store: options.store,
    caller: request.caller,
    version,
    params: { ...chosen.params, path: segments.join("/") },
    query,
    body: request.body,
    headers: request.headers,
    graphUrl: options.graphUrl,
    limits: { passwordLifetimeDays: options.passwordLifetimeDays },
  });
  return withContext(options.graphUrl, version, segments, answer);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw malformed(`The request URI has a malformed segment: '${segment}'.`);
  }
}

function match(one: Route, segments: readonly string[]): Match[] {
  const pattern = one.path.split("/");
  if (pattern.length !== segments.length) {
    return [];
  }
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) {
      params[part.slice(1)] = segment;
    } else if (part !== segment) {
      return [];
    }
  }
  return [{ route: one, params }];
}

function readQuery(one: Route, given: URLSearchParams): Record<string, string> {
  const allowed = one.query ?? [];
  const query: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!allowed.includes(name)) {
      throw malformed(
        `The query parameter '${name}' is not supported for ${one.method} ${one.path}. Supported: ${allowed.join(", ") || "none"}.`,
      );
    }
    if (name in query) {
      throw malformed(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
    }
    query[name] = value;
  }
  return query;
}

function requirePermission(requirement: Requirement, caller: Caller): void {
  if (caller.delegated) {
    if (requirement.allOf.length > 0) {
      throw requestDenied();
    }
    return;
  }
  if (permitted(requirement, caller.roles)) {
    return;
  }
  if (requirement.refusal === "conditionalAccess") {
    throw new GraphError(403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.");
  }
  throw requestDenied();
}

function withContext(graphUrl: string, version: string, segments: readonly string[], answer: GraphAnswer): GraphAnswer {
  if (typeof answer.body !== "object" || answer.body === null) {
    return answer;
  }
  const single = "value" in answer.body ? "" : "/$entity";
  return { ...answer, body: { "@odata.context": `${graphUrl}/${version}/$metadata#${segments[0] ?? ""}${single}`, ...answer.body } };
}
