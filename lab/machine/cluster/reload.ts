import { createHash } from "node:crypto";

/** What the API server's metrics say about the AuthenticationConfiguration in force. */
export interface ReloadState {
  /** `sha256:<hex>` of the file's text in force; undefined in servers that do not tell. */
  readonly hash: string | undefined;
  readonly successes: number;
  readonly failures: number;
}

/** `sha256:<hex>`, as the metric `…_last_config_info` writes it. */
export function configurationHash(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * Reads the metrics `apiserver_authentication_config_controller_*` (k8s.io/apiserver
 * pkg/server/options/authenticationconfig/metrics) from the text of `/metrics`. A counter that is absent has not counted yet.
 */
export function readReloadState(metrics: string): ReloadState {
  const prefix = "apiserver_authentication_config_controller_";
  let hash: string | undefined;
  const counts = { success: 0, failure: 0 };
  for (const line of metrics.split("\n")) {
    if (!line.startsWith(prefix)) {
      continue;
    }
    const value = Number(line.slice(line.lastIndexOf(" ") + 1));
    if (line.startsWith(`${prefix}last_config_info{`)) {
      hash = /[{,]hash="([^"]*)"/.exec(line)?.[1] ?? hash;
    } else if (line.startsWith(`${prefix}automatic_reloads_total{`)) {
      const status = /[{,]status="(success|failure)"/.exec(line)?.[1];
      if (status === "success" || status === "failure") {
        counts[status] += value;
      }
    }
  }
  return { hash, successes: counts.success, failures: counts.failure };
}

/**
 * Whether the server has taken over the text with `hash`, has refused it, or has not looked yet, given its state `before` the
 * file was replaced.
 */
export function judgeReload(before: ReloadState, now: ReloadState, hash: string): "in force" | "refused" | "pending" {
  const taken = now.hash === undefined ? now.successes > before.successes : now.hash === hash;
  if (taken) {
    return "in force";
  }
  return now.failures > before.failures ? "refused" : "pending";
}

/** The server's own words on the last failed reload, from its log, on one line; undefined when it said nothing. */
export function lastReloadError(log: string): string | undefined {
  const lines = log.split("\n");
  const first = lines.findLastIndex((line) => /failed to (read|load|validate|update) authentication config/.test(line));
  if (first < 0) {
    return undefined;
  }
  // klog writes a value of several lines as `err=<`, the lines indented by a tab, and ` >`.
  const after = lines.slice(first + 1);
  const end = after.findIndex((line) => !line.startsWith("\t"));
  const message = [lines[first] ?? "", ...after.slice(0, end < 0 ? undefined : end)].map((line) => line.trim()).join(" ");
  return message.replace(/^E\d+ [\d:.]+ +\d+ \S+\] /, "");
}
