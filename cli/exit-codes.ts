import type { FailureExit } from "../model";

/** How a command can end: an error's exit, or one that is a result. */
export type ExitName = "ok" | "changeStopped" | "drifted" | "incomplete" | FailureExit | "internal";

/** Exit codes of the `gatehouse` command: a closed table, and the documentation of it. */
export const exitCodes = {
  ok: { status: 0, meaning: "Done; the file is valid, the token is accepted." },
  refused: {
    status: 1,
    meaning: "Refused: the token is bad, the identity provider refuses the sign-in, a file or document is invalid, or `can-i` says no.",
  },
  notForPlatform: { status: 2, meaning: "The token is good, but opens nothing at the platform." },
  unavailable: {
    status: 3,
    meaning: "No decision: the issuer, the cluster or the Pulumi engine did not answer as it should, or too little is known to decide.",
  },
  changeStopped: {
    status: 4,
    meaning:
      "`preview`, `diff`: the change holds something that --fail-on names, breaks a mandatory rule, or widens access (--prove-no-new-access).",
  },
  drifted: { status: 5, meaning: "`drift`, `evidence`: what is there is not what was declared." },
  incomplete: { status: 6, meaning: "`evidence`: something could not be read; what was written says so." },
  usage: { status: 64, meaning: "Wrong flags or arguments, or an input that cannot be read." },
  internal: { status: 70, meaning: "A fault of Gatehouse. With GATEHOUSE_DEBUG=1 it tells where." },
} as const satisfies Record<ExitName, { status: number; meaning: string }>;
