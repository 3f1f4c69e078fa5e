import { onePerPlace, type Problem } from "../text/problems";
import { identityProviderSchema, type IdentityProviderSpec } from "../identity-providers";
import { platformSchema } from "../platforms";
import { keySchema } from "../text/names";
import { checks, type Parts } from "./checks";
import { isWithin, mend } from "./mend";
import { groupSchema, type Environment, type GroupSpec } from "./schema";
import { isMapping, mappingOf } from "../text/mapping";

type Path = Problem["path"];

interface ReadParts extends Parts {
  /** Undefined where it cannot be read. */
  readonly idp: IdentityProviderSpec | undefined;
}

/**
 * What else is wrong with an environment of which some values cannot be read: each part is judged by itself, and then what must hold
 * between those parts.
 * @param today the day in UTC, `YYYY-MM-DD`
 */
export function problemsOfReadableParts(raw: unknown, today: string): Problem[] {
  const { idp, groups, platforms } = mappingOf(raw);
  const found: { problems: Problem[]; mended: Path[] } = { problems: [], mended: [] };
  const part = <T>(schema: Parameters<typeof mend<T>>[0], value: unknown, at: Path): T | undefined => {
    const read = mend(schema, value);
    found.problems.push(...read.problems.map((problem) => ({ ...problem, path: [...at, ...problem.path] })));
    found.mended.push(...read.mended.map((path) => [...at, ...path]));
    return read.value;
  };
  const readPlatforms = records(platforms, (platform, name) => part(platformSchema, platform, ["platforms", name]));
  const parts: ReadParts = {
    idp: idp === undefined ? undefined : part(identityProviderSchema, idp, ["idp"]),
    groups: isMapping(groups)
      ? records(groups, (group, key) => part(groupSchema, group, ["groups", key]) ?? unreadable(key))
      : // Which groups there are is not known; that grants name others would be said of all.
        Object.fromEntries(
          Object.values(readPlatforms).flatMap(({ access }) =>
            access.flatMap(({ group }) => (group === undefined ? [] : [[group, unreadable(group)]])),
          ),
        ),
    platforms: readPlatforms,
  };
  const between = checks
    .flatMap((check) =>
      check.asksIdentityProvider ? (parts.idp === undefined ? [] : check.find(parts as Environment, today)) : check.find(parts, today),
    )
    .filter(({ path }) => !found.mended.some((place) => isWithin(path, listItemOf(place))));
  return onePerPlace([...found.problems, ...between]);
}

/** A group of which the key alone is known, as no check objects to. */
function unreadable(key: string): GroupSpec {
  return { displayName: `(${key})`, members: [] };
}

/** The item of a list that a place is in, which counts as one thing: a grant whose role cannot be read says nothing. */
function listItemOf(path: Path): Path {
  const last = path.findLastIndex((key) => typeof key === "number");
  return last < 0 ? path : path.slice(0, last + 1);
}

function records<T>(raw: unknown, read: (value: unknown, key: string) => T | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(mappingOf(raw)).flatMap(([key, value]): [string, T][] => {
      const found = keySchema.safeParse(key).success ? read(value, key) : undefined;
      return found === undefined ? [] : [[key, found]];
    }),
  );
}
