import { sampleRaw, withAt } from "../../fixtures/sample";
import { k10, refusals, type Path } from "./refusal";
import { cpuSeconds } from "../../cpu-seconds";

// A value of the wrong type must not hide what is wrong elsewhere, nor blame what is right.

const unknownGroup = "platforms.k10.access.0.group";

/** The sample with a grant to a group that is not there, and another fault. */
function paths(at: Path, value: unknown): string[] {
  const raw = withAt(at, value) as ReturnType<typeof sampleRaw>;
  (raw.platforms.k10.access as { group: string }[] | undefined)?.splice(0, 1, { group: "nobody", role: "admin" } as { group: string });
  return refusals(raw)
    .map(({ path }) => path.join("."))
    .sort();
}

test.each<[string, Path, unknown]>([
  ["an enumeration of the platform", [...k10, "prompt"], "perhaps"],
  ["a text where true or false belongs", [...k10, "chart", "wait"], "yes"],
  ["a number where an address belongs", [...k10, "host"], 5],
  ["a missing version", [...k10, "chart"], {}],
  ["a mapping for a list", ["groups", "backup-admins", "members"], {}],
  ["a number for a member", ["groups", "backup-admins", "members"], ["ana@example.com", 5]],
  ["a setting of the identity provider", ["idp", "requirePkce"], "no"],
  ["a group that is a text", ["groups", "auditors"], "Security Auditors"],
])("%s: it and the unknown group are said, and nothing else", (_what, at, value) => {
  const found = paths(at, value);
  expect(found).toHaveLength(2);
  expect(found).toContain(unknownGroup);
});

test("a role that cannot be read says nothing of its grant's scope", () => {
  const raw = sampleRaw();
  (raw.platforms.k10.access as { role: string }[])[1] = { group: "backup-operators", role: "basik", namespaces: ["shop"] } as {
    role: string;
  };
  expect(refusals(raw).map(({ path }) => path.join("."))).toEqual(["platforms.k10.access.1.role"]);
});

test("a choice between two is not called missing because it is of the wrong type", () => {
  const raw = withAt(["groups", "backup-operators", "displayName"], 5);
  expect(refusals(raw).map(({ path }) => path.join("."))).toEqual(["groups.backup-operators.displayName"]);
});

test("what depends on other settings is judged beside what cannot be read", () => {
  const raw = withAt([...k10, "prompt"], "perhaps") as ReturnType<typeof sampleRaw>;
  raw.platforms.k10.values = { auth: { oidcAuth: { clientSecret: "hush" } } };
  expect(refusals(raw).map(({ path }) => path.join("."))).toEqual([
    "platforms.k10.prompt",
    "platforms.k10.values.auth.oidcAuth.clientSecret",
  ]);
});

test("a kind that nobody knows hides its own platform only", () => {
  const raw = sampleRaw();
  raw.platforms["other"] = { kind: "jenkins" };
  (raw.platforms.k10.access as { group: string }[])[0] = { group: "nobody", role: "admin" } as { group: string };
  expect(refusals(raw).map(({ path }) => path.join("."))).toEqual(["platforms.other.kind", unknownGroup]);
});

describe("size", () => {
  test("a description without end is one problem, at once", async () => {
    const groups = Object.fromEntries(Array.from({ length: 200_000 }, (_, number) => [`g${number}`, { displayName: `G${number}` }]));
    const spent = await cpuSeconds(() => {
      expect(refusals({ ...sampleRaw(), groups })).toEqual([
        { path: [], expected: "a description of at most 100000 values", received: "more", fix: "give some platforms a stack of their own" },
      ]);
    });
    expect(spent).toBeLessThan(20);
  });

  test("20,000 members are refused in words; 5,000 are judged", async () => {
    const members = (count: number) => Array.from({ length: count }, (_, number) => `p${number}@example.com`);
    const spent = await cpuSeconds(() => {
      expect(refusals(withAt(["groups", "backup-admins", "members"], members(20_000)))).toMatchObject([
        { path: ["groups", "backup-admins", "members"], received: "a list of 20000" },
      ]);
      expect(refusals(withAt(["groups", "backup-admins", "members"], members(5_000)))).toEqual([]);
    });
    expect(spent).toBeLessThan(20);
  });

  test("nobody reads thousands of problems", () => {
    const groups = Object.fromEntries(Array.from({ length: 3_000 }, (_, number) => [`g${number}`, { displayName: 5 }]));
    const found = refusals({ ...sampleRaw(), groups });
    expect(found).toHaveLength(201);
    expect(found.at(-1)).toMatchObject({ path: [], expected: "no further problem" });
  });

  test("values inside each other without end are refused before anything walks down", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 20_000; depth += 1) {
      deep = { deep };
    }
    expect(refusals(withAt([...k10, "values"], deep))).toEqual([
      { path: [], expected: "at most 64 mappings and lists inside each other", received: "more" },
    ]);
  });
});
