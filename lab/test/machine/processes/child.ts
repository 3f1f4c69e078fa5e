/** Arguments for `node` that make it run `script`; "up" is written to the log when it has begun, its handlers in place. */
export function script(body: string): string[] {
  return ["-e", `queueMicrotask(() => console.log("up"));${body}`];
}

export const stays = "setInterval(() => {}, 1000);";
export const ignoresSigterm = `process.on("SIGTERM", () => {});${stays}`;
