/**
 * `gatehouse doctor`: whether what an environment needs is there and will stay so: issuer, certificates, redirects, clocks, secrets, versions,
 * roles, bindings, the operator. A line for each, with the fix; nothing is changed anywhere, and nobody is signed in.
 */
import { compareText, dayOf, missedReviews, textLines } from "../../model";
import { defineCommand } from "../command";
import type { ExitName } from "../exit-codes";
import { loadDocument, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption } from "../options";
import { rbacOptions } from "../rbac/sources";
import { chartLines, clusterLines } from "./cluster";
import { identityProviderLines, secretLines } from "./identity-provider";
import { checkNames, line, type DoctorLine, type Patient } from "./types";
import { outputText } from "../outputs";

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Whether all is there that sign-in needs: issuer, certificates, redirects, clocks, secrets, versions, roles, bindings.",
  arguments: {},
  options: { ...documentOptions, kubeconfig: rbacOptions.kubeconfig, context: rbacOptions.context, json: jsonOption("lines") },
  run: doctor,
});

interface DoctorInput extends DocumentSource {
  readonly kubeconfig?: string | true;
  readonly context?: string;
  readonly json: boolean;
}

async function doctor({ kubeconfig, context, json, ...source }: DoctorInput, io: Io): Promise<ExitName> {
  const document = await loadDocument(source, io);
  const wanted = kubeconfig !== undefined || context !== undefined;
  const get = wanted ? await io.openCluster(kubeconfig === true ? undefined : kubeconfig, context) : undefined;
  const patient = { document, io, get };
  const order = Object.keys(checkNames);
  const lines = [
    ...(await identityProviderLines(patient)),
    ...secretLines(patient),
    ...reviewLines(patient),
    ...chartLines(patient),
    ...(await clusterLines(patient)),
  ].sort((left, right) => order.indexOf(left.check) - order.indexOf(right.check));
  const faults = lines.filter(({ state }) => state === "fault").length;
  io.stdout(
    json
      ? outputText("doctor", { stack: document.stack, healthy: faults === 0, lines })
      : textLines(wordsOf(document.stack, lines, faults)),
  );
  return faults > 0 ? "refused" : "ok";
}

/** One line for each review that was missed; one for all where none was, and some are asked for. */
function reviewLines({ document, io }: Patient): DoctorLine[] {
  const asked = document.access.flatMap(({ review }) => review ?? []);
  const missed = missedReviews(document, dayOf(io.now()));
  const next = asked.flatMap(({ due }) => due ?? []).sort(compareText)[0];
  return missed.length === 0 && next !== undefined
    ? [line("review", "ok", "the grants", `every review was held; the next is due by ${next}`)]
    : missed.map(({ grant, sentence, fix }) => line("review", "warning", grant, sentence, fix));
}

function wordsOf(stack: string, lines: readonly DoctorLine[], faults: number): string[] {
  const open = lines.filter(({ state }) => state === "unknown").length;
  return [
    ...lines.flatMap(({ check, state, what, found, fix }) => [
      `${state.padEnd("warning".length)}  ${check.padEnd("kubernetes".length)}  ${what}: ${found}`,
      ...(fix === null ? [] : [`${" ".repeat("warning".length + "kubernetes".length + 4)}Fix: ${fix}`]),
    ]),
    `${stack}: ${faults === 0 ? "nothing is wrong" : `${faults} ${faults === 1 ? "thing is" : "things are"} wrong`}${open === 0 ? "" : `, ${open} not looked at`}.`,
  ];
}
