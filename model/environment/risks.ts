import { grantedGroups } from "../access/grants";
import { identityProviderFacts, identityProviderOf } from "../identity-providers";
import { platformOf } from "../platforms";
import { compareText } from "../text/stable-order";
import { reachRisks } from "./grant-reach";
import type { Environment } from "./schema";

/** Sentences about every dangerous choice that an environment writes out, and about what does not hold any more. */
export function environmentRisks(environment: Environment): string[] {
  return [
    ...identityProviderOf(environment.idp).risks(environment.idp),
    ...Object.entries(environment.platforms)
      .sort(([left], [right]) => compareText(left, right))
      .flatMap(([name, spec]) => [
        ...platformOf(spec)
          .risks(spec)
          .map((risk) => `${name}: ${risk}`),
        ...reachRisks(environment, name).map((risk) => `${name}: ${risk}`),
        ...withoutGrants(name, spec),
        ...moreGroupsThanATokenCarries(environment, name, spec),
      ]),
  ];
}

type Platform = Environment["platforms"][string];

function withoutGrants(name: string, spec: Platform): string[] {
  return spec.access.length === 0 ? [`${name}: no grant is left, nobody can sign in.`] : [];
}

function moreGroupsThanATokenCarries({ idp }: Environment, name: string, spec: Platform): string[] {
  const { title, groupLimit } = identityProviderFacts(idp).capabilities;
  const granted = grantedGroups(spec).length;
  return groupLimit === undefined || granted <= groupLimit.count
    ? []
    : [
        `${name}: ${granted} groups hold grants, and a token of ${title} carries at most ${groupLimit.count}: of people in more, ` +
          `${groupLimit.above === "overage" ? "it carries none" : "it leaves groups out without a sign"}.`,
      ];
}
