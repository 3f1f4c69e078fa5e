/** Arguments for `node` that make it run `script`; "up" is written to the log when it begins. */
export function script(body: string): string[] {
  return ["-e", `console.log("up");${body}`];
}

export const STAYS = "setInterval(() => {}, 1000);";
export const IGNORES_SIGTERM = `process.on("SIGTERM", () => {});${STAYS}`;
