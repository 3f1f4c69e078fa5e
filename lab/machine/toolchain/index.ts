/** The lab's binaries: taken from PATH, else the cache, else the project's release, else built from a pinned Go module. */
export { ensureTool, ensureToolchain } from "./ensure";
export type { EnsuredTool, EnsureOptions, Report, Toolchain, ToolProgress } from "./ensure";
export { tools } from "./tools";
export type { ToolName } from "./tools";
export { findChromium } from "./chromium";
export { ensureKeycloak, firstAccountOf, keycloakRequest, startKeycloakProcess } from "./keycloak";
export type { FirstAccount, KeycloakServer } from "./keycloak";
