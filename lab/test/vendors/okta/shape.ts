/** A field that is left out of the comparison with a recording, and why. */
export interface Exception {
  readonly path: RegExp;
  /** `value`: type and presence still count. `presence`: anything goes. */
  readonly leave: "value" | "presence";
  readonly reason: string;
}

export const knownExceptions: readonly Exception[] = [
  { path: /\.client_secret$/, leave: "value", reason: "made at random unless the request gives it (asserted in okta-management.test.ts)" },
  { path: /\.signing\.kid$/, leave: "value", reason: "name of the org's own key" },
  { path: /^\.orn$/, leave: "value", reason: "holds the recorded org's partition and id" },
  { path: /_links\.(appLinks|logo)\b.*\.href$/, leave: "value", reason: "a static host and a random path segment" },
  { path: /_links\.profileEnrollment\.href$/, leave: "value", reason: "id of a seeded policy" },
  { path: /_links\.(schema|type)\.href$|\.type\.id$/, leave: "value", reason: "id of the org's user type" },
  { path: /^\.universalLogout\b/, leave: "presence", reason: "null in some recorded orgs, an object in others, for the same request" },
  { path: /\.participate_slo$/, leave: "presence", reason: "not sent yet by the two orgs that were recorded before the field came" },
  { path: /_links\.owners\b/, leave: "presence", reason: "a link that the recordings of 2025 do not have and those of 2026 do" },
  { path: /^\.(id|cell)$|^\.settings\b/, leave: "value", reason: "of /.well-known/okta-organization: the org's own id, cell and switches" },
];

const timeText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function kind(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function exempt(path: string, leave: Exception["leave"], exceptions: readonly Exception[]): boolean {
  return exceptions.some((exception) => exception.path.test(path) && (leave === "value" || exception.leave === "presence"));
}

/** Differences between a recorded answer and ours; `translate` turns recorded ids and hosts into ours. */
export function differences(
  recorded: unknown,
  ours: unknown,
  translate: (text: string) => string,
  exceptions: readonly Exception[],
  path = "",
): string[] {
  if (exempt(path, "presence", exceptions)) {
    return [];
  }
  if (kind(recorded) !== kind(ours)) {
    return [`${path}: recorded ${kind(recorded)}, ours ${kind(ours)}`];
  }
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    if (recorded.length !== ours.length) {
      return [`${path}: recorded ${String(recorded.length)} items, ours ${String(ours.length)}`];
    }
    return recorded.flatMap((item, index) => differences(item, ours[index], translate, exceptions, `${path}.${String(index)}`));
  }
  if (typeof recorded === "object" && recorded !== null) {
    const left = recorded as Record<string, unknown>;
    const right = ours as Record<string, unknown>;
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].sort().flatMap((name) => {
      const below = `${path}.${name}`;
      if (exempt(below, "presence", exceptions)) {
        return [];
      }
      if (!(name in left)) {
        return [`${below}: not recorded, but ours has it`];
      }
      if (!(name in right)) {
        return [`${below}: recorded, but missing in ours`];
      }
      return differences(left[name], right[name], translate, exceptions, below);
    });
  }
  if (exempt(path, "value", exceptions)) {
    return [];
  }
  if (typeof recorded === "string" && timeText.test(recorded)) {
    return timeText.test(String(ours)) ? [] : [`${path}: expected a time, ours ${String(ours)}`];
  }
  const expected = typeof recorded === "string" ? translate(recorded) : recorded;
  return expected === ours ? [] : [`${path}: recorded ${String(expected)}, ours ${String(ours)}`];
}
