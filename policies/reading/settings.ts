/** Settings inside chart values, in whatever they are wrapped: values, configuration files in one text, environment variables, arguments. */
import { isList, isProperties, leaves, text, at, type Leaf, type Value } from "../value";
import { parseYaml } from "./yaml";

/** How deep files inside of files are followed. */
const deepest = 3;

/**
 * Every setting that chart values hold: their leaves; those of configuration files that stand in one text (YAML, JSON, or lines of
 * `name = value`); environment variables (`{ name, value }`); arguments (`--name=value`, or `--name` before the next).
 */
export function* settingsIn(values: Value, path = "", depth = 0): Generator<Leaf> {
  yield* environment(values, path);
  yield* argumentsIn(values, path);
  for (const leaf of leaves(values, path)) {
    yield leaf;
    if (typeof leaf.value === "string" && depth < deepest && isFile(leaf.value)) {
      yield* settingsInFile(leaf.value, leaf.path, depth);
    }
  }
}

function isFile(content: string): boolean {
  return content.includes("\n") || /^\s*(?:\{(?!\{)|\[)/.test(content);
}

function* settingsInFile(content: string, path: string, depth: number): Generator<Leaf> {
  const file = parseYaml(content);
  if (isProperties(file) || isList(file)) {
    yield* settingsIn(file, `${path} (as YAML)`, depth + 1);
    return;
  }
  for (const line of content.split("\n")) {
    const [, name, value] = /^\s*(?:-\s*|export\s+)?["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*["']?([^"'\s]+)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      yield { path: `${path} (line '${name}')`, key: name, value };
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

/** A name without case and separators: `client-secret`, `CLIENT_SECRET` and `clientSecret` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, "");
}
