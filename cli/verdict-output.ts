import { jsonText } from "../model";
import { describeVerdict, rbacOf, type TokenVerdict } from "../verifier";
import type { ExitName } from "./exit-codes";
import type { Io } from "./io";

const outcomes: Record<TokenVerdict["outcome"], ExitName> = {
  accepted: "ok",
  rejected: "refused",
  "not-for-platform": "notForPlatform",
};

/** Says a verdict in words and, where asked for, as JSON; gives back how the command ends. */
export function putVerdict(verdict: TokenVerdict, json: boolean, io: Io): ExitName {
  io.stderr(describeVerdict(verdict));
  if (json) {
    io.stdout(jsonText({ ...verdict, rbac: rbacOf(verdict) }));
  }
  return outcomes[verdict.outcome];
}
