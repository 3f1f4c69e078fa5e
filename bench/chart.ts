import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { projectFolder } from "../lab/story/session";
import type { BenchPlatform } from "./cases";

const chartFolder = join(projectFolder, "lab", "story", "charts", "k10");

/** The lab's chart as it is: one release of it fits into a cluster. */
export function wholeChart(): BenchPlatform["chart"] {
  return { path: chartFolder, version: versionOf(chartFolder) };
}

/**
 * A copy of the lab's chart that several namespaces of one cluster can hold: K10's service accounts have cluster roles of fixed
 * names, and its aggregated APIs exist once. Both sides of a comparison install the same copy.
 */
export function repeatableChart(target: string): BenchPlatform["chart"] {
  cpSync(chartFolder, target, { recursive: true });
  rmSync(join(target, "templates", "services-rbac.yaml"));
  const values = join(target, "values.yaml");
  const document = parseDocument(readFileSync(values, "utf8"));
  document.setIn(["apiservices", "deployed"], false);
  writeFileSync(values, document.toString());
  return { path: target, version: versionOf(target) };
}

function versionOf(folder: string): string {
  return (parse(readFileSync(join(folder, "Chart.yaml"), "utf8")) as { version: string }).version;
}
