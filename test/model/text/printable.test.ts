import { formatPath, jsonText, textLine, textLines } from "../../../model";

describe("textLine", () => {
  test.each([
    ["a line feed", "a\nb", "a\\nb"],
    ["a carriage return", "a\r\nb\rc", "a\\nb\\nc"],
    ["the line ends that only some readers know", "a\u2028b\u2029c\u0085d\u000be\u000cf", "a\\nb\\nc\\nd\\ne\\nf"],
    ["an escape sequence", "\u001b[2Jgone", "?[2Jgone"],
    [
      "a runner's command anywhere",
      "x ##[error]y ##vso[task.complete]z ##teamcity[a]",
      "x # #[error]y # #vso[task.complete]z # #teamcity[a]",
    ],
    ["a workflow command at the start", "  ::error::x", "  : :error::x"],
    ["a forged line with a command", "a\n::stop-commands::t", "a\\n::stop-commands::t"],
    ["what nobody sees", "a\u200bb\u00adc\ufeffd\u3164e\u2800f\u034f", "a\\u200bb\\u00adc\\ufeffd\\u3164e\\u2800f\\u034f"],
    ["a tag, a variation, half of a pair", "\u{e0041}\ufe0f\ud800", "\\ue0041\\ufe0f\\ud800"],
    ["blanks that only look like the space", "a\u00a0b\u3000c", "a\\u00a0b\\u3000c"],
    ["letters of any script, and signs", "Straße Ж 管理者 ✅ é 😀", "Straße Ж 管理者 ✅ é 😀"],
    ["what only looks like one", "k10::k10-basic ## [a](b)", "k10::k10-basic ## [a](b)"],
  ])("%s", (_what, text, line) => {
    expect(textLine(text)).toBe(line);
  });
});

test("textLines ends every line once", () => {
  expect(textLines(["a", "b\nc"])).toBe("a\nb\\nc\n");
  expect(textLines([])).toBe("");
});

test("jsonText reads back as it was", () => {
  const value = { name: "##[add-mask]x", other: "# ##vso[y" };
  expect(jsonText(value)).toBe('{\n  "name": "#\\u0023[add-mask]x",\n  "other": "# #\\u0023vso[y"\n}\n');
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

test("a path's key stays on its line", () => {
  expect(formatPath(["groups", "a\n::error::b", 0])).toBe('groups."a\\n::error::b"[0]');
  expect(formatPath(["gatehouse:groups", "team a", 1, "x"])).toBe("gatehouse:groups.team a[1].x");
});
