import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { presetNames, presets, type Preset } from "../../../../model";

const folder = resolve(__dirname, "../../../../model/identity-providers/external/presets");
const all: [string, Preset][] = Object.entries(presets);

test("each preset is one file, and each file a preset", () => {
  const files = readdirSync(folder).filter((file) => !["index.ts", "preset.ts"].includes(file));
  expect(files.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual([...presetNames].sort());
});

test.each(all)("%s answers every question", (_name, preset) => {
  expect(preset.source).toMatch(/^https:\/\/[^ ]+$/);
  expect(preset.read).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(preset.doesNotWork.length).toBeGreaterThan(0);
  for (const sentence of [...preset.settings, ...preset.doesNotWork, preset.subject]) {
    expect(sentence).toMatch(/^[A-Za-z][^]*\.$/);
  }
  if (preset.issuer === null) {
    expect(preset.groups).toBeNull();
  } else {
    expect(preset.issuer.example.replace(/<[^>]+>/g, "0a1b2c3d-0000-4000-8000-000000000000")).toMatch(preset.issuer.pattern);
    expect(preset.settings.length).toBeGreaterThan(0);
    // Anchored at both ends: a slash too many is another issuer.
    expect(preset.issuer.pattern.source).toMatch(/^\^.*\$$/);
  }
});

test.each(all)("%s asks for nothing that it refuses itself", (_name, preset) => {
  const asked = [...preset.scopes, ...(preset.refreshScope === null ? [] : [preset.refreshScope])];
  const refused = (setting: string, value: string): boolean =>
    preset.refuses.some((one) => one.setting === setting && one.name.test(value));
  expect(asked.filter((scope) => refused("scope", scope))).toEqual([]);
  expect(preset.groups !== null && refused("claim", preset.groups.claim)).toBe(false);
});

test("docs/presets.md lists each with its source, its date and what does not work", () => {
  const page = readFileSync(resolve(__dirname, "../../../../docs/presets.md"), "utf8");
  for (const [name, preset] of all) {
    expect(page).toContain(`## ${preset.title}`);
    expect(page).toContain(`\`preset: ${name}\``);
    expect(page).toContain(preset.source);
    for (const sentence of preset.doesNotWork) {
      expect(page).toContain(sentence);
    }
  }
});
