import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "../../../machine/toolchain";
import { fakeTool } from "./fake-tools";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "gatehouse-chromium-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

it("prefers CHROMIUM_PATH, then the one without windows, then chromium before Chrome on PATH", async () => {
  const wished = fakeTool(join(root, "own"), "my-browser", "x");
  fakeTool(join(root, "bin"), "google-chrome", "x");
  const chromium = fakeTool(join(root, "bin"), "chromium", "x");
  await expect(findChromium({ PATH: join(root, "bin"), CHROMIUM_PATH: wished })).resolves.toBe(wished);
  await expect(findChromium({ PATH: join(root, "bin") })).resolves.toBe(chromium);
  const shell = fakeTool(join(root, "bin"), "chromium-headless-shell", "x");
  await expect(findChromium({ PATH: join(root, "bin") })).resolves.toBe(shell);
});

it("refuses a CHROMIUM_PATH that names no executable", async () => {
  const missing = join(root, "missing");
  await expect(findChromium({ CHROMIUM_PATH: missing })).rejects.toThrow(`CHROMIUM_PATH: expected an executable file, got '${missing}'`);
});
