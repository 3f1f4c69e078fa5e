import { randomBytes } from "node:crypto";

/**
 * An error answer of the management API. Codes and statuses: developer.okta.com/docs/reference/error-codes.
 * Where Okta would ignore something that this server does not implement, the answer is a 400 that names it, so that nothing passes
 * here that was never looked at.
 */
export class OktaApiError extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    readonly summary: string,
    readonly causes: readonly string[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${errorCode}: ${summary}`);
    this.name = "OktaApiError";
  }

  body(): Record<string, unknown> {
    return {
      errorCode: this.errorCode,
      errorSummary: this.summary,
      errorLink: this.errorCode,
      errorId: `oae${randomBytes(12).toString("base64url")}`,
      errorCauses: this.causes.map((errorSummary) => ({ errorSummary })),
    };
  }
}

/** `subject` is the field or object that the summary names; `causes` say what was expected and what came. */
export function invalid(subject: string, ...causes: string[]): OktaApiError {
  return new OktaApiError(400, "E0000001", `Api validation failed: ${subject}`, causes);
}

export function alreadyExists(subject: string, field: string): OktaApiError {
  return invalid(subject, `${field}: An object with this field already exists in the current organization`);
}

export function notWellFormed(cause: string): OktaApiError {
  return new OktaApiError(400, "E0000003", "The request body was not well-formed.", [cause]);
}

export function notFound(id: string, kind: string): OktaApiError {
  return new OktaApiError(404, "E0000007", `Not found: Resource not found: ${id} (${kind})`);
}

/** The one of this id. @throws E0000007 when there is none */
export function found<T extends { readonly id: string }>(among: readonly T[], id = "", kind: string): T {
  const one = among.find((candidate) => candidate.id === id);
  if (one === undefined) {
    throw notFound(id, kind);
  }
  return one;
}

export function noSuchPath(method: string, path: string): OktaApiError {
  return new OktaApiError(404, "E0000008", `The requested path was not found: ${method} ${path}`);
}

export function badMethod(method: string, path: string, allowed: readonly string[]): OktaApiError {
  return new OktaApiError(405, "E0000022", "The endpoint does not support the provided HTTP method", [
    `${method} ${path}: expected one of ${allowed.join(", ")}`,
  ]);
}

export function invalidToken(): OktaApiError {
  return new OktaApiError(401, "E0000011", "Invalid token provided");
}

export function accessDenied(cause: string): OktaApiError {
  return new OktaApiError(403, "E0000006", "You do not have permission to perform the requested action", [cause]);
}

export function deleteForbidden(cause: string): OktaApiError {
  return new OktaApiError(403, "E0000056", "Delete application forbidden.", [cause]);
}

export function tooManyRequests(resetAtSeconds: number): OktaApiError {
  return new OktaApiError(429, "E0000047", "API call exceeded rate limit due to too many requests.", [], {
    "x-rate-limit-limit": "600",
    "x-rate-limit-remaining": "0",
    "x-rate-limit-reset": String(resetAtSeconds),
  });
}

export function internalError(): OktaApiError {
  return new OktaApiError(500, "E0000009", "Internal Server Error");
}
