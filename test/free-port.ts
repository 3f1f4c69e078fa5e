import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port of this machine that nobody listens at. Below those that systems give away by themselves, where no outgoing connection of a
 * neighbour takes it before it is used, and from a range that the next worker does not choose from.
 */
export function freePort(attempts = 100): Promise<number> {
  const port = 20_000 + (process.pid % 48) * 250 + randomInt(250);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if (attempts === 0) {
        reject(error);
      } else {
        resolve(freePort(attempts - 1));
      }
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
