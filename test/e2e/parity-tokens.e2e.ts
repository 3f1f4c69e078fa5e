/** The verifier against a real API server: tokens over some fifty configurations. `npm run parity -- --tokens 6000` asks more. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startServer } from "../../bench/parity/server";
import { tokens } from "../../bench/parity/tokens";
import { attacks } from "../../bench/parity/tokens/attacks";
import { ensureToolchain } from "../../lab/machine/toolchain";

test("the table of attacks and 600 tokens: verdict, username, groups, uid and extra are those of the API server", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-parity-"));
  const toolchain = await ensureToolchain(["etcd", "kube-apiserver", "kube-controller-manager"], () => undefined);
  const lines: string[] = [];
  try {
    const { agreement } = await tokens.run({
      count: 600,
      seed: 20261128,
      folder,
      say: (line) => void lines.push(line),
      startServer: (options) => startServer({ ...options, folder, toolchain }),
    });
    assert.deepEqual(
      lines.filter((line) => line.startsWith("DISAGREE")),
      [],
    );
    assert.equal(agreement["verdict"]?.of, attacks.length + 600);
    const accepted = agreement["username"]?.of ?? 0;
    assert.ok(accepted > 120 && accepted < 480, `${accepted} accepted by both`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
