import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Names under which distributions install a Chromium, in order of preference. */
const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** macOS keeps applications outside PATH. */
const macPaths = ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Path of an installed Chromium, or undefined. */
export function findBrowser(path = process.env["PATH"] ?? "", platform: NodeJS.Platform = process.platform): string | undefined {
  const onPath = names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return [...onPath, ...(platform === "darwin" ? macPaths : [])].find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
