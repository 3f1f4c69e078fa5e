/** An answer of Microsoft Graph that is not a success: `{"error":{"code","message"}}` (learn.microsoft.com/graph/errors). */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  body(now: number): object {
    const date = new Date(now).toISOString().slice(0, 19);
    return { error: { code: this.code, message: this.message, innerError: { date } } };
  }
}

/** The directory's own validation. */
export function badRequest(message: string): GraphError {
  return new GraphError(400, "Request_BadRequest", message);
}

/** The gateway's validation (paths, query options, conditional access), which uses another code than the directory's. */
export function malformed(message: string): GraphError {
  return new GraphError(400, "BadRequest", message);
}

export function resourceNotFound(id: string): GraphError {
  return new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function invalidValue(property: string, resource: string, why: string): GraphError {
  return badRequest(`Invalid value specified for property '${property}' of resource '${resource}'. ${why}`);
}

export function valueRequired(property: string, resource: string): GraphError {
  return badRequest(`A value is required for property '${property}' of resource '${resource}'.`);
}

/** Graph never says which permission is missing (issue 4 wants the toolkit to name it all the same). */
export function requestDenied(): GraphError {
  return new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}
