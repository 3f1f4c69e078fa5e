/** Settings of resources that rules refuse, as tables: one line a setting. */
import { mismatch, type Finding, type Subject } from "../rule";
import { at, type Value } from "../value";

export interface RefusedSetting {
  readonly path: readonly string[];
  /** What must stand there instead, in words that follow "expected". */
  readonly expected: string;
  readonly refused: (value: Value) => boolean;
}

/** Settings that must not be on. */
export function mustBeOff(...paths: readonly string[]): RefusedSetting[] {
  return paths.map((path) => ({ path: path.split("."), expected: "false", refused: (value) => value === true || value === "true" }));
}

/** Addresses that must be https; on the person's own machine nothing is on the way. */
export function mustBeHttps(...paths: readonly string[]): RefusedSetting[] {
  return paths.map((path) => ({ path: path.split("."), expected: "an https URL", refused: isPlainAddress }));
}

/** Whether something between two machines can read and change what is sent to this address. */
export function isPlainAddress(value: Value): boolean {
  return (
    typeof value === "string" &&
    /^(?:http|ws|ldap|ftp):/i.test(value) &&
    !/^\w+:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i.test(value)
  );
}

/** What of a table a resource breaks; settings that are absent or not known yet break nothing. */
export function refusedSettings(resource: Subject, tables: Readonly<Record<string, readonly RefusedSetting[]>>): Finding[] {
  return (tables[resource.type] ?? []).flatMap(({ path, expected, refused }) => {
    const value = at(resource.properties, ...path);
    return value !== undefined && refused(value) ? [mismatch(path.join("."), expected, value)] : [];
  });
}
