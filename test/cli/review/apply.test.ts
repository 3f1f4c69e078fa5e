import { parse } from "yaml";
import { processIo } from "../../../cli/io";
import { main } from "../../../cli/main";
import { openReview, readStackFile, reviewDecisions, reviewSchema } from "../../../model";
import { gatehouse, type Outcome } from "../harness";
import { admin, basic, decided, document, documentOf, files, stackText, today, view } from "./sample";

const apply = (review: unknown, stack = stackText, ...flags: string[]): Promise<Outcome> =>
  gatehouse(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json", ...flags], { files: files(review, stack) });

describe("apply", () => {
  const leaves = { "backup-admins": [{ person: "bob@example.com", reason: "left the team", by: "owner@example.com" }] };

  test("kept, ended and removed grants, and a person: every other byte stays", async () => {
    const review = decided({ [admin]: { decision: { end: "2027-01-31" } }, [basic]: { decision: "remove" } }, leaves);
    const { status, stderr, written } = await apply(review);
    expect(stderr).toContain(`${admin}: end: 2027-01-31\n${basic}: remove\n${view}: keep\nbob@example.com: leaves backup-admins\n`);
    expect(status).toBe(0);
    expect(written?.["Pulumi.production.yaml"]).toBe(
      stackText
        .replace("        - bob@example.com # until the move\n", "")
        .replace("          role: admin\n", '          role: admin\n          until: "2027-01-31"\n          reviewed: "2026-11-23"\n')
        .replace("        - { group: backup-operators, role: basic, namespaces: [shop, billing] } # shop only?\n", "")
        .replace('"2026-08-01" # last time', '"2026-11-23" # last time'),
    );
    const applied = reviewSchema.parse(parse(written?.["review.yaml"] ?? ""));
    expect(applied.applied).toBe(today);
    expect(reviewDecisions(applied)).toEqual([
      { grant: admin, decision: "end: 2027-01-31", by: "owner@example.com", reason: "still the team's work", decidedAt: today },
      { grant: basic, decision: "remove", by: "owner@example.com", reason: "still the team's work", decidedAt: today },
      { grant: view, decision: "keep", by: "chief@example.com", reason: "still the team's work", decidedAt: today },
      { grant: admin, person: "bob@example.com", decision: "remove", by: "owner@example.com", reason: "left the team", decidedAt: today },
    ]);
  });

  test("the stack file may be named as everywhere else; named in no way, it is asked for", async () => {
    const argv = ["review", "apply", "review.yaml", "--env", "env.json"];
    const world = { files: files(decided({ [basic]: { decision: "remove" } }), stackText) };
    const { status, written } = await gatehouse([...argv, "--config-file", "Pulumi.production.yaml"], world);
    expect([status, Object.keys(written ?? {}).sort()]).toEqual([0, ["Pulumi.production.yaml", "review.yaml"]]);
    expect(await gatehouse(argv, world)).toMatchObject({ status: 64, stderr: expect.stringContaining("got none of them") as string });
  });

  test("remarks, anchors and the line ends of an editor on Windows stay; the stack file's own stay too", async () => {
    const plain = files(decided({ [basic]: { decision: "remove" } }))["review.yaml"] ?? "";
    const anchored = plain
      .replace(/^( +reason:) still the team's work$/m, "$1 &why still the team's work # asked on the phone")
      .replace(/^( +reason:) still the team's work$/gm, "$1 *why");
    expect(anchored).toMatch(/\*why[^]*\*why/);
    const windows = (text: string): string => text.replaceAll("\n", "\r\n");
    const given = { ...files({}, windows(stackText)), "review.yaml": windows(anchored) };
    const argv = ["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"];
    const { status, stderr, written } = await gatehouse(argv, { files: given });
    expect([status, stderr]).toEqual([0, expect.stringContaining(`${basic}: remove\n`)]);
    const [stack, review] = [written?.["Pulumi.production.yaml"] ?? "", written?.["review.yaml"] ?? ""];
    expect([stack, review].map((text) => text.replaceAll("\r\n", "").includes("\n"))).toEqual([false, false]);
    expect(review.replace(/applied: .*\r\n/, "")).toBe(windows(anchored).replace(/applied: .*\r\n/, ""));
    expect(reviewDecisions(reviewSchema.parse(parse(review))).map(({ reason }) => reason)).toEqual([
      "still the team's work",
      "still the team's work",
      "still the team's work",
    ]);
    expect(stack).toBe(
      windows(
        stackText
          .replace("        - { group: backup-operators, role: basic, namespaces: [shop, billing] } # shop only?\n", "")
          .replace("          role: admin\n", '          role: admin\n          reviewed: "2026-11-23"\n')
          .replace('"2026-08-01" # last time', '"2026-11-23" # last time'),
      ),
    );
  });

  test("a second time is refused, and after an update too", async () => {
    const { status, stderr, written } = await apply({ ...decided(), applied: today });
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain("review.yaml: expected a review that was not applied, got one that was, on 2026-11-23.");
  });

  test("cut off after the stack file was written, it can be run again", async () => {
    const review = decided({ [basic]: { decision: "remove" } }, leaves);
    const first = await apply(review);
    const again = await apply(review, first.written?.["Pulumi.production.yaml"]);
    expect(again.status).toBe(0);
    expect(again.stderr).toContain(`${basic}: remove, and it is not in the stack file any more`);
    expect(again.written?.["Pulumi.production.yaml"]).toBe(first.written?.["Pulumi.production.yaml"]);
  });

  test("--dry-run writes nothing, and says what it would", async () => {
    const { status, stderr, written } = await apply(decided(), stackText, "--dry-run");
    expect([status, written]).toEqual([0, undefined]);
    expect(stderr).toContain("Pulumi.production.yaml, review.yaml: would be written (--dry-run).");
  });

  test("decisions go where a grant is written: the files that the stack file names", async () => {
    const [head = "", body = ""] = stackText.split("  gatehouse:groups:\n");
    const part = `groups:\n${body.replace("  gatehouse:platforms:", "platforms:").replace(/^ {4}/gm, "  ")}`;
    const texts = {
      ...files(decided({ [basic]: { decision: "remove" } }, leaves), `${head}  gatehouse:from: access.yaml\n`),
      "access.yaml": part,
    };
    const { status, stderr, written } = await gatehouse(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"], {
      files: texts,
    });
    expect(stderr).toContain("access.yaml, review.yaml: written.");
    expect([status, Object.keys(written ?? {})]).toEqual([0, ["access.yaml", "review.yaml"]]);
    expect(written?.["access.yaml"]).not.toContain("bob@example.com");
  });

  test.each<[string, string, string]>([
    [
      "a stack file that is refused itself",
      stackText.replace("version: 8.0.15", "version: latest"),
      "Pulumi.production.yaml: platforms.k10.chart.version: expected an exact chart version",
    ],
    [
      "platforms as JSON in a text",
      `config:\n  gatehouse:idp: { kind: okta, orgUrl: "https://example.okta.com" }\n  gatehouse:groups: '${JSON.stringify(readStackFile(stackText).raw["groups"])}'\n  gatehouse:platforms: '${JSON.stringify(readStackFile(stackText).raw["platforms"])}'\n`,
      "written as YAML, got nothing. Fix: write it out",
    ],
  ])("%s: refused in words, and nothing is written", async (_what, stack, words) => {
    const { status, stderr, written } = await apply(decided({}, leaves), stack);
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain(words);
  });

  test("a grant to one person is a row of its own, and goes as one", async () => {
    const stack = `${stackText}        - { user: zoe@example.com, role: view }\n`;
    const zoes = documentOf(stack);
    const review = openReview(zoes, today);
    const grants = review.grants.map((row) => ({
      ...row,
      decision: row.people?.includes("zoe@example.com") ? "remove" : "keep",
      reason: "as the owner said",
      by: row.reviewers.at(-1),
    }));
    const texts = { ...files({ ...review, grants }, stack), "env.json": JSON.stringify(zoes) };
    const { stderr, written } = await gatehouse(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"], {
      files: texts,
    });
    expect(stderr).toContain("k10/user:zoe@example.com/view: remove\n");
    expect(written?.["Pulumi.production.yaml"]).not.toContain("zoe@example.com");
  });

  test("a review that is not decided is not applied", async () => {
    const { status, stderr, written } = await apply(openReview(document, today));
    expect([status, written]).toEqual([1, undefined]);
    expect(stderr).toContain("refused, 3 problems.\nNothing was written.\n");
  });

  test("a disk that fails in the middle leaves the stack file as it was", async () => {
    const review = decided();
    const texts = files(review);
    const written: [string, string][] = [];
    const { apply: run } = writing((path, text) => {
      if (path === "review.yaml") {
        throw new Error("no space left");
      }
      written.push([path, text]);
    }, texts);
    expect(await run()).not.toBe(0);
    expect(written.at(-1)).toEqual(["Pulumi.production.yaml", stackText]);
  });
});

function writing(write: (path: string, text: string) => void, texts: Readonly<Record<string, string>>) {
  const io = {
    ...processIo,
    stdout: () => undefined,
    stderr: () => undefined,
    readFile: (path: string) =>
      texts[path] === undefined ? Promise.reject(Object.assign(new Error(path), { code: "ENOENT" })) : Promise.resolve(texts[path]),
    writeFile: (path: string, text: string) => Promise.resolve().then(() => write(path, text)),
    now: () => new Date("2026-11-23T12:00:00Z"),
  };
  return { apply: () => main(["review", "apply", "review.yaml", "Pulumi.production.yaml", "--env", "env.json"], io) };
}
