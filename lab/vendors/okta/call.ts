import { z } from "zod";
import { invalid, notWellFormed } from "./errors";
import type { OktaStore } from "./store";
import type { AppRecord } from "./model";

/** Who asks: an API token may do anything; a bearer token only what its scopes allow. */
export type Caller = { kind: "ssws"; userId: string } | { kind: "bearer"; clientId: string; scopes: readonly string[] };

export interface Call {
  readonly store: OktaStore;
  /** Prefix of links in the answer: the URL by which the caller reaches this server. */
  readonly base: string;
  /** The org URL, `https://host[:port]`, which is also the issuer of the org authorization server. */
  readonly orgUrl: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly path: string;
  /** Parsed JSON, or undefined when there was no body. */
  readonly body: unknown;
  readonly caller: Caller;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `:name` stands for one segment. */
  readonly path: string;
  /** Query parameters that are implemented; any other is refused. */
  readonly query?: readonly string[];
  /** OAuth scope that a bearer token needs; `ssws`: only API tokens; `none`: nobody needs to be known. */
  readonly scope: `okta.${string}` | "ssws" | "none";
  /** May wait (password hashing); everything else is immediate. */
  handle(call: Call): Reply | Promise<Reply>;
}

export const noContent: Reply = { status: 204 };

export function ok(body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status: 200, body, headers };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${path === "" ? "" : `${path}.`}${key}: field is not known here`).join("; ");
  }
  return `${path === "" ? "body" : path}: ${issue.message}`;
}

/** The app that the path names. */
export function appOf(call: Call): AppRecord {
  return call.store.app(call.params.appId ?? "");
}

/** Checks a body against a strict schema. @throws E0000003 when there is none, E0000001 that names each wrong field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, subject: string): T {
  if (body === undefined) {
    throw notWellFormed(`${subject}: expected a JSON body, got none`);
  }
  const result = schema.safeParse(body);
  if (result.success) {
    return result.data;
  }
  const causes = result.error.issues.map(describe);
  throw invalid(causes[0]?.split(":")[0] ?? subject, ...causes);
}

/** Reads `true` or `false` from the query. */
export function flag(call: Call, name: string, otherwise: boolean): boolean {
  const value = call.query.get(name);
  if (value === null) {
    return otherwise;
  }
  if (value !== "true" && value !== "false") {
    throw invalid(name, `${name}: expected true or false, got ${value}`);
  }
  return value === "true";
}
