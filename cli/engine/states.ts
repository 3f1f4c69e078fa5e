/** The inputs of a resource before and after, as the engine's preview has them. */
export interface ResourceState {
  readonly urn: string;
  /** `kubernetes:helm.sh/v3:Release` */
  readonly type: string;
  readonly name: string;
  /** Undefined for one that is made. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** Undefined for one that goes. */
  readonly after?: Readonly<Record<string, unknown>>;
  readonly changed: boolean;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly inputs?: Readonly<Record<string, unknown>> } | null;
  readonly new?: { readonly inputs?: Readonly<Record<string, unknown>> } | null;
}

/** Steps that take something away and leave nothing in its place. */
const goes = new Set(["delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"]);

/** One state a resource, whatever the number of the engine's steps: a replacement is three. */
export function statesOf(steps: readonly Step[]): ResourceState[] {
  const states = new Map<string, ResourceState>();
  for (const { op, urn, old, new: made } of steps) {
    const earlier = states.get(urn);
    const before = earlier?.before ?? old?.inputs;
    const after = earlier?.after ?? (goes.has(op) ? undefined : made?.inputs);
    states.set(urn, {
      urn,
      type: (urn.split("::")[2] ?? "").split("$").at(-1) ?? "",
      name: urn.split("::").slice(3).join("::"),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      changed: (earlier?.changed ?? false) || (op !== "same" && op !== "read"),
    });
  }
  return [...states.values()];
}

/** What stands for a value that is known only after the update, or that the engine keeps secret (pulumi sdk, plugin.UnknownStringValue). */
const unknownTexts = ["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]"];

/** Whether a text is, or holds, a value that the preview does not show. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && unknownTexts.some((unknown) => value.includes(unknown));
}
