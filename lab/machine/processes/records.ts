import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the lab notes of a process it started, one JSON file each in `<stateDir>/processes/`. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** From `startTimeOf`: with the pid, names this process and no later one. */
  readonly startTime: string;
  /** Position in the order of starting; stopping goes from the highest to the lowest. */
  readonly order: number;
  readonly command: string;
  readonly logFile: string;
}

const nameText = /^[a-z0-9][a-z0-9-]*$/;

function folder(stateDir: string): string {
  return join(stateDir, "processes");
}

function fileOf(stateDir: string, name: string): string {
  return join(folder(stateDir), `${name}.json`);
}

/** Throws unless `name` can be a file name: lower case letters, digits and dashes. */
export function checkName(name: string): void {
  if (!nameText.test(name)) {
    throw new Error(`process name: expected lower case letters, digits and dashes, got '${name}'`);
  }
}

export function writeRecord(stateDir: string, record: ProcessRecord): void {
  mkdirSync(folder(stateDir), { recursive: true, mode: 0o700 });
  const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
  const file = fileOf(stateDir, record.name);
  // Renamed into place, so that a reader (or a crash) never meets half a record.
  writeFileSync(`${file}.new`, `${JSON.stringify(sorted, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRecord(stateDir: string, name: string): void {
  rmSync(fileOf(stateDir, name), { force: true });
}

/** All records, last started first. A file that is no record is an error: guessing could end a stranger's process. */
export function readRecords(stateDir: string): ProcessRecord[] {
  let names: string[];
  try {
    names = readdirSync(folder(stateDir)).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return names.map((name) => readRecord(join(folder(stateDir), name))).sort((a, b) => b.order - a.order);
}

function readRecord(file: string): ProcessRecord {
  const fail = (got: string): never => {
    throw new Error(
      `${file}: expected a process record (name, pid, startTime, order, command, logFile), got ${got}; remove the file by hand`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return fail("no JSON");
  }
  if (typeof value !== "object" || value === null) {
    return fail("no object");
  }
  const { name, pid, startTime, order, command, logFile } = value as Record<string, unknown>;
  if (
    typeof name !== "string" ||
    typeof pid !== "number" ||
    typeof startTime !== "string" ||
    typeof order !== "number" ||
    typeof command !== "string" ||
    typeof logFile !== "string"
  ) {
    return fail(`the keys ${Object.keys(value).sort().join(", ")} (or values of other types)`);
  }
  return { name, pid, startTime, order, command, logFile };
}
