import assert from "node:assert/strict";
import { test } from "node:test";
import { prove } from "../../lab/story/demo/proofs";
import { scenarios } from "../../lab/story/scenarios";
import { trustClients } from "../../lab/story/session";
import { openLab, up } from "./support";

/** Stacks whose proofs are part of a file of their own here. */
const elsewhere = [
  "lab-k10-okta",
  "lab-k10-entra",
  "lab-k10-keycloak",
  "lab-openunison-keycloak",
  "lab-kubesphere4-keycloak",
  "lab-apiserver-keycloak",
  "lab-k10-external",
];

for (const { stack } of scenarios.filter((scenario) => !elsewhere.includes(scenario.stack))) {
  test(`${stack}: people have exactly the rights that were written down, a second update changes nothing, and it can be destroyed`, async () => {
    const lab = await openLab(stack);
    try {
      await up(lab);
      const document = await lab.document();
      const { results } = await prove(lab, document, { trusted: trustClients(lab, document) });
      assert.deepEqual(
        results.filter((result) => !result.holds),
        [],
      );
      assert.ok(results.length >= lab.scenario.proofs.length + lab.scenario.refused.length);
      await up(lab, "--expect-no-changes");
      await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
    } finally {
      await lab.stop();
    }
  });
}
