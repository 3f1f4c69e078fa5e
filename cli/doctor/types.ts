import type { EnvironmentDocument } from "../../model";
import type { ClusterGet } from "../cluster";
import type { Io } from "../io";

/** What is looked at, in the order of the output. */
export const checkNames = {
  discovery: "The issuer's discovery document can be reached, and names the issuer byte for byte.",
  tls: "The certificate chain of the issuer and of the platform's address holds, and for how many days.",
  redirect: "The identity provider sends people back to the redirect that the platform sends.",
  clock: "The clocks of this machine, the issuer and the API server agree.",
  secret: "The client secret has not ended, and for how many days.",
  review: "The reviews of the grants are held, where the stack asks for them.",
  chart: "The installed chart's version is one whose contract was read.",
  kubernetes: "The cluster's version is one whose sources were read.",
  roles: "The roles that the environment binds are there.",
  bindings: "The bindings are as declared.",
  operator: "The Stacks of a Pulumi operator in the cluster are not stalled.",
} as const;
export type CheckName = keyof typeof checkNames;

/** One line of the answer. */
export interface DoctorLine {
  readonly check: CheckName;
  /** `unknown`: it could not be looked at. */
  readonly state: "ok" | "warning" | "fault" | "unknown";
  /** `k10`, `https://issuer.example.com`, `RoleBinding shop/x` */
  readonly what: string;
  readonly found: string;
  /** Null exactly when the state is ok. */
  readonly fix: string | null;
}

export interface Patient {
  readonly document: EnvironmentDocument;
  readonly io: Io;
  /** Undefined where no cluster is to be looked at. */
  readonly get: ClusterGet | undefined;
}

export function line(check: CheckName, state: DoctorLine["state"], what: string, found: string, fix: string | null = null): DoctorLine {
  return { check, state, what, found, fix };
}

/** Days left, with what they mean: none is a fault, few are a warning. */
export function untilEnd(check: CheckName, what: string, end: Date, now: Date, few: number, fix: string): DoctorLine {
  const left = Math.floor((end.getTime() - now.getTime()) / 86_400_000);
  const day = end.toISOString().slice(0, 10);
  return left < 0
    ? line(check, "fault", what, `ended on ${day}`, fix)
    : line(check, left < few ? "warning" : "ok", what, `${left} days left, until ${day}`, left < few ? fix : null);
}
