import { createHash, timingSafeEqual } from "node:crypto";
import { IncomingMessage, type ServerResponse } from "node:http";

/** The request's target without scheme and host: a client that takes us for a forward proxy sends `GET http://host/path` (absolute form). */
export function requestTarget(request: IncomingMessage): URL {
  const raw = request.url ?? "/";
  const url = raw.startsWith("/") ? new URL(`http://lab${raw}`) : new URL(raw);
  return new URL(`http://lab${url.pathname}${url.search}`);
}

/** A request body as text. @throws RangeError above `limit` bytes. */
export async function readText(request: IncomingMessage, limit?: number): Promise<string> {
  return (await readBody(request, limit)).toString("utf8");
}

/** Reads a request body. @throws RangeError above `limit` bytes. */
export async function readBody(request: IncomingMessage, limit = 1_048_576): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new RangeError(`request body: expected at most ${String(limit)} bytes, got more`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same request again, unread, for a library that wants to parse the body itself after we looked into it. */
export function replayRequest(request: IncomingMessage, url: string, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  copy.method = request.method;
  copy.url = url;
  copy.headers = { ...request.headers };
  copy.rawHeaders = request.rawHeaders;
  copy.httpVersion = request.httpVersion;
  copy.httpVersionMajor = request.httpVersionMajor;
  copy.httpVersionMinor = request.httpVersionMinor;
  if (body.length > 0) {
    copy.push(body);
  }
  copy.push(null);
  // Node closes the socket of a message that ends without being complete (IncomingMessage._destroy).
  copy.complete = true;
  return copy;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-cache, no-store", ...headers });
  response.end(text);
}

export function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(html);
}

/** @param cookies `name=value; Path=/...` */
export function redirect(response: ServerResponse, location: string, ...cookies: readonly string[]): void {
  response.writeHead(302, { location, "cache-control": "no-store", ...(cookies.length === 0 ? {} : { "set-cookie": [...cookies] }) }).end();
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Compares secrets in a time that says nothing of them. */
export function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
