/** Settings inside chart values, in whatever they are wrapped: values, configuration files in one text, environment variables, arguments. */
import { isList, isProperties, leaves, text, at, type Leaf, type Value } from "../value";
import { decoded } from "./encoded";
import { parseYaml } from "./yaml";

/** How deep files inside of files are followed. */
const deepest = 3;

/**
 * Every setting that chart values hold: their leaves; those of configuration files that stand in one text (YAML, JSON, or lines of
 * `name = value`, in base64 too); environment variables (`{ name, value }`); arguments (`--name=value`, or `--name` before the next).
 */
export function* settingsIn(values: Value, path = "", depth = 0): Generator<Leaf> {
  yield* environment(values, path);
  yield* argumentsIn(values, path);
  for (const leaf of leaves(values, path)) {
    yield leaf;
    const file = typeof leaf.value === "string" && depth < deepest ? fileIn(leaf.value) : undefined;
    if (file !== undefined) {
      yield* settingsInFile(file, leaf.path, depth);
    }
  }
}

/** The configuration file that a text is, as it stands or in base64; undefined for any other text. */
function fileIn(content: string): string | undefined {
  return content.includes("\n") || /^\s*(?:\{(?!\{)|\[)/.test(content) ? (decoded(content) ?? content) : decoded(content);
}

function* settingsInFile(content: string, path: string, depth: number): Generator<Leaf> {
  const file = parseYaml(content);
  if (isProperties(file) || isList(file)) {
    yield* settingsIn(file, `${path} (as YAML)`, depth + 1);
    return;
  }
  for (const line of content.split("\n")) {
    const [, name, value = ""] = /^\s*(?:-\s*|export\s+)?["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*(.+)$/.exec(line) ?? [];
    // A list of TOML is as many values as it has texts.
    const written = /^\[.*["']/.test(value) ? [...value.matchAll(/["']([^"']+)["']/g)] : [...value.matchAll(/^["']?([^"'\s]+)/g)];
    for (const [, word] of written) {
      if (name !== undefined && word !== undefined) {
        yield { path: `${path} (line '${name}')`, key: name, value: word };
      }
    }
  }
}

function* environment(value: Value, path: string): Generator<Leaf> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      yield* environment(item, `${path}[${index}]`);
    }
  } else if (isProperties(value)) {
    const name = text(value, "name");
    const content: Value | undefined = at(value, "value");
    if (name !== undefined && content !== undefined) {
      yield { path: path === "" ? "value" : `${path}.value`, key: name, value: content };
    }
    for (const [key, child] of Object.entries(value)) {
      yield* environment(child, path === "" ? key : `${path}.${key}`);
    }
  }
}

function* argumentsIn(value: Value, path: string): Generator<Leaf> {
  if (typeof value === "string") {
    yield* argumentsOf(value.split(/\s+/), () => path);
  } else if (isList(value)) {
    yield* argumentsOf(value, (index) => `${path}[${index}]`);
    for (const [index, item] of value.entries()) {
      if (typeof item !== "string" || /\s/.test(item)) {
        yield* argumentsIn(item, `${path}[${index}]`);
      }
    }
  } else if (isProperties(value)) {
    for (const [key, child] of Object.entries(value)) {
      yield* argumentsIn(child, path === "" ? key : `${path}.${key}`);
    }
  }
}

function* argumentsOf(words: readonly Value[], pathOf: (index: number) => string): Generator<Leaf> {
  for (const [index, word] of words.entries()) {
    const [, name, value] = typeof word === "string" ? (/^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? []) : [];
    if (name !== undefined) {
      const next = words[index + 1];
      const following = next === undefined || (typeof next === "string" && next.startsWith("-")) ? "true" : next;
      yield { path: pathOf(index), key: name, value: value ?? following };
    }
  }
}

/** Whether a switch is on, in whatever words a chart takes. */
export function isPlainTrue(value: Value): boolean {
  return value === 1 || /^(?:true|yes|on|1|t|y|enabled?)$/i.test(typeof value === "string" ? value.trim() : value === true ? "true" : "");
}

/** A name without case and separators: `client-secret`, `CLIENT_SECRET` and `clientSecret` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, "");
}
