/** Answers and bodies of the lab's small servers. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** More than any page of the lab needs; a body beyond it is refused. */
const maximumBody = 1_000_000;

export function html(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(text);
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(value));
}

/** @param cookies `name=value; Path=/...` */
export function redirect(response: ServerResponse, location: string, ...cookies: readonly string[]): void {
  response.writeHead(302, { location, "cache-control": "no-store", ...(cookies.length === 0 ? {} : { "set-cookie": [...cookies] }) }).end();
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBody) {
      throw new Error(`expected a body of at most ${maximumBody} bytes, got more`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** An error in words. openid-client keeps the provider's own apart; neither names a token or a secret. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return "unexpected failure";
  }
  const { error: code, error_description: description } = error as Error & { error?: unknown; error_description?: unknown };
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return [error.message, code, description, cause].filter((part) => typeof part === "string").join(": ");
}
