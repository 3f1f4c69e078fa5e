import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { bindingTypes } from "../../policies/types";
import { program } from "../../stacks/program";
import { runToEnd } from "../components/harness";
import type { Fixture } from "./harness";

/** An object id of its own for each name, as a directory gives them. */
const objectIdOf = (name: string): string => `7a0c1f7e-5d1b-4d7b-9c1a-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
/** Kubernetes' own bindings, or those of a platform with access control of its own. */
export const anyBinding = new RegExp(String.raw`${bindingTypes.source}|^kubernetes:iam\.kubesphere\.io/.*RoleBinding$`);

/** Registers the resources of the program with a stack file's `config`, under mocks. */
export async function register(config: Readonly<Record<string, unknown>>): Promise<Fixture[]> {
  const registered: Fixture[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const props = inputs as Record<string, unknown>;
        if (!type.startsWith("gatehouse:")) {
          registered.push({ type, name, props: unwrap(props) as Record<string, unknown> });
        }
        const objectId = objectIdOf(name);
        return {
          id: objectId,
          state: { ...props, objectId, clientId: "client", clientSecret: "secret", value: "secret", result: "secret" },
        };
      },
      call: ({ inputs }) => {
        const asked = inputs as { search?: string };
        const objectId = objectIdOf(JSON.stringify(inputs));
        const found = { ...asked, id: objectId, objectId, groupId: objectId, tenantId: objectId, clientId: objectId };
        // Okta is asked for a group by a search: profile.name eq "…".
        const [, name = ""] = /"(.*)"/.exec(asked.search ?? "") ?? [];
        return { ...found, users: [], members: [], groups: [{ id: objectId, name }] };
      },
    },
    "gatehouse",
    "test",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])),
  );
  await runToEnd(program);
  return registered;
}

/** Mocked inputs carry secrets as envelopes; policies get them unpacked. */
export function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const envelope = value as Record<string, unknown>;
  if ("4dabf18193072939515e22adb298388d" in envelope) {
    return unwrap(envelope["value"]);
  }
  return Object.fromEntries(Object.entries(envelope).map(([key, child]) => [key, unwrap(child)]));
}
