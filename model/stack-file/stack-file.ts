import { describeReceived, withheld, type Problem } from "../text/problems";
import { secretTexts, withheldFrom } from "./secrets";
import { readYaml, type Path, type Position } from "./yaml";
import { isMapping } from "../text/mapping";

/** A stack file taken apart. Paths begin with the keys as written: `["config", "gatehouse:idp", "kind"]`. */
export interface StackFile {
  /** The values of the `gatehouse:` keys, without that prefix; encrypted values are placeholders. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The settings of providers that are texts, by their whole keys (`okta:orgName`); encrypted values are placeholders. */
  readonly settings: Readonly<Record<string, string>>;
  /** What is wrong with the file itself. */
  readonly problems: readonly (Problem & Position)[];
  /** False when the file holds no configuration at all that could be judged. */
  readonly usable: boolean;
  /** Paths of encrypted values (`secure:`), which only the engine can read. */
  readonly encrypted: readonly Path[];
  /** The key under which one of {@link raw} is written: `gatehouse:idp`, or `idp`. */
  readonly keyOf: (name: string) => string;
  /** Where a path stands in the file, or the nearest thing above it that is there. */
  readonly locate: (path: Path) => Position;
  /** The problem without a text that stands as a secret somewhere in the file: an alias, or a copy, brings one to any place. */
  readonly withoutSecrets: (problem: Problem) => Problem;
}

const prefix = "gatehouse:";
const encryptedPlaceholder = "(encrypted)";

/** The longest text that Linux takes in one environment variable, its name included (MAX_ARG_STRLEN, man 2 execve). */
const longestVariable = 131_072;

/** The engine hands the whole configuration to the program in one variable, and then fails with "argument list too long". */
function handedOver(config: Readonly<Record<string, unknown>>): Problem[] {
  const texts = Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  const bytes = Buffer.byteLength(`PULUMI_CONFIG=${JSON.stringify(Object.fromEntries(texts))}`) + 1;
  return bytes <= longestVariable
    ? []
    : [
        {
          path: ["config"],
          expected: `at most ${longestVariable} bytes, which the engine can hand over ("argument list too long")`,
          received: `${bytes}`,
          fix: "move groups and platforms into a file beside it, and write gatehouse:from: environments/production.yaml",
        },
      ];
}

/** Reads the text of a `Pulumi.<stack>.yaml`. Never throws: what is wrong is among the problems. */
export function readStackFile(text: string): StackFile {
  const { values: file, faults, locate } = readYaml(text);
  const nothing = {
    raw: {},
    settings: {},
    usable: false,
    encrypted: [],
    keyOf: (name: string) => `${prefix}${name}`,
    locate,
    withoutSecrets: (problem: Problem) => problem,
  };
  if (faults.length > 0) {
    return { ...nothing, problems: faults };
  }
  const config = isMapping(file) ? file["config"] : undefined;
  if (!isMapping(config)) {
    const problem = {
      path: ["config"],
      expected: "a mapping 'config' with the gatehouse: keys",
      received: describeReceived(isMapping(file) || file === null ? config : file, []),
    };
    return { ...nothing, problems: [{ ...problem, ...locate(problem.path) }] };
  }
  const { raw, settings, problems, encrypted, written } = split(config);
  const found = Object.keys(config);
  if (written.size === 0 && found.length > 0) {
    problems.push({
      path: ["config"],
      expected: `keys under ${prefix}, which are idp, groups and platforms`,
      received: `the keys ${found.join(", ")}`,
      fix: `write the namespace ${prefix} before each, whatever the project is called`,
    });
    return { ...nothing, problems: problems.map((problem) => ({ ...problem, ...locate(problem.path) })) };
  }
  const keyOf = (name: string) => written.get(name) ?? nothing.keyOf(name);
  const secrets = secretTexts(file);
  const withoutSecrets = (problem: Problem) => withheldFrom(problem, secrets);
  const placed = [...problems, ...handedOver(config)].map((problem) => ({ ...withoutSecrets(problem), ...locate(problem.path) }));
  return { raw, settings, problems: placed, usable: true, encrypted, keyOf, locate, withoutSecrets };
}

function split(config: Readonly<Record<string, unknown>>): {
  raw: Record<string, unknown>;
  settings: Record<string, string>;
  problems: Problem[];
  encrypted: Path[];
  written: Map<string, string>;
} {
  const raw: [string, unknown][] = [];
  const settings: [string, string][] = [];
  const written = new Map<string, string>();
  const problems: Problem[] = [];
  const encrypted: Path[] = [];
  for (const [key, value] of Object.entries(config)) {
    const path = ["config", key];
    if (typeof value === "string" || isSecure(value)) {
      settings.push([key, typeof value === "string" ? value : encryptedPlaceholder]);
    }
    // Without a namespace a key is the project's (seen with pulumi 3.230.0): the engine reads `idp` as `gatehouse:idp`.
    if (key.startsWith(prefix) || !key.includes(":")) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : key;
      if (written.has(name)) {
        problems.push({
          path,
          expected: `one of ${name} and ${prefix}${name}, which are the same`,
          received: "both",
          fix: "keep one of the two",
        });
      }
      written.set(name, key);
      raw.push([name, decrypted(parsedText(value), path, encrypted)]);
    } else if (/(secret|password|token|privatekey|kubeconfig|clientcertificate)$/i.test(key) && !isSecure(value) && !isEmpty(value)) {
      problems.push({
        path,
        expected: "an encrypted value: a stack file is kept in version control",
        received: withheld,
        fix: `remove it and run \`pulumi config set --secret ${key}\``,
      });
    }
  }
  return { raw: Object.fromEntries(raw), settings: Object.fromEntries(settings), problems, encrypted, written };
}

/** `pulumi config set` may write a whole setting as JSON in one text; the engine reads it like a mapping. */
function parsedText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The value with a placeholder where something is encrypted. */
function decrypted(value: unknown, path: Path, encrypted: Path[]): unknown {
  if (isSecure(value)) {
    encrypted.push(path);
    return encryptedPlaceholder;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => decrypted(item, [...path, index], encrypted));
  }
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item, [...path, key], encrypted)]))
    : value;
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === null || typeof value === "boolean";
}

/** Pulumi takes a mapping of the single key `secure` with a text for an encrypted value. */
function isSecure(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}
