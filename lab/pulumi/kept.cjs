// Files in which programs of the lab keep for their next start what they would make anew. Whoever cannot keep anything makes it anew.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** Goes with what is installed, of which most is made. */
const folder = join(__dirname, "..", "..", "node_modules", ".cache", "gatehouse");

const digest = (...parts) => parts.reduce((hash, part) => hash.update(part).update("\0"), createHash("sha1")).digest("hex");

/** @returns a buffer, undefined where there is none */
function readKept(name) {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}

function writeKept(name, content) {
  try {
    mkdirSync(folder, { recursive: true });
    // Renamed into place, so that a program that starts now never reads half a file.
    const partial = join(folder, `${name}.${process.pid}`);
    writeFileSync(partial, content);
    renameSync(partial, join(folder, name));
  } catch {
    // A folder that is read only, a full disk.
  }
}

/** @returns undefined for a text that is no JSON, of which a file that somebody else wrote is one */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

module.exports = { digest, folder, parsed, readKept, writeKept };
