import { z } from "zod";
import { badRequest, malformed, requestDenied, resourceNotFound } from "./errors";
import type { Application, DirectoryObject, Entity, Group, ServicePrincipal } from "./entities";
import type { Requirement } from "./permissions";
import { parseFilter, parseTop, select } from "./query";
import type { TenantStore } from "./store";
import { isMapping } from "../../../../model/text/mapping";

/** Who calls: an application by itself (`roles` are its granted permissions) or a signed-in person. */
export interface Caller {
  readonly objectId: string;
  readonly roles: readonly string[];
  readonly delegated: boolean;
}

export interface GraphCall {
  readonly store: TenantStore;
  readonly caller: Caller;
  readonly version: "v1.0" | "beta";
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** By lower-case name; left out by callers that send none. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** Where Graph lives, without a slash at the end. */
  readonly graphUrl: string;
  readonly limits: { readonly passwordLifetimeDays?: number };
}

export interface GraphAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Segments as in the reference pages; `:name` takes one. */
  readonly path: string;
  readonly requires: Requirement;
  /** The query options that this operation takes. */
  readonly query?: readonly string[];
  readonly handle: (call: GraphCall) => GraphAnswer;
}

export const noContent: GraphAnswer = { status: 204 };

/** Reads a body by its shape. @throws GraphError 400 naming the first field that is unknown or of the wrong type. */
export function readBody<T extends z.ZodType>(shape: T, body: unknown, resource: string): z.infer<T> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw malformed(`Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.`);
  }
  const result = shape.safeParse(body);
  if (result.success) {
    return result.data;
  }
  const issue = result.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const path = [...issue.path, issue.keys[0]].map(String).join(".");
    throw badRequest(`Invalid property '${path}'. It does not exist on type '${resource}', or nothing here implements it.`);
  }
  const path = (issue?.path ?? []).map(String).join(".");
  throw badRequest(`Invalid value specified for property '${path}' of resource '${resource}'. ${issue?.message ?? ""}`.trim());
}

export function found<K extends Entity["kind"]>(call: GraphCall, kind: K, id: string): Extract<Entity, { kind: K }> {
  const entity = call.store.read(kind, id);
  if (entity === undefined) {
    throw resourceNotFound(id);
  }
  return entity;
}

const reference = /\/(?:v1\.0|beta)\/(?:directoryObjects|users|groups|servicePrincipals)\/([0-9a-fA-F-]{36})$/;

/** The object that an `@odata.id` or `@odata.bind` URL points at. */
export function referenced(call: GraphCall, url: string, property: string): DirectoryObject {
  const id = reference.exec(url)?.[1];
  if (id === undefined || !url.startsWith(`${call.graphUrl}/`)) {
    throw badRequest(`Invalid URL '${url}' for property '${property}': expected '${call.graphUrl}/v1.0/directoryObjects/{id}'.`);
  }
  const object = call.store.readObject(id);
  if (object === undefined) {
    throw resourceNotFound(id);
  }
  return object;
}

export function list(call: GraphCall, rows: readonly Record<string, unknown>[], filterable: readonly string[]): GraphAnswer {
  const filter = call.query["$filter"];
  const matching = filter === undefined ? rows : rows.filter(parseFilter(filter, filterable));
  const top = parseTop(call.query["$top"]);
  const skip = Number(call.query["$skiptoken"] ?? "0");
  if (!Number.isInteger(skip) || skip < 0) {
    throw malformed("Invalid value specified for query option '$skiptoken'.");
  }
  const value = matching.slice(skip, skip + top).map((row) => select(row, call.query["$select"]));
  const next = skip + top < matching.length ? { "@odata.nextLink": nextLink(call, skip + top) } : {};
  const count = call.query["$count"] === "true" ? { "@odata.count": matching.length } : {};
  return { status: 200, body: { ...count, ...next, value } };
}

function nextLink(call: GraphCall, skip: number): string {
  const query = new URLSearchParams({ ...call.query, $skiptoken: String(skip) });
  return `${call.graphUrl}/${call.version}/${call.params["path"] ?? ""}?${query.toString()}`;
}

export const listOptions = ["$filter", "$select", "$top", "$count", "$skiptoken"] as const;

export function one(call: GraphCall, row: Record<string, unknown>, status = 200): GraphAnswer {
  return { status, body: select(row, call.query["$select"]) };
}

/**
 * The new values over the old: objects are merged field by field, lists replace, as PATCH on a complex property does
 * (learn.microsoft.com/graph/use-the-api, "PATCH"). `@odata` annotations are not data.
 */
export function merge<T extends object>(old: T, update: object): T {
  const result: Record<string, unknown> = { ...(old as Record<string, unknown>) };
  for (const [key, value] of Object.entries(update)) {
    if (key.includes("@odata") || value === undefined) {
      continue;
    }
    const before = result[key];
    result[key] = isMapping(before) && isMapping(value) ? merge(before, value) : isMapping(value) ? merge({}, value) : value;
  }
  return result as T;
}

type Owned = Application | ServicePrincipal | Group;

/** `Application.ReadWrite.OwnedBy` alone reaches only what the caller owns. */
export function requireOwnership(call: GraphCall, object: Owned): void {
  const all = call.caller.roles.includes("Application.ReadWrite.All") || call.caller.roles.includes("Directory.ReadWrite.All");
  if (!all && !object.owners.has(call.caller.objectId)) {
    throw requestDenied();
  }
}
