import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

/**
 * While the tests of this file run, a function of a module of Node.js is another, also for code that has imported it by its name. The
 * module is given as its default export, which is the object that `require` gives.
 */
export function inPlaceOf<M extends object, K extends keyof M>(module: M, name: K, instead: (actual: M[K]) => M[K]): void {
  const actual = module[name];
  const set = (value: M[K]): void => {
    module[name] = value;
    syncBuiltinESMExports();
  };
  beforeAll(() => set(instead(actual)));
  afterAll(() => set(actual));
}

/** Pauses end at once in the tests of this file: what is waited for elsewhere (charts of OpenUnison, replicas of Entra ID) is there already. */
export function withoutPauses(): void {
  inPlaceOf(timers, "setTimeout", () => ((_: number, value: unknown) => Promise.resolve(value)) as typeof timers.setTimeout);
}
