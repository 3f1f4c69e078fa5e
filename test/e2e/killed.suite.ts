/**
 * Updates that are ended from outside. An engine that is killed for good while Okta makes a group: the group is there, the state has not
 * heard of it. What the next update says, what `gatehouse explain` makes of it, and that its remedies lead to the stack as it was written.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Lab } from "../../lab/story/session";
import { explainFailures } from "../../cli/explain/failures";
import { okta, up } from "./support";
import { untilWhile, withholding, type Withholding } from "./withholding";

interface Resource {
  readonly type: string;
  readonly urn: string;
}

export function killed(shared: () => Lab): void {
  let lab: Lab;
  /** Keeps the answers about new groups to itself, from the first update on: whoever waits for one is gone by then. */
  let aboutGroups: Withholding;

  before(async () => {
    lab = shared();
    aboutGroups = await withholding(lab, /\/api\/v1\/groups$/);
  });
  after(() => aboutGroups.stop());

  async function exported(): Promise<{ resources: Resource[]; pending: Resource[] }> {
    const { deployment } = JSON.parse((await lab.engine.run(["stack", "export"])).stdout) as {
      deployment: { resources: Resource[]; pending_operations?: { resource: Resource }[] };
    };
    return { resources: deployment.resources, pending: (deployment.pending_operations ?? []).map(({ resource }) => resource) };
  }

  const nameOf = ({ urn }: Resource): string => urn.split("::").at(-1) ?? "";

  interface Planned extends Resource {
    readonly parent?: string;
    readonly dependencies?: readonly string[];
  }

  /** Names of what a first update can make without hearing of the groups: whatever does not depend on one, by whichever way. */
  async function madeWithoutGroups(): Promise<string[]> {
    const { steps } = JSON.parse((await lab.engine.run(["preview", "--json"])).stdout) as { steps: { urn: string; newState: Planned }[] };
    const planned = new Map(steps.map(({ urn, newState }) => [urn, newState]));
    const waits = ({ type, urn, parent, dependencies = [] }: Planned): boolean =>
      type === "okta:group/group:Group" ||
      [...dependencies, ...(parent === undefined ? [] : [parent])].some((other) => {
        const before = planned.get(other);
        return before !== undefined && other !== urn && waits(before);
      });
    return [...planned.values()].filter((resource) => !waits(resource)).map(nameOf);
  }

  /** What the engine has noted at this moment; undefined while it puts another file in the place of its last one. */
  function noted(): { made: Set<string>; pending: string[] } | undefined {
    try {
      const file = join(lab.stateDir, "state", ".pulumi", "stacks", "gatehouse", `${lab.engine.stack}.json`);
      const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
        checkpoint: { latest?: { resources?: Resource[]; pending_operations?: { resource: Resource }[] } };
      };
      const { resources = [], pending_operations: pending = [] } = checkpoint.latest ?? {};
      return { made: new Set(resources.map(nameOf)), pending: pending.map(({ resource }) => nameOf(resource)).sort() };
    } catch {
      return undefined;
    }
  }

  const groupNames = ["groups-backup-admins", "groups-backup-operators"];

  test("the engine is killed while Okta makes the groups: they are there, and the state does not know them", async () => {
    const others = await madeWithoutGroups();
    assert.ok(others.includes("k10-release"), others.join(", "));
    const child = aboutGroups.engine.start(["up", "--yes", "--skip-preview"]);
    child.stdout?.resume();
    child.stderr?.resume();
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
    // Until nothing is left that could be under way beside the groups, however long that takes.
    await untilWhile(
      child,
      () => {
        const now = noted();
        return (
          now !== undefined &&
          aboutGroups.kept() === 2 &&
          now.pending.join() === groupNames.join() &&
          others.every((name) => now.made.has(name))
        );
      },
      "the update never made all but the groups",
    );
    child.kill("SIGKILL");
    assert.equal(await ended, "SIGKILL");
    const { pending } = await exported();
    assert.deepEqual(pending.map(nameOf).sort(), groupNames);
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

    const said = await failed();
    // Beside the groups the engine says of itself that operations are pending.
    const met = said.filter(({ cause }) => cause !== "engine");
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
    // The platform waits for the application, which Okta has made and does not say so yet.
    const aboutApps = await withholding(lab, /\/api\/v1\/apps(\?|$)/);
    const child = aboutApps.engine.start(["up", "--yes", "--skip-preview"]);
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    await untilWhile(child, () => aboutApps.kept() === 1, "the update never made the application");
    child.kill("SIGINT");
    await untilWhile(child, () => said.includes("^C received; cancelling"), `the engine never heard of it:\n${said}`);
    aboutApps.release();
    assert.notEqual(await ended, 0, said);
    aboutApps.stop();
    const { resources, pending } = await exported();
    assert.deepEqual(pending, []);
    assert.ok(resources.some((resource) => nameOf(resource) === "k10-app"));
    assert.ok(!resources.some((resource) => nameOf(resource) === "k10-release"));
    await up(lab);
    assert.equal(((await okta(lab, "/groups?q=Kasten")) as unknown[]).length, 2);
    assert.equal(((await okta(lab, "/apps?q=k10")) as unknown[]).length, 1);
  });
}
