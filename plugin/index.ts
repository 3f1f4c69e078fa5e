/**
 * The component plugin: what `pulumi package add` starts, so that YAML, Python and Go use the same components. Pulumi's Node.js
 * host calls what this module exports. It holds no component of its own, and nothing imports it.
 *
 * The schema is the committed schema.json. Pulumi's own host would infer one from the TypeScript sources at each start; an
 * installed package has none, and the inferred one lacks defaults and secrets.
 */
import { main } from "@pulumi/pulumi/provider";
import { componentPlugin } from "./provider";

export = () => main(componentPlugin, process.argv.slice(2));
