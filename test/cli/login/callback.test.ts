import { request } from "node:http";
import { openCallback } from "../../../cli/login/callback";
import { freePorts } from "../../../lab/machine/processes";

/** Sends a request target as it is, which no browser would. */
function ask(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

test.each(["//evil.example/callback", "http://evil.example/callback", "///callback", "/other"])(
  "%s names another place than the redirect, and is no answer",
  async (target) => {
    const [port = 0] = await freePorts(1);
    const callback = await openCallback(`http://localhost:${port}/callback`);
    try {
      const answer = callback.wait("s1", 30);
      expect(await ask(port, `${target}?code=stolen&state=s1`)).toBe(404);
      expect(await ask(port, "/callback?code=good&state=s1")).toBe(200);
      expect((await answer).href).toBe(`http://localhost:${port}/callback?code=good&state=s1`);
    } finally {
      await callback.close();
    }
  },
);
