/** Settings of charts that give access by a word: roles for the chart's own accounts, and doors that are open to everybody. */
import { mismatch, type Finding } from "../rule";
import type { Leaf, Value } from "../value";
import { isPlainTrue, plainName, settingsIn } from "./settings";

interface AccessSwitch {
  /** The setting's name, without case and separators. */
  readonly name: RegExp;
  readonly gives: (value: Value, path: string) => boolean;
  readonly expected: string;
}

const isText =
  (pattern: RegExp) =>
  (value: Value): boolean =>
    typeof value === "string" && pattern.test(value.trim());

/** One line a kind; products' names are their documentation's (argo-cd.readthedocs.io, grafana.com/docs, oauth2-proxy.github.io, the dashboard's arguments). */
const switches: readonly AccessSwitch[] = [
  {
    name: /role|binding|permission/,
    // What leaves the role out (a policy's exclusions) gives nothing.
    gives: (value, path) =>
      isText(/^(?:cluster-admin|system:controller:.+|system:masters)$/)(value) && !/exclu|except|ignore|deny|forbid/i.test(path),
    expected: "a role of the chart's own needs",
  },
  { name: /clusteradmin(?:role|access|enabled|binding)?s?$/, gives: isPlainTrue, expected: "false" },
  { name: /^policydefault$/, gives: isText(/^role:admin$/), expected: "no role for everybody who signs in" },
  {
    name: /^policycsv$/,
    // Everybody as an administrator, or more than reading for everybody or for the role that is meant for reading.
    gives: isText(
      /^\s*(?:g\s*,\s*(?:\*|system:authenticated|(?:[^\s:,]+:)?everyone)\s*,\s*role:admin\b|p\s*,\s*(?:\*|system:authenticated|(?:[^\s:,]+:)?everyone|role:readonly)\s*,[^,\n]+,\s*(?!get\b)[^,\n]+,(?![^\n]*,\s*deny\s*$))/im,
    ),
    expected: "groups of the platform as administrators",
  },
  { name: /(?:^|users)anonymousenabled$/, gives: isPlainTrue, expected: "false" },
  { name: /(?:anonymous|autoassign)orgrole$|^orgrole$/, gives: isText(/^(?:admin|editor)$/i), expected: "Viewer" },
  { name: /roleattributepath$/, gives: isText(/^['"](?:grafana)?admin['"]$/i), expected: "an expression over the groups" },
  {
    name: /^enableskiplogin$|^(?:disableauth|skipauth|noauth)(?:entication|orization)?$|^anonymousauth$/,
    gives: isPlainTrue,
    expected: "false",
  },
  { name: /trustedips?$/, gives: isText(/^(?:0\.0\.0\.0|::)\/0$/), expected: "addresses of few machines" },
  { name: /skipauth(?:route|regex)s?$/, gives: isText(/^(?:\w+=)?\^?\/?(?:\.\*|\.\+)?\$?$/), expected: "paths by name" },
];

/** What values give by switches: one finding for each. */
export function accessSwitches(values: Value): Finding[] {
  return [...settingsIn(values)].flatMap(({ path, key, value }: Leaf) => {
    const found = switches.find(({ name, gives }) => name.test(plainName(key)) && gives(value, path));
    return found === undefined ? [] : [mismatch(`values.${path}`, found.expected, value)];
  });
}
