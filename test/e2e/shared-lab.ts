/** One lab for several suites, one after the other: what a lab costs to start is paid once. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, suite } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { Lab, LabOptions } from "../../lab/story/session";
import { kube, okta, openLab, stackFileOf, up } from "./support";

/** Defines the tests of a topic on the lab that is open when they run. */
export type Suite = (shared: () => Lab) => void;

/** One lab for all that is defined: opened before the first test, ended after the last. */
export function onLab(title: string, open: () => Promise<Lab>, define: Suite): void {
  suite(title, () => {
    let lab: Lab | undefined;
    before(async () => {
      lab = await open();
    });
    after(() => lab?.stop());
    define(() => {
      assert.ok(lab !== undefined, "the lab never opened");
      return lab;
    });
  });
}

/**
 * Each suite but the last hands the lab over: its stack file as it was at first, the stack as that file says, and beside it the bindings,
 * Secrets, apps and members that were there when the first suite ended. A suite that fails does not keep the others from their turn.
 */
export function onOneLab(stack: string, suites: Readonly<Record<string, Suite>>, options: Pick<LabOptions, "auditPolicy"> = {}): void {
  let stackFile = "";
  let handedOver: object | undefined;
  const open = async (): Promise<Lab> => {
    const lab = await openLab(stack, options);
    stackFile = readFileSync(stackFileOf(lab), "utf8");
    return lab;
  };
  onLab(stack, open, (shared) => {
    const last = Object.keys(suites).at(-1);
    for (const [topic, define] of Object.entries(suites)) {
      suite(topic, () => {
        define(shared);
        after(async () => {
          if (topic !== last) {
            const now = await handOver(shared(), stackFile);
            handedOver ??= now;
            assert.deepEqual(now, handedOver, `${topic} leaves the lab otherwise than it found it`);
          }
        });
      });
    }
  });
}

/** The stack as its file says, whoever had the lab before: a suite that begins with this may also be the only one. */
export async function deployed(lab: Lab): Promise<void> {
  if (!(await isDeployed(lab))) {
    await up(lab);
  }
}

/** The outputs are there when an update has ended well, and go with the stack. */
const isDeployed = async (lab: Lab): Promise<boolean> => Object.keys(await lab.engine.outputs()).length > 0;

async function handOver(lab: Lab, stackFile: string): Promise<object> {
  const left: unknown = parse(readFileSync(stackFileOf(lab), "utf8"));
  writeFileSync(stackFileOf(lab), stackFile);
  // A suite that destroys the stack hands over an empty lab.
  if (!isDeepStrictEqual(left, parse(stackFile)) && (await isDeployed(lab))) {
    await up(lab);
  }
  return surroundings(lab);
}

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly subjects?: readonly { readonly name: string }[];
}

/** What suites touch, by names alone: a suite may make the stack again, under other ids. */
async function surroundings(lab: Lab): Promise<object> {
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const objects = async (path: string): Promise<string[]> =>
    ((await kube(lab, "GET", path)).body as { items: Named[] }).items
      .map(({ metadata, subjects = [] }) => [metadata.namespace, metadata.name, ...subjects.map(({ name }) => name)].join(" "))
      .sort();
  const apps = (await okta(lab, "/apps")) as { label: string; settings: { oauthClient?: { redirect_uris?: string[] } } }[];
  const groups = (await okta(lab, "/groups")) as { id: string; profile: { name: string } }[];
  const members = groups.map(async ({ id, profile }): Promise<string> => {
    const users = (await okta(lab, `/groups/${id}/users`)) as { profile: { login: string } }[];
    return [profile.name, ...users.map((user) => user.profile.login).sort()].join(" ");
  });
  return {
    clusterRoleBindings: await objects(`${rbac}/clusterrolebindings`),
    roleBindings: await objects(`${rbac}/rolebindings`),
    admissionPolicies: await objects("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"),
    apps: apps.map(({ label, settings }) => [label, ...(settings.oauthClient?.redirect_uris ?? [])].join(" ")).sort(),
    groups: (await Promise.all(members)).sort(),
  };
}
