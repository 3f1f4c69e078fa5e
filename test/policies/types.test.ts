import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entra, keycloak, okta } from "../../policies/types";

/** A rule over a type that no provider has judges nothing, and no fixture shows it: fixtures take their types from the same list. */
describe("the types that rules judge", () => {
  const classes = (sdk: string): Set<string> => {
    const folder = dirname(require.resolve(`@pulumi/${sdk}/package.json`));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".js") && !file.includes("node_modules"),
    );
    return new Set(files.flatMap((file) => /__pulumiType = '([^']+)'/.exec(readFileSync(join(folder, file), "utf8"))?.[1] ?? []));
  };
  /** In older releases of the provider only: Keycloak took scripts as uploads then. */
  const gone: readonly string[] = [keycloak.scriptMapper];

  it.each([
    ["azuread", Object.values(entra)],
    ["okta", Object.values(okta)],
    ["keycloak", Object.values(keycloak)],
  ])("exist in %s", (sdk, types) => {
    const known = classes(sdk);
    expect(known.size).toBeGreaterThan(50);
    expect(types.filter((type) => !known.has(type) && !gone.includes(type))).toEqual([]);
  });
});
