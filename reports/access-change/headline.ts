import { compareText } from "../../model";
import type { AccessFacts } from "./";
import type { Decider } from "./facts";
import type { AccessLine, EndChange, Finding } from "./types";

/** Names that are still read; more are counted. */
const namesShown = 5;

/** The change in sentences that a reviewer can act on: what widens first, then what ends, then what surrounds it. */
export function headlines(
  stack: string,
  facts: AccessFacts & { readonly deciders: readonly Decider[] },
  findings: readonly Finding[],
): string[] {
  const broken = (facts.policies ?? []).filter(({ level }) => level === "mandatory").length;
  const lines = [
    ...(broken === 0 ? [] : [`${count(broken, "mandatory rule is", "mandatory rules are")} broken: the update would be refused.`]),
    ...facts.deciders.map(({ text }) => text),
    ...facts.accessObjects,
    ...accessSentences(facts.gains, "gains", "gain", stack),
    ...endSentences(facts.ends, stack),
    ...accessSentences(facts.losses, "loses", "lose", stack),
    ...facts.platforms.added.map((platform) => `Platform '${platform}' is added.`),
    ...facts.platforms.removed.map((platform) => `Platform '${platform}' is removed.`),
    ...counted(facts.risks.added.length, "dangerous choice is newly written out", "dangerous choices are newly written out"),
    ...counted(facts.redirectUris.filter(({ after }) => after !== null).length, "redirect URI is added", "redirect URIs are added"),
    ...counted(
      facts.redirectUris.filter(({ after }) => after === null).length,
      "redirect URI is taken away",
      "redirect URIs are taken away",
    ),
    ...counted(facts.claims.length, "thing about the tokens changes", "things about the tokens change"),
    ...counted(facts.signIn.length, "thing about signing in changes", "things about signing in change"),
    ...counted(facts.secrets.length, "change to client secrets", "changes to client secrets"),
    ...counted(facts.charts.length, "change to charts", "changes to charts"),
    ...counted(
      findings.filter(({ kind }) => kind === "destroy").length,
      "resource is deleted or replaced",
      "resources are deleted or replaced",
    ),
    ...counted(facts.missedReviews.length, "grant stays although its review was missed", "grants stay although their reviews were missed"),
    ...counted(facts.unknown.length, "thing is not known until up", "things are not known until up"),
  ];
  if (facts.gains.length + facts.losses.length + facts.ends.length > 0) {
    return lines;
  }
  // The same grants mean other people when what decides about a token's identity changes, or what they reach goes away.
  const open =
    facts.deciders.length +
    facts.claims.length +
    facts.signIn.length +
    facts.charts.length +
    facts.accessObjects.length +
    facts.risks.added.length +
    findings.filter(({ kind }) => kind === "destroy").length;
  return [open === 0 ? `Nobody's access changes in ${stack}.` : `No grant changes in ${stack}; what else changes is below.`, ...lines];
}

/** One sentence a platform and role: `2 people gain administration of Kasten K10 (k10) in production: ana, nils.` */
function accessSentences(lines: readonly AccessLine[], one: string, many: string, stack: string): string[] {
  return grouped(lines, (line) => [line.platform, line.role, endKey(line)].join("\n"))
    .flatMap(byPlaces)
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) {
        return [];
      }
      const end = one === "loses" ? "" : first.until === null ? ", without an end" : `, until ${first.until}`;
      return sentences(same, one, many, `${roleText(first)} in ${stack}${placesText(same)}${end}`);
    });
}

const endVerbs = {
  permanent: ["keeps for good", "keep for good"],
  temporary: ["keeps only until its new last day", "keep only until its new last day"],
  longer: ["keeps longer", "keep longer"],
  shorter: ["keeps a shorter time", "keep a shorter time"],
} as const;

function endSentences(ends: readonly EndChange[], stack: string): string[] {
  const alike = grouped(ends, (line) => [line.platform, line.role, line.becomes, line.until ?? "", line.before ?? ""].join("\n"));
  return alike.flatMap(byPlaces).flatMap((same) => {
    const [first] = same;
    if (first === undefined) {
      return [];
    }
    const [one, many] = endVerbs[first.becomes];
    const was = `was ${first.before === null ? "without an end" : `until ${first.before}`}`;
    const is = first.until === null ? "" : `until ${first.until}, `;
    return sentences(same, one, many, `${roleText(first)} in ${stack}${placesText(same)} (${is}${was})`);
  });
}

/** People are counted and named; groups that are not expanded are named as groups. */
function sentences(lines: readonly AccessLine[], one: string, many: string, rest: string): string[] {
  const names = (kind: AccessLine["holder"]["kind"]): string[] =>
    [...new Set(lines.filter(({ holder }) => holder.kind === kind).map(({ holder }) => holder.name))].sort(compareText);
  const [people, groups] = [names("person"), names("group")];
  return [
    ...(people.length === 0
      ? []
      : [`${count(people.length, "person", "people")} ${people.length === 1 ? one : many} ${rest}: ${listed(people)}.`]),
    ...groups.map((group) => {
      const note = lines.find(({ holder }) => holder.kind === "group" && holder.name === group)?.note;
      return `Everybody in group '${group}', whose members are managed elsewhere${note ? ` (${note})` : ""}, ${one} ${rest}.`;
    }),
  ];
}

function roleText({ administers, platform, platformTitle, role }: AccessLine): string {
  return administers ? `administration (${role}) of ${platformTitle} '${platform}'` : `'${role}' of ${platformTitle} '${platform}'`;
}

function placesText(lines: readonly AccessLine[]): string {
  const places = placesOf(lines);
  return places.includes("everywhere") ? "" : ` (${listed(places)})`;
}

function placesOf(lines: readonly AccessLine[]): string[] {
  return [...new Set(lines.map(({ place }) => place))].sort(compareText);
}

/** Holders that share a sentence have the same places: what one of them has in one place must not be said of another. */
function byPlaces<Line extends AccessLine>(lines: readonly Line[]): Line[][] {
  const holders = grouped(lines, ({ holder }) => `${holder.kind}\n${holder.name}`);
  return grouped(holders, (own) => placesOf(own).join("\n")).map((sharing) => sharing.flat());
}

function endKey({ until }: AccessLine): string {
  return until ?? "";
}

function grouped<Line>(lines: readonly Line[], keyOf: (line: Line) => string): Line[][] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  }
  return [...groups.values()];
}

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(", ")} and ${more} more` : names.join(", ");
}

function counted(number: number, one: string, many: string): string[] {
  return number === 0 ? [] : [`${count(number, one, many)}.`];
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
