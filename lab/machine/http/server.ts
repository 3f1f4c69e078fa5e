import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Listens on loopback and nowhere else.
 * @param port 0 takes a free one
 * @returns the port
 */
export async function listen(server: Server, port = 0): Promise<number> {
  // A client whose event loop is busy sends its next request on a connection that we have just closed for being idle, and fails.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Answers each request; where the handler fails, the connection ends without an answer. @param report told of that */
export function serve(
  server: Server,
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  report: (problem: unknown) => void,
): void {
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    handler(request, response).catch((problem: unknown) => {
      report(problem);
      request.socket.destroy();
    });
  });
}

/** Ends a server at once, open connections included. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
