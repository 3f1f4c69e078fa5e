import { identityProviders } from "../identity-providers";
import { platforms } from "../platforms";
import { nearest } from "../text/nearest";
import { valueAt, type Problem } from "../text/problems";

type Path = readonly (string | number)[];

/**
 * Every key `__proto__`. To JavaScript it is no key like others: whatever stands below would vanish without a word, or reach
 * every object of the program.
 */
export function prototypeKeys(raw: unknown, path: Path = []): Problem[] {
  if (typeof raw !== "object" || raw === null) {
    return [];
  }
  return Object.entries(raw).flatMap(([key, value]: [string, unknown]): Problem[] => {
    const here = [...path, Array.isArray(raw) ? Number(key) : key];
    return key === "__proto__"
      ? [{ path: here, expected: "another key", received: "__proto__, which cannot be handed on", fix: "rename it" }]
      : prototypeKeys(value, here);
  });
}

interface Definition {
  readonly kind: string;
  readonly schema: unknown;
}

/**
 * The same problems, where an unknown key is a setting of another kind of identity provider or platform: a file that was
 * begun for Okta and is now one for Entra ID is not misspelt.
 */
export function settingsOfOthers(problems: readonly Problem[], raw: unknown): Problem[] {
  return problems.map((problem) => {
    if (problem.path.join(".") === "idp.kind") {
      return presetOfKind(problem, valueAt(raw, ["idp", "kind"]));
    }
    if (problem.received !== "an unknown key") {
      return problem;
    }
    const [section, ...rest] = problem.path;
    const [below, definitions]: [Path, Readonly<Record<string, Definition>>] =
      section === "idp" ? [rest, identityProviders] : section === "platforms" ? [rest.slice(1), platforms] : [[], {}];
    const kind = valueAt(raw, [...problem.path.slice(0, problem.path.length - below.length), "kind"]);
    const others = Object.values(definitions).filter((other) => other.kind !== kind && knows(other.schema, below));
    const key = String(problem.path.at(-1));
    const word = nearest(key, knownKeys(section, definitions[String(kind)]?.schema, below));
    return others.length === 0
      ? word === undefined
        ? problem
        : { ...problem, fix: `write ${word}, if that is meant, or remove it` }
      : {
          ...problem,
          expected: `a setting of kind ${String(kind)}`,
          received: `${key}, a setting of kind ${others.map((other) => other.kind).join(", ")}`,
          fix: "remove it",
        };
  });
}

/** A vendor is no kind where a kind has it as a preset. */
function presetOfKind(problem: Problem, written: unknown): Problem {
  const kind = Object.values(identityProviders).find(({ presetNames = [] }: { readonly presetNames?: readonly string[] }) =>
    presetNames.some((name) => name === written),
  )?.kind;
  return kind === undefined ? problem : { ...problem, fix: `write kind: ${kind} and preset: ${String(written)}, with issuer and clients` };
}

/** The keys that may stand where an unknown one stands. */
function knownKeys(section: string | number | undefined, schema: unknown, below: Path): string[] {
  if (below.length === 0) {
    return section === undefined ? [] : sections;
  }
  const parent = below.slice(0, -1).reduce<unknown>((found, key) => (found === undefined ? undefined : shapeOf(found)?.[key]), schema);
  return parent === undefined ? [] : Object.keys(shapeOf(parent) ?? {});
}

const sections = ["idp", "groups", "platforms", "protectBindings"];

/** Whether a schema has a key at this path. Lists and records are not followed: what is in them is not told apart by kind. */
function knows(schema: unknown, path: Path): boolean {
  const [key, ...rest] = path;
  if (key === undefined) {
    return true;
  }
  const shape = shapeOf(schema);
  return shape !== undefined && Object.hasOwn(shape, key) && knows(shape[key], rest);
}

function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  const { shape, def } = schema as { shape?: Readonly<Record<string, unknown>>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType === undefined ? undefined : shapeOf(def.innerType));
}
