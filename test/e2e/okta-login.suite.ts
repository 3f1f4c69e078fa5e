import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Lab } from "../../lab/story/session";
import { ended, gatehouse, login } from "./login";
import { configure, kube, up } from "./support";

export function oktaLogin(shared: () => Lab): void {
  let lab: Lab;
  let secretFile: string;

  before(async () => {
    lab = shared();
    configure(lab, ["gatehouse:idp", "diagnosticRedirect"], true);
    assert.match(await up(lab), /diagnosticRedirect: programs on a person's own machine can receive sign-ins of these apps/);
    const { namespace = "", name = "" } = (await lab.document()).platforms["k10"]?.secret ?? {};
    const { body } = await kube(lab, "GET", `/api/v1/namespaces/${namespace}/secrets/${name}`);
    secretFile = join(lab.stateDir, "client-secret");
    writeFileSync(secretFile, Buffer.from((body as { data: Record<string, string> }).data["client-secret"] ?? "", "base64"), {
      mode: 0o600,
    });
  });

  test("a thin ID token is judged with the groups of the userinfo endpoint", async () => {
    const { status, stderr, verdict } = await login(lab, "omar@example.com", ["--client-secret-file", secretFile]);
    assert.equal(status, 0, stderr);
    assert.deepEqual((verdict["identity"] as { groups: string[] }).groups, ["okta:Kasten Operators"]);
    assert.deepEqual(
      (verdict["grants"] as { role: string }[]).map(({ role }) => role),
      ["basic"],
    );
  });

  test("who is assigned to nothing is refused by Okta, and the remedy is named", async () => {
    const { status, stderr, verdict } = await login(lab, "nils@example.com", ["--client-secret-file", secretFile]);
    assert.equal(status, 1, stderr);
    assert.deepEqual([verdict["outcome"], verdict["code"]], ["undecided", "sign_in_refused"]);
    assert.match(stderr, /access_denied: .* add them to a group that holds a grant/);
  });

  test("a wrong secret is refused by the token endpoint, one that is not given by the command", async () => {
    const wrong = join(lab.stateDir, "wrong-secret");
    writeFileSync(wrong, "not-the-secret");
    const refused = await login(lab, "omar@example.com", ["--client-secret-file", wrong]);
    assert.deepEqual([refused.status, refused.verdict["code"]], [1, "client_refused"]);

    const none = await ended(gatehouse(lab, ["login", "--env", join(lab.stateDir, "environment.json"), "--no-open"]));
    assert.equal(none.status, 64);
    assert.match(none.stderr, /Expected --client-secret-file, since the client of 'Kasten K10' authenticates with its secret, got none/);
  });
}
