/**
 * Updates that are ended from outside. An engine that is killed for good while Okta makes a group: the group is there, the state has not
 * heard of it. What the next update says, what `gatehouse explain` makes of it, and that its remedies lead to the stack as it was written.
 */
import assert from "node:assert/strict";
import { createServer, request as forward, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine, projectFolder, type Lab } from "../../lab/story/session";
import { explainFailures } from "../../cli/explain/failures";
import { okta, openLab, stackFileOf, up } from "./support";

interface Resource {
  readonly type: string;
  readonly urn: string;
}

let lab: Lab;
/** Between the engine and Okta: passes everything on, and keeps the answers about new groups to itself. */
let proxy: Server;
let withheld = 0;

before(async () => {
  lab = await openLab("lab-k10-okta");
  proxy = createServer((incoming, outgoing) => {
    void passOn(incoming).then((answer) => {
      if (incoming.method === "POST" && incoming.url?.endsWith("/api/v1/groups") === true) {
        withheld += 1;
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
});
after(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await lab.stop();
});

function passOn(incoming: IncomingMessage): Promise<IncomingMessage> {
  const target = new URL(lab.identityProvider.environment["OKTA_HTTP_PROXY"] ?? "");
  const { method, headers, url: path } = incoming;
  return new Promise((resolve, reject) => {
    incoming.pipe(forward({ host: target.hostname, port: target.port, method, path, headers }, resolve).once("error", reject));
  });
}

async function exported(): Promise<{ resources: Resource[]; pending: Resource[] }> {
  const { deployment } = JSON.parse((await lab.engine.run(["stack", "export"])).stdout) as {
    deployment: { resources: Resource[]; pending_operations?: { resource: Resource }[] };
  };
  return { resources: deployment.resources, pending: (deployment.pending_operations ?? []).map(({ resource }) => resource) };
}

const nameOf = ({ urn }: Resource): string => urn.split("::").at(-1) ?? "";

test("the engine is killed while Okta makes the groups: they are there, and the state does not know them", async () => {
  const { port } = proxy.address() as AddressInfo;
  const cutOff = createEngine({
    pulumi: lab.toolchain.pulumi.path,
    stack: lab.engine.stack,
    configFile: stackFileOf(lab),
    project: projectFolder,
    environment: { ...lab.variables, OKTA_HTTP_PROXY: `http://127.0.0.1:${port}` },
  });
  const child = cutOff.start(["up", "--yes", "--skip-preview"]);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr?.resume();
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  const deadline = Date.now() + 120_000;
  while (withheld < 2 || !said.includes("k10-release created")) {
    assert.ok(Date.now() < deadline && child.exitCode === null, "the update never made both groups and the release");
    await sleep(20);
  }
  child.kill("SIGKILL");
  assert.equal(await ended, "SIGKILL");
  // Whatever else was under way at that moment is noted beside the groups: how much of it there is, the machine's speed decides.
  const pending = (await exported()).pending.map(nameOf);
  assert.deepEqual(pending.filter((name) => name.startsWith("groups-")).sort(), ["groups-backup-admins", "groups-backup-operators"]);
  assert.equal(((await okta(lab, "/groups?q=Kasten")) as unknown[]).length, 2);
});

test("the next update is locked out, the one after it meets the groups; each time the remedy is named", async () => {
  const failed = async (): Promise<ReturnType<typeof explainFailures>> => {
    const { status, stdout, stderr } = await lab.engine.run(["up", "--yes", "--skip-preview"], { accept: [1, 255] });
    assert.notEqual(status, 0);
    return explainFailures(stdout + stderr);
  };
  const [lock] = await failed();
  assert.equal(lock?.cause, "locked");
  assert.match(lock.remedy, /`pulumi cancel`/);
  await lab.engine.run(["cancel", "--yes"]);

  const met = await failed();
  // The first that is met may end the update before the other is tried.
  assert.ok(met.length > 0);
  for (const { resource, cause } of met) {
    assert.equal(cause, "exists");
    assert.match(resource, /^groups-backup-(admins|operators)$/);
  }
  assert.match(
    met[0]?.remedy ?? "",
    /`pulumi import <type token> <name> <its id> --parent parent=<URN> --protect=false --generate-code=false`/,
  );
});

test("what is there is taken in by the command that was named, or deleted; the next update converges, the one after it changes nothing", async () => {
  const [admins, operators] = await Promise.all(
    ["Kasten Admins", "Kasten Operators"].map(
      async (name) => ((await okta(lab, `/groups?q=${encodeURIComponent(name)}`)) as { id: string }[])[0],
    ),
  );
  assert.ok(admins && operators);
  const parent = (await exported()).resources.find(({ type }) => type === "gatehouse:index:OktaDirectory");
  assert.ok(parent);
  const which = ["okta:group/group:Group", "groups-backup-admins", admins.id, "--parent", `parent=${parent.urn}`];
  await lab.engine.run(["import", ...which, "--protect=false", "--generate-code=false", "--yes", "--skip-preview"]);
  await okta(lab, `/groups/${operators.id}`, "DELETE");

  await up(lab);
  // The engine warns of the interrupted operations until it is told that they are settled.
  await lab.engine.run(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  assert.deepEqual((await exported()).pending, []);
  assert.doesNotMatch(await up(lab, "--expect-no-changes"), /pending operations/);
  const groups = (await okta(lab, "/groups?q=Kasten")) as { id: string; profile: { name: string } }[];
  assert.deepEqual(groups.map(({ profile }) => profile.name).sort(), ["Kasten Admins", "Kasten Operators"]);
  assert.ok(groups.some(({ id }) => id === admins.id));
});

test("Ctrl-C in the middle of an update: it ends what is under way, notes it, and the next one goes on from there", async () => {
  await lab.engine.run(["destroy", "--yes", "--skip-preview"]);
  const interruption = new AbortController();
  const onLine = (line: string): void => {
    // The application waits for its password; the platform waits for the application.
    if (line.includes("k10-app-secret-initial created")) {
      interruption.abort();
    }
  };
  const { status } = await lab.engine.run(["up", "--yes", "--skip-preview"], {
    accept: [1, 130, 255],
    signal: interruption.signal,
    onLine,
  });
  assert.notEqual(status, 0);
  const { resources, pending } = await exported();
  assert.deepEqual(pending, []);
  assert.ok(resources.some((resource) => nameOf(resource) === "k10-app-secret-initial"));
  assert.ok(!resources.some((resource) => nameOf(resource) === "k10-release"));
  await up(lab);
  assert.equal(((await okta(lab, "/groups?q=Kasten")) as unknown[]).length, 2);
});
