import { describeClusterVerdict, describeVerdict, rbacOf, type ClusterVerdict, type TokenVerdict } from "../verifier";
import type { ExitName } from "./exit-codes";
import type { Io } from "./io";
import { outputText } from "./outputs";

const outcomes: Record<TokenVerdict["outcome"], ExitName> = {
  accepted: "ok",
  rejected: "refused",
  "not-for-platform": "notForPlatform",
};

/** Says a verdict in words and, where asked for, as JSON; gives back how the command ends. */
export function putVerdict(verdict: TokenVerdict, json: boolean, io: Io): ExitName {
  io.stderr(describeVerdict(verdict));
  if (json) {
    io.stdout(outputText("token-verification", { ...verdict, rbac: rbacOf(verdict) }));
  }
  return outcomes[verdict.outcome];
}

/** The same for a cluster that no environment describes: the platform's decision alone. */
export function putClusterVerdict(verdict: ClusterVerdict, json: boolean, io: Io): ExitName {
  io.stderr(describeClusterVerdict(verdict));
  if (json) {
    io.stdout(outputText("token-verification", verdict));
  }
  return outcomes[verdict.outcome];
}
