import type { DetailedDiff, Difference } from "../../../pulumi/provider/diff";
import { equal, isObject, unknownValue, type Properties, type Value } from "../../../pulumi/provider/values";
import type { Message } from "./conversation";
import { areTimes } from "./identifiers";

/** `subjects[].name: other`: where an answer is not the recorded one, and how. */
export type Deviation = `${string}: ${"missing" | "extra" | "other"}`;

/** What the bridge keeps for itself in the state; its content follows from the rest. */
const bookkeeping = ["__meta", "__pulumi_raw_state_delta"];

/** How strictly: Terraform's sets come in any order, and in its states an empty value and none are one. */
export type Strictness = "exact" | "any order" | "empty is none";

/** Where two values differ. A recorded `<secret>` or `<path>` equals any text. */
export function deviations(
  recorded: Value | undefined,
  given: Value | undefined,
  strictness: Strictness = "exact",
  path = "",
): Deviation[] {
  const none = strictness === "empty is none" ? empty : nothing;
  const [left, right]: [Value, Value] = [none(recorded) ? null : (recorded ?? null), none(given) ? null : (given ?? null)];
  if (left === null || right === null) {
    return left === right ? [] : [`${path}: ${left === null ? "extra" : "missing"}`];
  }
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => {
      const known = bookkeeping.includes(key) && left[key] !== undefined && right[key] !== undefined;
      return known ? [] : deviations(left[key], right[key], strictness, path === "" ? key : `${path}.${key}`);
    });
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (strictness !== "exact" && equal(sortedTexts(left), sortedTexts(right))) {
      return [];
    }
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_none, index) => deviations(left[index], right[index], strictness, `${path}[]`)).flat();
  }
  return isSame(left, right) ? [] : [`${path}: other`];
}

const sortedTexts = (values: Value[]): Value[] => (values.every((each) => typeof each === "string") ? [...values].sort() : values);

const nothing = (value: Value | undefined): boolean => value === null || value === undefined;

function empty(value: Value | undefined): boolean {
  if (nothing(value) || value === "" || value === false || value === 0) {
    return true;
  }
  return Array.isArray(value) ? value.every(empty) : isObject(value) && Object.values(value).every(empty);
}

/** Drawn by lot: a field manager's name, a mail nickname that nobody asked for. */
const madeUp = [/^pulumi-kubernetes-[0-9a-f]{8}$/, /^[0-9a-f]{8}-[0-9a-f]$/];

function isSame(recorded: Value, given: Value): boolean {
  if (recorded === given || areTimes(recorded, given)) {
    return true;
  }
  if (typeof recorded === "string" && typeof given === "string" && madeUp.some((each) => each.test(recorded) && each.test(given))) {
    return true;
  }
  const isHidden = typeof recorded === "string" && /<(secret|path)>/.test(recorded);
  return isHidden && (typeof given === "string" || given === unknownValue);
}

const kinds: Readonly<Record<string, string>> = {
  ADD: "add",
  ADD_REPLACE: "add-replace",
  DELETE: "delete",
  DELETE_REPLACE: "delete-replace",
  UPDATE: "update",
  UPDATE_REPLACE: "update-replace",
};

/** Changes, replacements and their order, property by property. */
export function differenceDeviations(recorded: NonNullable<Message["response"]>, given: Difference): Deviation[] {
  const expected: Properties = {
    changes: recorded.changes === "DIFF_SOME",
    replaces: [...(recorded.replaces ?? [])].sort(),
    deleteBeforeReplace: recorded.deleteBeforeReplace ?? false,
    detailed: Object.fromEntries(
      Object.entries(recorded.detailedDiff ?? {}).map(([path, { kind }]) => [path, kinds[kind ?? "ADD"] ?? String(kind)]),
    ),
  };
  const detailed: DetailedDiff = given.detailed;
  return deviations(expected, {
    changes: Object.keys(detailed).length > 0,
    replaces: [...given.replaces].sort(),
    deleteBeforeReplace: given.deleteBeforeReplace,
    detailed: { ...detailed },
  });
}
