import { InvalidEnvironmentError, parseEnvironment, type Problem } from "../../../model";
import { today, withAt } from "../../fixtures/sample";

export type Path = (string | number)[];

/** One wrong place in the sample, and the one problem that it must be refused with. */
export interface Refusal {
  readonly name: string;
  readonly at: Path;
  readonly value: unknown;
  /** `path` where it is not the place itself. */
  readonly problem: { path?: Path; expected: string; received: string; fix?: string };
}

/** What an environment is refused with; empty when it is accepted. */
export function refusals(raw: unknown, day = today): readonly Problem[] {
  try {
    parseEnvironment(raw, day);
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) {
      return error.problems;
    }
    throw error;
  }
}

/** Asserts the exact list of problems: no other place may be blamed. */
export function isRefused({ at, value, problem }: Refusal): void {
  expect(refusals(withAt(at, value))).toEqual([{ path: at, ...problem }]);
}

export const k10: Path = ["platforms", "k10"];

export const secureHost = "an https:// host (http is accepted only on 127.0.0.1 or localhost, for a port-forward)";

export const unknownKey = {
  expected: "a key that Gatehouse knows here",
  received: "an unknown key",
  fix: "remove it, or correct its spelling (the editor schema lists the keys)",
};
