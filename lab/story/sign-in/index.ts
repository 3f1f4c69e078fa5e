/**
 * People signing in: through headless Chromium where it is installed, through a plain HTTP client that follows the same pages otherwise.
 *
 * The sign-in page has the fields `username` and `password` and a button with the id `sign-in`, or `kc-login` in Keycloak.
 */
import { findChromium } from "../../machine/toolchain/chromium";
import { browserDriver } from "./browser-driver";
import { httpDriver } from "./http-driver";
import type { Credentials, Driver, Outcome } from "./outcome";
import type { Route } from "./transport";

export { CookieJar, type Cookie } from "./cookies";
export type { Credentials, Driver, Outcome, Refused, SignedIn } from "./outcome";
export { fetchThrough, send, type Answer, type HostMap, type Route } from "./transport";
export { personSession, type PersonSession } from "./person-session";

export interface DriverOptions extends Route {
  /** Path of a Chromium; `false`: the plain HTTP client. Left out: what `findChromium` of the toolchain finds, if anything. */
  readonly browser?: string | false;
}

/** A driver for several sign-ins; the browser starts at the first and must be closed. */
export async function openDriver(options: DriverOptions): Promise<Driver> {
  const browser = options.browser ?? (await findChromium());
  return browser ? browserDriver(options, browser) : httpDriver(options);
}

/** One sign-in with a driver of its own. */
export async function signIn(options: DriverOptions & Credentials): Promise<Outcome> {
  const driver = await openDriver(options);
  try {
    return await driver.signIn(options);
  } finally {
    await driver.close();
  }
}
