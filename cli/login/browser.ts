import type { Io } from "../io";

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  // `start` belongs to the shell, which would take the address apart at its ampersands.
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the person's browser. Not awaited by its caller for long: some openers live as long as the browser. */
export async function openBrowser(address: string, io: Io, platform: string = process.platform): Promise<boolean> {
  // Anything else could be a flag of the opener, or a program to start.
  if (!/^https?:\/\//.test(address)) {
    return false;
  }
  const [command, ...args] = openers[platform] ?? ["xdg-open"];
  const { status } = await io.run(command, [...args, address]);
  return status === 0;
}
