// npm runs this after an install in the checkout, and when the package is installed from git: what is published must be there then.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const tools = ["esbuild", "rollup", "rollup-plugin-dts"];
const missing = tools.filter((name) => {
  try {
    require.resolve(name);
    return false;
  } catch {
    return true;
  }
});
if (missing.length === 0) {
  await import("./build.mjs");
} else {
  console.error(
    `dist/ is not built: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not installed (npm ci without --omit=dev brings them).`,
  );
}
