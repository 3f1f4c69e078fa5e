/**
 * `gatehouse diff`: what became of access between two moments, in the words of `gatehouse preview`. Each is a document, a stack's outputs,
 * or evidence; nothing is asked of anybody. How a change reads is in reports/access-change.
 */
import { compareText, dayOf, textLines, type EnvironmentDocument, type Evidence } from "../../model";
import { accessChange, accessChangeFormats, renderAccessChange, type AccessChange } from "../../reports";
import { choice, defineCommand, required } from "../command";
import { failOnOption, failedKinds } from "../fail-on";
import { loadSnapshot, type Snapshot } from "../snapshot";

export const diffCommand = defineCommand({
  name: "diff",
  summary: "Say who gained, lost or changed access between two documents, stack outputs or evidence folders.",
  arguments: {
    before: required("<before>", "the earlier one: a document, stack outputs, evidence.json or its folder"),
    after: required("<after>", "the later one"),
  },
  options: { format: choice("--format <format>", "how to print it", accessChangeFormats, "text"), failOn: failOnOption },
  run: async ({ before, after, format, failOn }, io) => {
    const [earlier, later] = [await loadSnapshot(before, io), await loadSnapshot(after, io)];
    const found = both(earlier, later);
    const [was, is] = [found ? asFound(found[0]) : earlier.document, found ? asFound(found[1]) : later.document];
    const plan = { resources: [], policies: [] };
    const declared = accessChange(was, is, plan, dayOf(io.now()));
    const change = found ? withUndeclared(declared, found[0], found[1]) : declared;
    const failed = failedKinds(change, failOn);
    io.stdout(renderAccessChange(change, format, { failed }));
    const notes = [
      ...(was.stack === is.stack ? [] : [`Two stacks are compared: '${was.stack}' and '${is.stack}'.`]),
      ...(!found && (earlier.evidence ?? later.evidence) !== undefined
        ? ["One of the two is no evidence, so members are compared as the stack lists them."]
        : []),
      ...(failed.length > 0 ? [`The change is stopped by ${failed.join(", ")}.`] : []),
    ];
    io.stderr(textLines(notes));
    return failed.length > 0 ? "changeStopped" : "ok";
  },
});

function both({ evidence: before }: Snapshot, { evidence: after }: Snapshot): [Evidence, Evidence] | undefined {
  return before === undefined || after === undefined ? undefined : [before, after];
}

/** The document with the people whom the identity provider names in its groups, where it was asked and answered. */
function asFound({ document, groups }: Evidence): EnvironmentDocument {
  const found = Object.entries(document.groups).map(([key, group]): [string, EnvironmentDocument["groups"][string]] => {
    const people = groups[key]?.people ?? null;
    return [
      key,
      people === null
        ? group
        : {
            ...group,
            members: people
              .filter(({ active }) => active)
              .map(({ login }) => login)
              .sort(compareText),
          },
    ];
  });
  return { ...document, groups: Object.fromEntries(found) };
}

/** What nobody declared and reaches the environment is access as well. */
function withUndeclared(change: AccessChange, before: Evidence, after: Evidence): AccessChange {
  const [was, is] = [undeclared(before), undeclared(after)];
  const came = is.filter((binding) => !was.includes(binding)).map((binding) => `${binding}: undeclared, and new in the cluster.`);
  const went = was.filter((binding) => !is.includes(binding)).map((binding) => `${binding}: undeclared, and gone from the cluster.`);
  return {
    ...change,
    headline: [
      ...came,
      ...went,
      ...(came.length > 0 ? change.headline.filter((line) => !line.startsWith("Nobody's access changes")) : change.headline),
    ],
    findings: [...change.findings, ...came.map((text) => ({ kind: "widen" as const, text }))],
    accessObjects: [...change.accessObjects, ...came, ...went],
  };
}

/** `ClusterRoleBinding somebody-else: Group okta:Others as ClusterRole k10-admin`, for each subject. */
function undeclared({ cluster }: Evidence): string[] {
  return cluster.bindings
    .filter(({ declared }) => !declared)
    .flatMap(({ kind, name, namespace, workspace, roleRef, subjects }) => {
      const place = namespace ?? workspace;
      return subjects.map(
        (subject) =>
          `${kind} ${place === undefined ? "" : `${place}/`}${name}: ${subject.kind} ${subject.name} as ${roleRef.kind} ${roleRef.name}`,
      );
    })
    .sort(compareText);
}
