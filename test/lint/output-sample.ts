import * as pulumi from "@pulumi/pulumi";

/** Stands in tsconfig.json beside it, so that the rules which need types can be tried without a program of the whole project. */
export const greeting = (name: pulumi.Output<string>): pulumi.Output<string> => pulumi.interpolate`Hello ${name}`;
