import { createHash } from "node:crypto";
import { inOneLine, jsonText, printable, stableJson, type Evidence } from "../../model";

/** Version of OSCAL whose schema the results are held to in a test. */
const oscalVersion = "1.2.3";
const namespace = "https://gatehouse.dev/ns/oscal";

/** What is judged. Checks of Gatehouse, under names of its own: no control of any catalogue is claimed. */
const checks = {
  "gatehouse-population": "Everybody in every group was read from the identity provider.",
  "gatehouse-completeness": "Each list was counted in a second way, and the two numbers agree.",
  "gatehouse-tested": "The API server answers as the declaration says it should.",
  "gatehouse-declared": "Nothing that reaches the environment differs from what was declared.",
} as const;
type Check = keyof typeof checks;

/** OSCAL assessment results (pages.nist.gov/OSCAL, assessment-results model). */
export function oscalResults(evidence: Evidence): string {
  const { stack, moment, tool } = evidence;
  const id = (of: string): string => uuidOf(evidence, of);
  const observations = observationsOf(evidence, id);
  const risks = evidence.findings.map((finding, position) => ({
    uuid: id(`risk ${position}`),
    title: line(`${finding.kind}: ${finding.what}`),
    description: line(finding.detail),
    statement: line(`Fix: ${finding.fix}`),
    status: "open",
  }));
  return jsonText({
    "assessment-results": {
      uuid: id("results"),
      metadata: {
        title: line(`Access to ${stack}`),
        "last-modified": moment.ended,
        version: moment.ended,
        "oscal-version": oscalVersion,
        props: [{ name: "tool", ns: namespace, value: line(`${tool.name} ${tool.version}`) }],
      },
      "import-ap": { href: `#${id("plan")}`, remarks: "There is no assessment plan of its own; the resource says what is asked." },
      results: [
        {
          uuid: id("result"),
          title: line(`Access to ${stack} at ${moment.ended}`),
          description: line(evidence.verdict.sentence),
          start: moment.began,
          end: moment.ended,
          props: [{ name: "verdict", ns: namespace, value: evidence.verdict.result }],
          "reviewed-controls": {
            "control-selections": [
              {
                description: "Checks of Gatehouse under names of its own.",
                "include-controls": Object.keys(checks).map((check) => ({ "control-id": check })),
                remarks: "No control of any catalogue is claimed: which control a check supports is for the assessor to say.",
              },
            ],
          },
          observations,
          ...(risks.length > 0 && { risks }),
          findings: findingsOf(evidence, id, observations),
        },
      ],
      "back-matter": {
        resources: [
          {
            uuid: id("plan"),
            title: "What gatehouse evidence asks",
            description: Object.values(checks).join(" "),
            rlinks: [{ href: "evidence.json" }],
          },
        ],
      },
    },
  });
}

interface Observation {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly methods: readonly string[];
  readonly collected: string;
  readonly props: readonly { readonly name: string; readonly ns: string; readonly value: string }[];
  readonly "relevant-evidence": readonly { readonly href: string; readonly description: string }[];
}

function observationsOf(evidence: Evidence, id: (of: string) => string): Observation[] {
  const { moment, groups, grants, cluster } = evidence;
  const observed = (check: Check, name: string, description: string, method: "EXAMINE" | "TEST", file: string): Observation => ({
    uuid: id(`observation ${check} ${name}`),
    title: line(name),
    description: line(description),
    methods: [method],
    collected: moment.ended,
    props: [{ name: "check", ns: namespace, value: check }],
    "relevant-evidence": [{ href: file, description: "The whole of it, row by row." }],
  });
  return [
    ...Object.values(groups).map(({ displayName, people, unreadable, listed, counted, countedBy }) =>
      observed(
        "gatehouse-population",
        `group ${displayName}`,
        people === null
          ? `Not readable: ${unreadable ?? "no reason given"}`
          : `${people.length} people; ${String(listed)} entries listed, ${String(counted)} by ${countedBy ?? "another way"}.`,
        "EXAMINE",
        "people.csv",
      ),
    ),
    ...cluster.lists.map(({ what, listed, counted, resourceVersion }) =>
      observed(
        "gatehouse-completeness",
        what,
        `${listed} listed, ${counted} counted by the API server, at resourceVersion ${resourceVersion}.`,
        "EXAMINE",
        "bindings.csv",
      ),
    ),
    ...grants.map(({ key, tests, untested }) =>
      observed(
        "gatehouse-tested",
        `grant ${key}`,
        untested ??
          `${tests.filter(({ expected, answer }) => expected === answer).length} of ${tests.length} questions were answered as expected.`,
        "TEST",
        "questions.csv",
      ),
    ),
    observed("gatehouse-declared", "declaration and cluster", `${evidence.findings.length} findings.`, "EXAMINE", "findings.csv"),
  ];
}

function findingsOf(evidence: Evidence, id: (of: string) => string, observations: readonly Observation[]): object[] {
  const { groups, verdict, findings } = evidence;
  const unread = Object.values(groups).some(({ people }) => people === null);
  const satisfied: Readonly<Record<Check, boolean>> = {
    "gatehouse-population": !unread,
    "gatehouse-completeness": verdict.incomplete.length === 0,
    "gatehouse-tested":
      !findings.some(({ kind }) => kind === "test") && !verdict.incomplete.some((one) => one.includes("questions to the API server")),
    "gatehouse-declared": findings.length === 0,
  };
  return Object.entries(checks).map(([check, description]) => ({
    uuid: id(`finding ${check}`),
    title: description,
    description,
    target: { type: "objective-id", "target-id": check, status: { state: satisfied[check as Check] ? "satisfied" : "not-satisfied" } },
    ...(observations.some(({ props }) => props[0]?.value === check) && {
      "related-observations": observations
        .filter(({ props }) => props[0]?.value === check)
        .map(({ uuid }) => ({ "observation-uuid": uuid })),
    }),
  }));
}

/** A text as OSCAL's single lines are: nothing that nobody sees, no blanks at the ends, never empty. */
function line(text: string): string {
  return printable(inOneLine(text)).trim() || "-";
}

/** A name-based identifier (RFC 9562, version 5): equal evidence gives equal ones. */
function uuidOf({ stack, moment }: Evidence, of: string): string {
  const digest = createHash("sha1")
    .update(stableJson([namespace, stack, moment.began, moment.ended, of]))
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
