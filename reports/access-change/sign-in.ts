import { compareText, type EnvironmentDocument } from "../../model";
import { platformNames, type Decider } from "./facts";
import type { FactChange } from "./types";

type Document = EnvironmentDocument;
type Fact = NonNullable<Document["identityProvider"]["signIn"]>[number];

/** A change of what decides how hard a sign-in is, and whether it makes it easier or lets more people decide about it. */
export interface SignInChange extends FactChange {
  readonly weakens: boolean;
}

/** Changes of the facts about signing in. A document of an earlier version has none, which is no change. */
export function signInChanges(before: Document | undefined, after: Document): SignInChange[] {
  const ofPlatforms = platformNames(before, after).flatMap((platform) => {
    const [old, now] = [before?.platforms[platform], after.platforms[platform]];
    return old === undefined || now === undefined ? [] : factChanges(platform, old.signIn, now.signIn);
  });
  return [
    ...factChanges(null, before?.identityProvider.signIn, after.identityProvider.signIn),
    ...(before === undefined ? [] : protectionChange(before, after)),
    ...ofPlatforms,
  ];
}

/** Who may change the bindings by hand decides about every grant. */
function protectionChange({ bindingsKeptFor: before }: Document, { bindingsKeptFor: after }: Document): SignInChange[] {
  const names = (kept: typeof before): string[] => (kept === undefined ? [] : [...kept.deployers, `group ${kept.breakGlassGroup}`]);
  const text = (kept: typeof before): string => (kept === undefined ? "whoever may change bindings" : names(kept).join(", "));
  const weaker = before !== undefined && (after === undefined || names(after).some((name) => !names(before).includes(name)));
  return text(before) === text(after)
    ? []
    : [{ platform: null, what: "who may change the environment's bindings", before: text(before), after: text(after), weakens: weaker }];
}

function factChanges(platform: string | null, before: readonly Fact[] | undefined, after: readonly Fact[] | undefined): SignInChange[] {
  if (before === undefined || after === undefined) {
    return [];
  }
  const names = [...new Set([...before, ...after].map(({ what }) => what))].sort(compareText);
  return names.flatMap((what) => {
    const [old, now] = [before.find((fact) => fact.what === what), after.find((fact) => fact.what === what)];
    const [was, is] = [textOf(old), textOf(now)];
    return was === is ? [] : [{ platform, what, before: was, after: is, weakens: weakens(old, now) }];
  });
}

function textOf(fact: Fact | undefined): string | null {
  if (fact === undefined) {
    return null;
  }
  return typeof fact.value === "string" ? fact.value : fact.value.join(", ") || (fact.narrows === true ? "none" : "nobody");
}

function weakens(before: Fact | undefined, after: Fact | undefined): boolean {
  if (Array.isArray(after?.value)) {
    const now = after.value;
    if (after.narrows === true) {
      return namesOf(before).some((name) => !now.includes(name));
    }
    const known = Array.isArray(before?.value) ? before.value : [];
    return now.some((name) => !known.includes(name));
  }
  // What cannot be compared may be weaker; that must not pass for nothing.
  return before?.strictness === undefined || after?.strictness === undefined || after.strictness < before.strictness;
}

/** A document of an earlier version wrote a list that narrows as one text. */
function namesOf(fact: Fact | undefined): readonly string[] {
  if (fact === undefined || fact.value === "none") {
    return [];
  }
  return Array.isArray(fact.value) ? fact.value : fact.value.split(", ");
}

/** Whoever can weaken sign-in can become an administrator: each weakening is told as one that decides about administration. */
export function signInDeciders(changes: readonly SignInChange[], administered: (platform: string | null) => boolean): Decider[] {
  return changes
    .filter(({ weakens: weaker }) => weaker)
    .map(({ platform, what, before, after }) => ({
      platform: platform ?? "",
      administers: administered(platform),
      text: `Sign-in${platform === null ? "" : ` to '${platform}'`} is weakened, or decided by others: ${what}: ${before ?? "none"} -> ${after ?? "none"}.`,
    }));
}
