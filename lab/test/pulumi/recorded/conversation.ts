// What the engine and the official plugins said to each other on the lab's stacks, message by message.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { decodeProperties, type Properties } from "../../../pulumi/provider/values";

export const conversations = resolve(
  process.env.GATEHOUSE_RECORDINGS ?? resolve(__dirname, "../../../../../shared/recordings/okta"),
  "../provider-conversations",
);

/** One request of the engine, and what the official plugin answered. Secrets and machine paths are `<secret>` and `<path>`. */
export interface Message {
  readonly stack: string;
  /** `up-first`, `refresh-subject-added`, … */
  readonly step: string;
  readonly plugin: string;
  readonly method: string;
  readonly request: {
    readonly id?: string;
    readonly name?: string;
    readonly type?: string;
    readonly tok?: string;
    readonly urn?: string;
    readonly preview?: boolean;
    readonly ignoreChanges?: readonly string[];
    readonly args?: unknown;
    readonly inputs?: unknown;
    readonly news?: unknown;
    readonly oldInputs?: unknown;
    readonly olds?: unknown;
    readonly properties?: unknown;
  };
  readonly response?: {
    readonly id?: string;
    readonly changes?: string;
    readonly replaces?: readonly string[];
    readonly deleteBeforeReplace?: boolean;
    readonly detailedDiff?: Readonly<Record<string, { readonly kind?: string }>>;
    readonly failures?: readonly { readonly reason: string }[];
    readonly inputs?: unknown;
    readonly properties?: unknown;
    readonly return?: unknown;
  };
  readonly error?: readonly string[];
}

/** The steps as they were taken. */
const order = [
  "preview-first",
  "up-first",
  "preview-noop",
  "refresh-clean",
  "refresh-subject-added",
  "up-subject-added",
  "refresh-subject-replaced",
  "up-subject-replaced",
  "refresh-binding-deleted",
  "up-binding-deleted",
  "destroy",
];

/** Undefined where the recordings are not there. */
export function recordedStacks(): string[] | undefined {
  return existsSync(conversations) ? readdirSync(conversations).sort() : undefined;
}

export function messagesOf(stack: string): Message[] {
  const files = readdirSync(join(conversations, stack)).map((file) => file.replace(/\.jsonl$/, ""));
  const strange = files.filter((step) => !order.includes(step));
  if (strange.length > 0) {
    throw new Error(`${stack}: expected the recorded steps ${order.join(", ")}, got ${strange.join(", ")} as well`);
  }
  return order
    .filter((step) => files.includes(step))
    .flatMap((step) =>
      readFileSync(join(conversations, stack, `${step}.jsonl`), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => ({ ...(JSON.parse(line) as Omit<Message, "stack" | "step">), stack, step })),
    );
}

/** Null and nothing are one thing to the engine; secrets come unwrapped. */
export function decoded(wire: unknown): Properties {
  return decodeProperties(wire);
}
