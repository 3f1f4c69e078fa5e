import { isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/**
 * A path that a stack wrote, as this process and the providers see it: both are started in the folder of the program (`main` of
 * Pulumi.yaml), and a path starts at Pulumi.yaml, as `gatehouse:from` and `gatehouse validate` read it. It stays relative: what stands in
 * the state is the same on every machine.
 */
export function fromProjectFolder(path: string): string {
  const project = pulumi.runtime.getRootDirectory();
  const here = process.cwd();
  return isAbsolute(path) || !isAbsolute(project) || project === here ? path : relative(here, join(project, path)) || ".";
}
