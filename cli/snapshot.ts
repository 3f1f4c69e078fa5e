/** What an environment was at one moment: a document, the outputs that hold one, or evidence, as a file or its folder. */
import { join } from "node:path";
import { readDocument, readEvidence, valueAt, type EnvironmentDocument, type Evidence } from "../model";
import { parseJson, readInput } from "./inputs";
import type { Io } from "./io";

export interface Snapshot {
  readonly document: EnvironmentDocument;
  /** Set where it is evidence. */
  readonly evidence?: Evidence;
}

/** Reads a file, or the evidence.json of a folder. */
export async function loadSnapshot(path: string, io: Io): Promise<Snapshot> {
  const file = await io.readFile(join(path, "evidence.json")).then(
    () => join(path, "evidence.json"),
    () => path,
  );
  const value = parseJson(await readInput(file, "an environment document or evidence", io), file);
  const version = valueAt(value, ["version"]);
  if (typeof version === "string" && version.startsWith("gatehouse.dev/evidence/")) {
    const evidence = readEvidence(value);
    return { document: evidence.document, evidence };
  }
  return { document: readDocument(value) };
}
