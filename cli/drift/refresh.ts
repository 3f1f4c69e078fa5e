import { compareText, type EnvironmentDocument } from "../../model";
import { errorText, isStack, nameOf, operationOf, typeOf, type EngineDigest } from "../engine";
import type { DriftFinding } from "./types";

type Step = NonNullable<EngineDigest["steps"]>[number];

/** What a refresh saw, and what it could not look at. */
export interface RefreshDrift {
  readonly findings: readonly DriftFinding[];
  /** Errors that are no sign of drift: the refresh says nothing then. */
  readonly failures: readonly string[];
}

/** Bindings are compared with the document itself, which says more. */
const comparedElsewhere = /:(Cluster)?RoleBinding$/;

/** Reads a refresh that changed nothing (`pulumi refresh --preview-only --json`). Pure. */
export function refreshDrift(digest: EngineDigest, document: EnvironmentDocument | undefined): RefreshDrift {
  const errors = (digest.diagnostics ?? []).filter(
    ({ severity, message }) => severity === "error" && !/^(error: )?(preview|refresh) failed\s*$/i.test(message.trim()),
  );
  const gone = errors.filter(({ urn, message }) => typeof urn === "string" && /\b404\b|not ?found/i.test(message));
  const steps = (digest.steps ?? []).filter(({ urn }) => !isStack(urn) && !comparedElsewhere.test(typeOf(urn)));
  const findings = [
    // An update that could not delete the old one leaves two of a URN, which is one thing to mend.
    ...[...new Set(gone.flatMap(({ urn }) => (typeof urn === "string" ? [urn] : [])))].map(goneFinding),
    ...steps.filter(({ urn }) => !gone.some((error) => error.urn === urn)).flatMap((step) => stepFinding(step, document)),
  ];
  return {
    findings: findings.sort((left, right) => compareText(`${left.kind}\n${left.what}`, `${right.kind}\n${right.what}`)),
    failures: errors.filter((error) => !gone.includes(error)).map(({ message }) => errorText(message)),
  };
}

/**
 * Some providers take a missing object for an error instead of for gone (Okta's apps: docs/traps.md), when it is read and when it is
 * deleted. Plain `pulumi state delete` is refused while other resources depend on it, with --target-dependents it forgets things that are
 * there, and a replacement ends with the old one pending deletion. Under another name it is nobody's: the update makes a new one and
 * points the others at it, and then nothing depends on the old one (seen with pulumi 3.230.0).
 */
function goneFinding(urn: string): DriftFinding {
  const gone = `${urn}-gone`;
  const commands = [
    `pulumi state rename '${urn}' '${nameOf(urn)}-gone' --yes`,
    `pulumi up --exclude '${gone}'`,
    `pulumi state delete '${gone}' --yes`,
  ];
  return {
    kind: "deleted-outside",
    what: `${typeOf(urn)} ${nameOf(urn)}`,
    detail: "it was deleted outside, and its provider cannot refresh without it: every refresh fails",
    fix: `run \`${commands.join(" && ")}\`: the update makes it anew and points the others at it, and the state then forgets the one that is gone. If an earlier \`--replace\` left two of that URN, run \`pulumi state delete '${urn}'\` in a terminal and choose the one pending deletion.`,
  };
}

function stepFinding(step: Step, document: EnvironmentDocument | undefined): DriftFinding[] {
  const what = `${typeOf(step.urn)} ${nameOf(step.urn)}`;
  const up = "run `pulumi up --refresh`: it restores what the stack declares.";
  switch (operationOf(step.op)) {
    case "delete":
      return [{ kind: "deleted-outside", what, detail: "it is not there any more", fix: up }];
    case "update":
    case "replace":
      return [membersFinding(step, document) ?? { kind: "changed", what, detail: changedProperties(step), fix: up }];
    default:
      return [];
  }
}

function changedProperties({ detailedDiff, diffReasons }: Step): string {
  const paths = [...new Set([...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? [])])].sort(compareText);
  // Names only: a value might be a secret.
  return paths.length === 0 ? "its outputs differ" : `changed: ${paths.join(", ")}`;
}

/** Members by sign-in name where the list that the stack sent names them; ids otherwise. */
function membersFinding(step: Step, document: EnvironmentDocument | undefined): DriftFinding | undefined {
  const key = ["users", "members"].find((name) => listOf(step.oldState, name) !== undefined && listOf(step.newState, name) !== undefined);
  if (key === undefined || !/(Memberships|:Group)$/.test(typeOf(step.urn))) {
    return undefined;
  }
  const [before, now] = [listOf(step.oldState, key) ?? [], listOf(step.newState, key) ?? []];
  const more = now.filter((id) => !before.includes(id));
  const fewer = before.filter((id) => !now.includes(id));
  if (more.length === 0 && fewer.length === 0) {
    return undefined;
  }
  const names = namesById(step, document, key);
  const named = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? id).join(", ");
  const group = groupOf(step, document);
  const details = [
    ...(more.length === 0 ? [] : [`${named(more)} ${more.length === 1 ? "was" : "were"} put in by others`]),
    ...(fewer.length === 0 ? [] : [`${named(fewer)} ${fewer.length === 1 ? "was" : "were"} taken out by others`]),
  ];
  return {
    kind: "members",
    what: `group '${group?.displayName ?? nameOf(step.urn)}'`,
    detail: details.join("; "),
    fix: "run `pulumi up --refresh`: it restores the list. If the change is wanted, write it into the stack file.",
  };
}

/** The stack sends the members' ids in the order of their sorted sign-in names. */
function namesById(step: Step, document: EnvironmentDocument | undefined, key: string): Map<string, string> {
  const ids = listOf(step.oldState, key, "inputs") ?? [];
  const logins = [...(groupOf(step, document)?.members ?? [])].sort(compareText);
  return new Map(ids.length === logins.length ? ids.map((id, position) => [id, logins[position] ?? id]) : []);
}

function groupOf(step: Step, document: EnvironmentDocument | undefined): EnvironmentDocument["groups"][string] | undefined {
  const name = nameOf(step.urn);
  return Object.entries(document?.groups ?? {}).find(([key]) => name === `groups-${key}` || name === `groups-${key}-members`)?.[1];
}

function listOf(state: Step["oldState"], key: string, from: "inputs" | "outputs" = "outputs"): string[] | undefined {
  const value: unknown = state?.[from]?.[key];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}
