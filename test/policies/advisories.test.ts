import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { withoutPauses } from "../../lab/test/builtins";
import { runPolicies, today, type Fixture } from "./harness";
import { register } from "./program";

withoutPauses();

interface Platform extends Record<string, unknown> {
  kind: string;
  chart?: Record<string, unknown>;
}

interface Config extends Record<string, unknown> {
  "gatehouse:idp": Record<string, unknown>;
  "gatehouse:groups": Record<string, unknown>;
  "gatehouse:platforms": Record<string, Platform>;
}

const each = (config: Config, change: (platform: Platform) => void): void => Object.values(config["gatehouse:platforms"]).forEach(change);

/** What a user writes in the stack file so that an advisory has nothing to report any more. */
const answers: Readonly<Record<string, (config: Config) => void>> = {
  "naming-and-labels": (config) => each(config, (platform) => (platform["owner"] = "Platform team <platform@example.com>")),
  "okta-pkce-required": (config) =>
    each(config, (platform) => {
      if (platform.kind === "kasten") {
        platform.chart = { ...platform.chart, version: "9.0.4" };
        platform["requirePkce"] = true;
      }
    }),
  "keycloak-client-pkce-and-scope": (config) => answers["okta-pkce-required"]?.(config),
  "okta-authentication-policy-set": (config) => (config["gatehouse:idp"]["authenticationPolicy"] = { id: "rst1a2b3" }),
  "rbac-group-subjects-only": (config) =>
    each(config, (platform) => {
      platform["review"] = "quarterly";
      (platform["access"] as Record<string, unknown>[]).forEach((grant) => (grant["reviewed"] = new Date().toISOString().slice(0, 10)));
    }),
  "release-atomic": (config) =>
    each(config, (platform) => {
      if (platform.kind === "kasten") {
        platform.chart = { ...platform.chart, wait: true };
      } else if (platform.kind === "openunison") {
        platform["wait"] = true;
      }
    }),
  "entra-owners": (config) => (config["gatehouse:idp"]["owners"] = ["omar@example.com"]),
  "entra-admin-group-protected": (config) => {
    const made = Object.entries(config["gatehouse:groups"]).filter(([, group]) => "displayName" in (group as object));
    config["gatehouse:idp"]["roleAssignableGroups"] = made.map(([key]) => key);
  },
};

const roots = ["../../stacks", ...readdirSync(resolve(__dirname, "../../examples")).map((name) => `../../examples/${name}`)];
const files = roots.flatMap((root) => {
  const folder = resolve(__dirname, root);
  return readdirSync(folder)
    .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
    .map((file) => join(folder, file));
});

/** The secret of a client that was made by hand is set by whoever deploys. */
const handedOver = { "clients:k10": "handed over" };

/** The advisories, with what the engine says of where an application's password comes from. */
async function advisories(config: Config): Promise<string[]> {
  const registered = (await register({ ...handedOver, ...config })).map((fixture): Fixture => {
    const [, application] = /^(.+)-secret-/.exec(fixture.name ?? "") ?? [];
    return application === undefined ? fixture : { ...fixture, from: { applicationId: [application] } };
  });
  const advisory = new Set(rules.filter(({ level }) => level === "advisory").map(({ id }) => id));
  const reports = await runPolicies(
    makePolicies(rules, () => today),
    registered,
  );
  return [...new Set(reports.map(({ policy }) => policy))].filter((policy) => advisory.has(policy)).sort();
}

/** Without the folders into which an update writes files: they would be the checkout's. */
function read(file: string): Config {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Config };
  each(config, (platform) => delete platform["outputFolder"]);
  return config;
}

const fired = new Set<string>();

describe("an advisory on what Gatehouse makes has an answer in the stack file", () => {
  it.each(files.map((file) => [file.slice(resolve(__dirname, "../..").length + 1), file]))(
    "%s",
    async (_, file) => {
      const before = await advisories(read(file));
      before.forEach((policy) => fired.add(policy));
      expect(before.filter((policy) => !(policy in answers))).toEqual([]);
      const config = read(file);
      before.forEach((policy) => answers[policy]?.(config));
      expect(await advisories(config)).toEqual([]);
    },
    60_000,
  );

  it("no answer stands here for an advisory that never comes", () => {
    expect(Object.keys(answers).filter((policy) => !fired.has(policy))).toEqual([]);
  });
});
