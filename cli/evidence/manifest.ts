import { hash } from "node:crypto";
import { z } from "zod";
import { jsonOrNothing, jsonText } from "../../model";

/** Version of the manifest. */
const manifestVersion = "gatehouse.dev/evidence-manifest/v1";

/** The folder's own files beside those that the manifest lists. */
export const manifestFile = "manifest.json";
export const statementFile = "evidence.intoto.json";
/** Where cosign may leave its bundle for the manifest (`cosign sign-blob --bundle`). */
export const cosignBundle = "manifest.sigstore.json";

/** Bytes of a block. A file that was edited is told from the signed one block by block, so that a reader sees where. */
const blockSize = 1024;

const fileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  size: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  blocks: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
});
const manifestSchema = z.strictObject({
  version: z.literal(manifestVersion),
  blockSize: z.literal(blockSize),
  files: z.array(fileSchema),
});
type ManifestFile = z.infer<typeof fileSchema>;
export type Manifest = z.infer<typeof manifestSchema>;

export function sha256(content: Uint8Array): string {
  return hash("sha256", content);
}

/** The manifest of files, by name. */
export function manifestOf(files: Readonly<Record<string, string>>): string {
  const listed = Object.entries(files).map(([name, text]): ManifestFile => {
    const content = Buffer.from(text, "utf8");
    return { name, size: content.length, sha256: sha256(content), blocks: blocksOf(content) };
  });
  return jsonText({ version: manifestVersion, blockSize, files: listed } satisfies Manifest);
}

function blocksOf(content: Buffer): string[] {
  return Array.from({ length: Math.ceil(content.length / blockSize) }, (_, block) => sha256(blockOf(content, block)));
}

function blockOf(content: Buffer, block: number): Buffer {
  return content.subarray(block * blockSize, (block + 1) * blockSize);
}

/**
 * @returns undefined where the text is no manifest of this version, or is written otherwise than one is: a key that stands twice is read
 * as its first by one program and as its last by another, and a name that stands twice hides a file
 */
export function readManifest(text: string): Manifest | undefined {
  const manifest = manifestSchema.safeParse(jsonOrNothing(text)).data;
  const names = new Set(manifest?.files.map(({ name }) => name));
  return manifest !== undefined && jsonText(manifest) === text && names.size === manifest.files.length ? manifest : undefined;
}

/** In which way a file is not the one that the manifest lists, in words that follow its name; undefined when it is. */
export function differenceOf(content: Buffer, { size, sha256: signed, blocks }: ManifestFile): string | undefined {
  if (content.length === size && sha256(content) === signed) {
    return undefined;
  }
  // What is behind the signed end is judged by itself.
  const ours = blocksOf(content.subarray(0, size));
  const at = blocks.findIndex((block, position) => block !== ours[position]);
  const sizes = content.length === size ? "" : `, ${content.length} bytes instead of ${size}`;
  if (at < 0) {
    return `has ${content.length - size} bytes more than were signed, from byte ${size} on${sizes}`;
  }
  const first = at * blockSize;
  // The last block of a shorter file is a beginning of the signed one, if nothing else was done to it: beyond one byte that cannot be seen.
  const isEnd = content.length < size && at === ours.length - (content.length % blockSize === 0 ? 0 : 1);
  const inner = isEnd && content.length === size - 1 ? missingByte(content.subarray(first), blocks[at] ?? "") : undefined;
  const ends = inner === undefined || sha256(Buffer.concat([content.subarray(first), Buffer.from([inner.signed])])) === blocks[at];
  if (isEnd && ends) {
    return `is cut off at byte ${content.length}: ${size - content.length} of ${size} bytes are missing`;
  }
  const moved = content.length === size ? undefined : shifted(content, size, at, blocks);
  if (moved !== undefined) {
    return moved;
  }
  const one = content.length === size ? changedByte(blockOf(content, at), blocks[at] ?? "") : undefined;
  const others = blocks.filter((block, position) => position > at && block !== ours[position]).length;
  const more = others === 0 ? "" : `, and in ${others} of the blocks behind it`;
  if (one !== undefined) {
    return `is changed at byte ${first + one.position} (${placeOf(content, first + one.position)}): signed was ${shown(one.signed)}, there is ${shown(content[first + one.position] ?? 0)}${more}`;
  }
  const end = Math.min(first + blockSize, Math.max(content.length, 1)) - 1;
  return `is changed from somewhere in bytes ${first} to ${end} (${placeOf(content, first)} to ${placeOf(content, end)}) on${sizes}${more}`;
}

/**
 * Where everything behind one block is as it was signed, only further on or back: what was put in or taken out of that block, to the byte
 * where it is one.
 */
function shifted(content: Buffer, size: number, at: number, blocks: readonly string[]): string | undefined {
  const by = content.length - size;
  const behind = (block: number): Buffer => content.subarray(block * blockSize + by, (block + 1) * blockSize + by);
  const from = at * blockSize;
  const part = content.subarray(from, Math.max(from, Math.min((at + 1) * blockSize, size) + by));
  if (blocks.some((signed, block) => block > at && sha256(behind(block)) !== signed)) {
    return undefined;
  }
  const signed = blocks[at] ?? "";
  const positions = Array.from(part, (_, position) => position);
  const extra = by === 1 ? positions.find((position) => sha256(without(part, position)) === signed) : undefined;
  if (extra !== undefined) {
    return `has a byte more at ${from + extra} (${placeOf(content, from + extra)}): ${shown(part[extra] ?? 0)} was put in; all else is as signed`;
  }
  const gone = by === -1 ? missingByte(part, signed) : undefined;
  if (gone !== undefined) {
    return `lacks a byte at ${from + gone.position} (${placeOf(content, from + gone.position)}): ${shown(gone.signed)} was taken out; all else is as signed`;
  }
  const what = by > 0 ? `${by} bytes more` : `${-by} bytes fewer`;
  return `has ${what}, changed somewhere in bytes ${from} to ${Math.max(from, from + part.length - 1)} (from ${placeOf(content, from)} on); all else is as signed`;
}

function without(part: Buffer, position: number): Buffer {
  return Buffer.concat([part.subarray(0, position), part.subarray(position + 1)]);
}

/** The one byte that a block lacks, found by trying. */
function missingByte(part: Buffer, signed: string): { position: number; signed: number } | undefined {
  for (let position = 0; position <= part.length; position += 1) {
    const tried = Buffer.concat([part.subarray(0, position), Buffer.from([0]), part.subarray(position)]);
    for (let value = 0; value < 256; value += 1) {
      tried[position] = value;
      if (sha256(tried) === signed) {
        return { position, signed: value };
      }
    }
  }
  return undefined;
}

/** The one byte by which a block differs from the signed one, found by trying; undefined where more than one does. */
function changedByte(block: Buffer, signed: string): { position: number; signed: number } | undefined {
  const tried = Buffer.from(block);
  for (let position = 0; position < tried.length; position += 1) {
    const there = tried[position] ?? 0;
    for (let value = 0; value < 256; value += 1) {
      tried[position] = value;
      if (value !== there && sha256(tried) === signed) {
        return { position, signed: value };
      }
    }
    tried[position] = there;
  }
  return undefined;
}

function placeOf(content: Buffer, position: number): string {
  const before = content.subarray(0, position).toString("utf8").split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function shown(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, "0")}`;
}
