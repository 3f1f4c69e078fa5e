/** Stacks of one kind of identity provider come one after the other on the same machines: each ends with its own destruction. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { scenarios } from "../../lab/story/scenarios";
import { nextStack, projectFolder } from "../../lab/story/session";
import { onLab } from "./shared-lab";
import { openLab, proved, proveStack } from "./support";

/** Stacks whose proofs are part of a file of their own here. */
const elsewhere = [
  "lab-k10-okta",
  "lab-k10-entra",
  "lab-k10-keycloak",
  "lab-openunison-keycloak",
  "lab-kubesphere4-keycloak",
  "lab-apiserver-keycloak",
  "lab-k10-external",
  "lab-kubesphere3-okta",
  "lab-kubesphere4-okta",
];

function kindOf(stack: string): string {
  const { config } = parse(readFileSync(join(projectFolder, `stacks/Pulumi.${stack}.yaml`), "utf8")) as {
    config: { "gatehouse:idp": { kind: string } };
  };
  return config["gatehouse:idp"].kind;
}

const stacks = scenarios.map(({ stack }) => stack).filter((stack) => !elsewhere.includes(stack));

for (const kind of new Set(stacks.map(kindOf))) {
  const [first = "", ...followedBy] = stacks.filter((stack) => kindOf(stack) === kind);
  onLab(
    kind,
    () => openLab(first, { followedBy }),
    (shared) => {
      test(proved(first), () => proveStack(shared()));
      for (const stack of followedBy) {
        test(proved(stack), async () => {
          await proveStack(await nextStack(shared(), stack));
        });
      }
    },
  );
}
