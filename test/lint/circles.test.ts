import path from "node:path";
import { importsOf, sourceFiles } from "./imports";

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(files: readonly string[]): Graph {
  const known = new Set(files);
  const target = (from: string, name: string): string[] => {
    const base = path.posix.join(path.posix.dirname(from), name);
    return [base, `${base}.ts`, `${base}/index.ts`].filter((candidate) => known.has(candidate)).slice(0, 1);
  };
  return new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .flatMap((name) => target(file, name)),
    ]),
  );
}

/** Every circle of the graph, once: a path from a file back to itself. */
function circles(graph: Graph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const before = trail.indexOf(file);
    if (before >= 0) {
      found.push([...trail.slice(before), file].join(" -> "));
      return;
    }
    if (done.has(file)) {
      return;
    }
    graph.get(file)?.forEach((next) => visit(next, [...trail, file]));
    done.add(file);
  };
  [...graph.keys()].forEach((file) => visit(file, []));
  return found;
}

test("no file imports itself by a detour, values and types alike", () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(500);
  expect(circles(graphOf(files))).toEqual([]);
});

test("a circle would be found", () => {
  const graph = new Map([
    ["a.ts", ["b.ts"]],
    ["b.ts", ["c.ts"]],
    ["c.ts", ["b.ts"]],
  ]);
  expect(circles(graph)).toEqual(["b.ts -> c.ts -> b.ts"]);
});
