/** Answers of one kind that somebody fetched together, instead of a file for each group or person. */
import { gatehouse, type Outcome } from "../harness";
import { entraFiles } from "./entra-world";
import { keycloakFiles } from "./keycloak-world";
import { answers } from "./kubesphere-world";

type Files = Readonly<Record<string, string>>;

const adopt = (found: Files): Promise<Outcome> => gatehouse(["adopt", "--from-files", "found"], { folders: { found } });
const named = (found: Files, pattern: RegExp): string[] => Object.keys(found).filter((name) => pattern.test(name));

/** The same with those files as one. */
function together(found: Files, pattern: RegExp, file: string, write: (texts: readonly string[]) => string): Files {
  const own = named(found, pattern);
  expect(own.length).toBeGreaterThan(1);
  const rest = Object.fromEntries(Object.entries(found).filter(([name]) => !own.includes(name)));
  return { ...rest, [file]: write(own.map((name) => found[name] ?? "")) };
}

const parsed = (texts: readonly string[]): unknown[] => texts.map((text) => JSON.parse(text) as unknown);
const ways: readonly (readonly [string, (texts: readonly string[]) => string])[] = [
  ["a list", (texts) => JSON.stringify(parsed(texts).flat())],
  ["a page of Microsoft Graph", (texts) => JSON.stringify({ value: parsed(texts).flat() })],
  ["answers one after another, a line each", (texts) => texts.map((text) => `${text}\n`).join("")],
  [
    "answers as a loop writes them",
    (texts) =>
      parsed(texts)
        .map((answer) => `${JSON.stringify(answer, undefined, 2)}\n`)
        .join("\n"),
  ],
  [
    "pages as a loop writes them",
    (texts) =>
      parsed(texts)
        .map((answer) => `${JSON.stringify([answer].flat(), undefined, 2)}\n`)
        .join(""),
  ],
];

describe.each(ways)("%s", (_what, write) => {
  test.each([
    ["Okta: assignments of people", texts(answers(3)), /^okta-app-user-/, "okta-app-users.json"],
    ["Entra ID: groups by id", entraFiles(), /^entra-group-/, "entra-groups.json"],
    ["Keycloak: groups by name", keycloakFiles(), /^keycloak-groups-/, "keycloak-groups.json"],
  ])("%s", async (_kind, found, pattern, file) => {
    const [apart, one] = [await adopt(found), await adopt(together(found, pattern, file, write))];
    expect(apart.status).toBe(0);
    expect(one.written).toEqual(apart.written);
  });
});

function texts(of: Readonly<Record<string, unknown>>): Files {
  return Object.fromEntries(Object.entries(of).map(([name, answer]) => [name, JSON.stringify(answer)]));
}

test("who is not among them is not there, and a file of one's own goes first", async () => {
  const found = together(entraFiles(), /^entra-group-/, "entra-groups.json", (all) => `[${all[0] ?? ""}]`);
  const missing = await adopt(found);
  expect([missing.status, missing.written]).toEqual([1, undefined]);
  const [, second = ""] = named(entraFiles(), /^entra-group-/);
  expect((await adopt({ ...found, [second]: entraFiles()[second] ?? "" })).status).toBe(0);
});

test("without either both are named, and what is no JSON is refused without a piece of it", async () => {
  const { "okta-app-user-00u1.json": _gone, ...found } = texts(answers(3));
  const neither = await adopt(found);
  expect(neither.stderr).toContain("(or all of its kind in okta-app-users.json) in found/okta-app-user-00u1.json, which is not there");
  const broken = await adopt({ ...found, "okta-app-users.json": '{"id":"00u1"}\n{"id": secret' });
  expect(broken.status).not.toBe(0);
  expect(broken.stderr).toContain("Expected JSON from found/okta-app-users.json, got something else.");
  expect(broken.stderr).not.toContain("secret");
});
