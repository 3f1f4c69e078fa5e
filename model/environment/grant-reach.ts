import { cheapestMitigation, mitigationText, reachOf, reachWords, type HeldRule, type ReachFinding, type Scene } from "../access/reach";
import { builtInRules } from "../access/rules";
import { platformOf, type GrantSpec } from "../platforms";
import type { Environment } from "./schema";

/** What is within reach of a grant beyond what its role says, in sentences, and the cheapest way to close it. */
export interface GrantReach {
  readonly sentences: readonly string[];
  readonly everything: boolean;
  /** Set where everything is within reach, and the role does not say so itself. */
  readonly mitigation?: string;
}

/**
 * Derives what a grant leads to from the rules of the roles that it binds and the service accounts that the environment's platforms
 * bring. Roles whose rules are not known add nothing: `gatehouse can-i --kubeconfig` reads them from the cluster.
 */
export function grantReach(environment: Pick<Environment, "platforms">, platform: string, grant: GrantSpec): GrantReach {
  const spec = environment.platforms[platform];
  if (spec === undefined) {
    return { sentences: [], everything: false };
  }
  const definition = platformOf(spec);
  const held = definition.bindings(spec, grant).flatMap(({ roleRef, namespace }): HeldRule[] => {
    const rules = definition.roleRules?.(spec, roleRef) ?? (roleRef.kind === "ClusterRole" ? builtInRules(roleRef.name) : undefined) ?? [];
    return rules.map((rule) => ({ rule, ...(namespace !== undefined && { place: namespace }) }));
  });
  const scene = sceneOf(environment);
  const findings = reachOf(held, scene);
  // A role that says itself that it may do anything needs no second sentence.
  const told = findings.filter(({ code }) => code !== "everything");
  const mitigation = cheapestMitigation(told);
  return {
    sentences: reachWords(told, scene),
    everything: findings.some(({ everything }: ReachFinding) => everything),
    ...(mitigation !== undefined && { mitigation: mitigationText(mitigation) }),
  };
}

function sceneOf({ platforms }: Pick<Environment, "platforms">): Scene {
  const specs = Object.values(platforms);
  return {
    accounts: specs.flatMap((spec) => platformOf(spec).accounts?.(spec) ?? []),
    platforms: specs.flatMap((spec) => {
      const installed = platformOf(spec).installs(spec);
      return installed === undefined ? [] : [{ namespace: installed.namespace, title: platformOf(spec).capabilities.title }];
    }),
  };
}

/** One sentence for each role of a platform through which its holders reach everything, with what would close it. */
export function reachRisks(environment: Pick<Environment, "platforms">, platform: string): string[] {
  const grants = environment.platforms[platform]?.access ?? [];
  return [
    ...new Set(
      grants.flatMap((grant) => {
        const { sentences, mitigation } = grantReach(environment, platform, grant);
        return mitigation === undefined ? [] : [`${grant.role} ${(sentences[0] ?? "").replace(/^R/, "r")} ${mitigation}`];
      }),
    ),
  ];
}
