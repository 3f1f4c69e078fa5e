import * as pulumi from "@pulumi/pulumi";
import { dayOf, parseEnvironment, type EnvironmentDocument, type EnvironmentInput } from "../../model";
import { componentScope } from "../scope";
import { inPlainWords, makeEnvironment } from "./make";

/** The typed description of one environment: the same keys, defaults and refusals as in a stack file. */
export interface EnvironmentArgs extends EnvironmentInput {
  /** Name for people, in labels at the identity provider and in the document. @default the component's name */
  readonly displayName?: string;
}

/**
 * An environment as one component: the app registrations, groups and secrets at the identity provider, the platforms' installations,
 * and the bindings of every grant. Several stand beside each other in one program, each with the providers of its options.
 */
export class Environment extends pulumi.ComponentResource {
  /** The environment document: who may do what, through which group, until when. What `gatehouse` reads. No secrets. */
  public readonly document: pulumi.Output<EnvironmentDocument>;

  /**
   * @throws pulumi.RunError with every problem of the description, before anything is created
   */
  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    const today = dayOf(new Date());
    const { displayName = name, ...description } = args;
    const described = inPlainWords(() => parseEnvironment(description, today));
    super("gatehouse:index:Environment", name, {}, opts);
    const made = makeEnvironment(() => described, { scope: componentScope(name, this), stack: displayName, today });
    this.document = pulumi.output(made).document;
    this.registerOutputs({ document: this.document });
  }
}
