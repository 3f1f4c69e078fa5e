import { decoded } from "./encoded";
import { isList, isProperties, type Properties, type Value } from "../value";
import { parseYamlDocuments } from "./yaml";

/** A mapping somewhere inside chart values, with its path. */
export interface Nested {
  readonly path: string;
  readonly mapping: Properties;
}

/** How deep texts inside of texts are followed. */
const deepest = 3;

/** Every mapping inside chart values, those of texts that are YAML or JSON too. Base64 is followed too. What a template leaves open (`{{ … }}`) is a word. */
export function* mappingsIn(values: Value, path: string, depth = 0): Generator<Nested> {
  if (isList(values)) {
    for (const [index, item] of values.entries()) {
      yield* mappingsIn(item, `${path}[${index}]`, depth);
    }
  } else if (isProperties(values)) {
    yield { path, mapping: values };
    for (const [name, child] of Object.entries(values)) {
      yield* mappingsIn(child, `${path}.${name}`, depth);
    }
  } else if (typeof values === "string" && depth < deepest) {
    const file = values.includes(":") ? values : decoded(values);
    for (const document of file === undefined ? [] : parseYamlDocuments(withoutTemplate(file))) {
      yield* isProperties(document) || isList(document) ? mappingsIn(document, `${path} (as YAML)`, depth + 1) : [];
    }
  }
}

/** A template as the manifest that comes of it: what only steers goes, a text that is written out stays, the rest is a word. */
function withoutTemplate(text: string): string {
  return text
    .replace(/^[ \t]*(?:\{\{.*?\}\}[ \t]*)+$/gms, "")
    .replace(/\{\{-?\s*(?:(printf|print)\s+)?((?:["'`][^"'`]*["'`]\s*)+).*?\}\}/gs, (_, kind: string | undefined, words: string) =>
      written(kind, words),
    )
    .replace(/\{\{.*?\}\}/gs, "x");
}

/** What an action of a template writes that consists of literal texts: printf puts the later ones into the first, print joins them. */
function written(kind: string | undefined, words: string): string {
  const [first = "", ...rest] = [...words.matchAll(/["'`]([^"'`]*)["'`]/g)].map(([, word = ""]) => word);
  if (kind === "print") {
    return [first, ...rest].join("");
  }
  return kind === undefined ? first : first.replace(/%[a-z]/g, () => rest.shift() ?? "x");
}
