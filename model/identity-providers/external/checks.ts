import type { z } from "zod";
import { addProblem, describeReceived } from "../../text/problems";
import type { Preset } from "./presets";

interface Written {
  readonly preset?: string;
  readonly issuer: string;
  readonly groups?: "none" | { readonly claim?: string };
  readonly scopes?: readonly string[];
}

/** Refuses settings that the vendor would refuse, or drop without a word. */
export function checkPreset(spec: Written, preset: Preset | undefined, context: z.core.$RefinementCtx): void {
  if (preset === undefined) {
    return;
  }
  const instead = preset.doesNotWork.join(" ");
  if (preset.issuer === null) {
    addProblem(context, ["preset"], {
      expected: "an OpenID issuer for applications",
      received: describeReceived(spec.preset, []),
      fix: instead,
    });
    return;
  }
  if (!preset.issuer.pattern.test(spec.issuer)) {
    const { pattern, example } = preset.issuer;
    const slashed = spec.issuer.endsWith("/") ? spec.issuer.replace(/\/+$/, "") : `${spec.issuer}/`;
    addProblem(context, ["issuer"], {
      expected: `an issuer of ${preset.title} such as ${example}`,
      received: describeReceived(spec.issuer, []),
      ...(pattern.test(slashed) ? { fix: `write ${slashed}` } : {}),
    });
  }
  for (const [position, scope] of (spec.scopes ?? []).entries()) {
    refuse(preset, "scope", scope, ["scopes", position], context);
  }
  if (typeof spec.groups === "object") {
    if (preset.groups === null) {
      addProblem(context, ["groups"], { expected: `none: tokens of ${preset.title} carry no groups`, received: "a mapping", fix: instead });
    } else if (spec.groups.claim !== undefined) {
      refuse(preset, "claim", spec.groups.claim, ["groups", "claim"], context);
    }
  }
}

function refuse(
  preset: Preset,
  setting: "scope" | "claim",
  value: string,
  path: (string | number)[],
  context: z.core.$RefinementCtx,
): void {
  const refusal = preset.refuses.find((one) => one.setting === setting && one.name.test(value));
  if (refusal !== undefined) {
    addProblem(context, path, {
      expected: `a ${setting} that ${preset.title} has`,
      received: `${describeReceived(value, [])}: ${refusal.reason}`,
    });
  }
}

/** Two people with one value would hold each other's grants. */
export function checkPeople(people: Readonly<Record<string, string>>, context: z.core.$RefinementCtx): void {
  const holders = new Map<string, string>();
  for (const [login, value] of Object.entries(people)) {
    const earlier = holders.get(value);
    holders.set(value, login);
    if (earlier !== undefined) {
      addProblem(context, ["people", login], {
        expected: `a value of the person's own; it is that of '${earlier}'`,
        received: describeReceived(value, []),
      });
    }
  }
}
