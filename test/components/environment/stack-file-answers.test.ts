/** Settings of the stack file that a policy rule asks for, and what they become: an owner on bindings, PKCE by platform, groups that few may change. */
import { deployEnvironment } from "../../../components/environment/deploy";
import { programScope } from "../../../components/scope";
import { InvalidEnvironmentError, parseEnvironment } from "../../../model";
import { only, settled, simulate, type Registered } from "../harness";
import { fixture, organisation } from "./world";

const today = "2026-11-29";

interface Written {
  idp: Record<string, unknown>;
  groups: Record<string, unknown>;
  platforms: Record<string, Record<string, unknown> & { access: Record<string, unknown>[] }>;
}

async function deployed(name: string, change: (written: Written) => void) {
  const written = structuredClone(fixture(name)) as Written;
  change(written);
  const { environment } = parseEnvironment(written, today);
  const simulation = await simulate(() => deployEnvironment({ environment, scope: programScope, stack: "lab", today }), {
    call: organisation,
  });
  await settled(simulation.result);
  return simulation;
}

const ownersOf = (resources: readonly Registered[]): Record<string, unknown> =>
  Object.fromEntries(
    resources
      .filter(({ type }) => type.endsWith("RoleBinding"))
      .map(({ name, inputs }) => [
        name,
        (inputs as { metadata: { annotations: Record<string, string> } }).metadata.annotations["gatehouse.dev/owner"],
      ]),
  );

const k10 = ({ platforms }: Written): Written["platforms"][string] => platforms["k10"] ?? { access: [] };

test("the platform's owner stands on each binding, a grant's own in its place, two beside each other", async () => {
  const { resources } = await deployed("okta-kasten", (written) => {
    k10(written)["owner"] = "Platform team";
    const basic = k10(written).access.find(({ role }) => role === "basic");
    k10(written).access.push({ ...basic, group: "auditors", owner: "shop@example.com" });
  });
  const owners = ownersOf(resources);
  expect(owners["k10-access-k10-admin"]).toBe("Platform team");
  expect(Object.entries(owners).filter(([name]) => name.includes("-basic-in-"))).not.toHaveLength(0);
  for (const [name, owner] of Object.entries(owners)) {
    expect([name, owner]).toEqual([name, name.includes("-basic-in-") ? "Platform team; shop@example.com" : "Platform team"]);
  }
});

test("without an owner no binding changes", async () => {
  const { resources } = await deployed("okta-kasten", () => undefined);
  expect(new Set(Object.values(ownersOf(resources)))).toEqual(new Set([undefined]));
});

test.each(["a; b", " ana", "ana\nomar", ""])("an owner that an annotation could not hold is refused: %j", async (owner) => {
  await expect(deployed("okta-kasten", (written) => (k10(written)["owner"] = owner))).rejects.toThrow(InvalidEnvironmentError);
});

test("the platform that sends a code challenge has a client that requires it, at Okta too", async () => {
  const simulation = await deployed("okta-kasten", (written) => {
    k10(written)["chart"] = { version: "9.0.701" };
    k10(written)["requirePkce"] = true;
  });
  expect(only(simulation, "okta:app/oAuth:OAuth").inputs["pkceRequired"]).toBe(true);
  const { values } = only(simulation, "kubernetes:helm.sh/v3:Release").inputs as {
    values: { auth: { oidcAuth: { pkceRequired: unknown } } };
  };
  expect(values.auth.oidcAuth.pkceRequired).toBe(true);
});

test("a chart that sends none is refused with it, before a person is locked out", async () => {
  await expect(deployed("okta-kasten", (written) => (k10(written)["requirePkce"] = true))).rejects.toThrow(
    "requirePkce: expected charts from 9.0.0 on, which know auth.oidcAuth.pkceRequired",
  );
});
