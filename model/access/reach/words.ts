import { compareText } from "../../text/stable-order";
import type { ReachFinding, Scene } from "./reach";
import type { Guard, WayCode } from "./ways";

/**
 * What rights lead to, in sentences for the access matrix, `permits`, the risks and the report: one for everything that is within
 * reach, or else one for each way that is worth telling. Empty where rights lead to nothing more than they say.
 */
export function reachWords(findings: readonly ReachFinding[], scene: Scene): string[] {
  if (findings.some(({ code }) => code === "everything")) {
    return ["Does anything in the whole cluster."];
  }
  const winning = findings.filter(({ everything }) => everything);
  if (winning.length === 0) {
    return findings
      .filter(({ accounts, code }) => accounts.length > 0 || namedAlways.has(code))
      .map((finding) => otherText(finding, scene));
  }
  // A namespace says more than the whole cluster, so it comes first.
  const places = [...new Set(winning.map(({ place }) => place))].sort((left, right) => compareText(left ?? "~", right ?? "~"));
  const parts = places.map((place) => {
    const here = winning.filter((finding) => finding.place === place);
    const ways = howTexts(here).join(", or ");
    const account = here.flatMap(({ accounts }) => accounts)[0];
    return `${place === undefined ? "" : `in ${place} `}they may ${ways}${account === undefined ? "" : `, and so be ${account}`}`;
  });
  const why = winning.find(({ by }) => by.length > 0)?.by.at(-1);
  return [`Reaches everything in the cluster: ${parts.join("; or ")}${why === undefined ? "" : `; ${why}`}.`];
}

/** Ways that are worth a sentence although nothing follows on. */
const namedAlways: ReadonlySet<string> = new Set(["validating-policy", "api-service", "host-files", "sign-in-settings", "impersonate-for"]);

/** Each way once, with everything that opens it. */
function howTexts(findings: readonly ReachFinding[]): string[] {
  const ways = new Map<string, string[]>();
  for (const { code, rights } of findings) {
    const how = phrases[code] ?? rights.join(" and ");
    ways.set(how, [...(ways.get(how) ?? []), rights.join(" and ")]);
  }
  return [...ways].map(([how, rights]) => (rights.includes(how) ? how : `${how} (${rights.join("; ")})`));
}

const phrases: Partial<Record<WayCode, string>> = {
  "token-secret": "make a token Secret and read it",
  "account-token": "create tokens of service accounts",
  "run-pod": "run pods under another service account",
  "enter-pod": "enter pods that are there",
  "read-secrets": "read Secrets",
  kanister: "run commands by a Kanister blueprint",
  "impersonate-for": "act as others for some requests",
};

function otherText(finding: ReachFinding, { platforms = [] }: Scene): string {
  const place = finding.place === undefined ? "" : ` in ${finding.place}`;
  if (finding.code === "sign-in-settings") {
    const title = platforms.find(({ namespace }) => namespace === finding.place)?.title;
    return `Can change how ${title ?? "platforms"} signs people in (${finding.rights.join(", ")}${place}).`;
  }
  const accounts = finding.accounts.length === 0 ? "" : `, and so be ${finding.accounts.slice(0, 3).join(", ")}`;
  return `May ${howTexts([finding]).join("")}${place}${accounts}.`;
}

/** What keeps everything out of reach. */
export interface Mitigation {
  /** The fewest rights that close every way when they are taken out of the role: `create secrets in kasten-io`. */
  readonly remove: readonly string[];
  /** What closes the same ways where the role cannot be changed. */
  readonly guards: readonly Guard[];
}

/** The cheapest way to keep everything out of reach; undefined where it is not within reach. */
export function cheapestMitigation(findings: readonly ReachFinding[]): Mitigation | undefined {
  const winning = findings.filter(({ everything }) => everything);
  if (winning.length === 0) {
    return undefined;
  }
  const remove: string[] = [];
  let open = winning;
  while (open.length > 0) {
    const counts = new Map<string, number>();
    open.flatMap(rightsIn).forEach((right) => counts.set(right, (counts.get(right) ?? 0) + 1));
    // Of two that close as many, the one that reads is the dearer: people need it to see what there is.
    const [best] = [...counts].sort(
      ([left, many], [right, more]) => more - many || Number(readsOnly(left)) - Number(readsOnly(right)) || compareText(left, right),
    );
    if (best === undefined) {
      break;
    }
    remove.push(best[0]);
    open = open.filter((finding) => !rightsIn(finding).includes(best[0]));
  }
  const guards = new Map(winning.map(({ guard }) => ["refuse" in guard ? guard.refuse : guard.instead, guard]));
  return {
    remove: remove.sort(compareText),
    guards: [...guards].sort(([left], [right]) => compareText(left, right)).map(([, guard]) => guard),
  };
}

function rightsIn({ rights, place }: ReachFinding): string[] {
  return rights.map((right) => `${right}${place === undefined ? "" : ` in ${place}`}`);
}

function readsOnly(right: string): boolean {
  return /^(get|list|watch|\/)+ /.test(right);
}

/** `Cheapest: take create secrets in kasten-io out of the role; or ….` One right is cheaper than a policy, a policy than several rights. */
export function mitigationText({ remove, guards }: Mitigation): string {
  const refused = guards.flatMap((guard) => ("refuse" in guard ? [guard.refuse] : []));
  const instead = guards.flatMap((guard) => ("instead" in guard ? [guard.instead] : []));
  const role = `take ${listed(remove, "and")} out of the role`;
  const policy = [
    ...(refused.length === 0 ? [] : [`an admission policy that refuses ${listed(refused, "and")} from anybody but the platform itself`]),
    ...instead,
  ];
  return `Cheapest: ${(remove.length === 1 ? [role, listed(policy, "and")] : [listed(policy, "and"), role]).join("; or ")}.`;
}

function listed(values: readonly string[], word: string): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} ${word} ${values.at(-1) ?? ""}`;
}
