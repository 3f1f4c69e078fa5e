import type { Server } from "./server";

/** One half of the comparison: cases are made, put to the API server and to us, and each disagreement is told with both reasons. */
export interface ParityPart {
  /** As in the option: `--tokens 2000`. */
  readonly name: "tokens" | "strange" | "rbac" | "cel" | "table" | "flags";
  /** Cases of its own: no number is taken, and it runs beside the tokens. */
  readonly fixed?: true;
  run(options: ParityOptions): Promise<ParityResult>;
}

export interface ParityOptions {
  /** How many cases to make. */
  readonly count: number;
  /** Equal seeds make equal cases, so that a disagreement can be looked at again. */
  readonly seed: number;
  /** Starts a control plane; the part stops what it started. */
  readonly startServer: (options: {
    readonly authenticationConfiguration: string;
    readonly oidcFlags?: readonly string[];
  }) => Promise<Server>;
  /** Folder for files of the part, removed at the end. */
  readonly folder: string;
  /** One line about a disagreement, or about what goes on. */
  readonly say: (line: string) => void;
}

export interface ParityResult {
  /** `verdict 2000/2000, username …`: what was compared, agreed of compared. */
  readonly agreement: Readonly<Record<string, { readonly agreed: number; readonly of: number }>>;
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
